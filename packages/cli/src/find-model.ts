import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type { ModelFile } from '@hearsay/training/files'
import { CommandError } from './command-error.ts'
import { loadExtensionsOf } from './genesis-extensions.ts'
import { learningSchemas } from './genesis-task.ts'
import { version } from './version.ts'

/** Of a peer's folder: names and shapes of the tensors of its model, and its layers. */
export const describedName = 'tensors.json'

/** Which job of a run. */
export interface Place {
  readonly cell?: number
  readonly seed?: number
}

export interface FoundModel {
  readonly model: ModelFile
  /** For a file that is made of it. */
  readonly name: string
  /** The folder that paths of its modules stand against. */
  readonly base: string
}

/** The model of a run's job, the newest of a peer, or that of a file. Throws CommandError when it is not clear which. */
export async function findModel(from: string, { cell, seed }: Place): Promise<FoundModel> {
  const stat = statSync(from, { throwIfNoEntry: false })
  if (stat === undefined) throw new CommandError(`${from}: there is no such file or folder`)
  if (existsSync(join(from, 'genesis.yaml'))) return ofPeer(from)
  const { readModel } = await import('@hearsay/training/files')
  if (stat.isFile()) return { model: readModel(from), name: nameOf(from), base: dirname(from) }
  const models = join(from, 'models')
  if (!existsSync(models))
    throw new CommandError(
      `${from}: no model is in it. Give the folder of a run or of a peer, or a file of safetensors`,
    )
  const files = readdirSync(models).filter((name) => name.endsWith('.safetensors'))
  const wanted = files.filter((name) => {
    const [, atCell, ofSeed] = /^cell-(\d+)-seed-(\d+)\./.exec(name) ?? []
    return (cell === undefined || Number(atCell) === cell) && (seed === undefined || Number(ofSeed) === seed)
  })
  const [only, other] = wanted
  if (only === undefined) throw new CommandError(`${models}: no such cell or seed; there are ${listed(files)}`)
  if (other !== undefined)
    throw new CommandError(`${from}: several models are in it, ${listed(wanted)}: choose one by --cell and --seed`)
  return { model: readModel(join(models, only)), name: nameOf(only), base: baseOf(from) }
}

function nameOf(file: string): string {
  return basename(file).replace(/\.safetensors$/, '')
}

/** Of a run: that of its scenario. */
function baseOf(run: string): string {
  const file = join(run, 'manifest.json')
  const { base = '' } = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { base?: string }) : {}
  return resolve(realpathSync(run), base)
}

function listed(files: readonly string[]): string {
  const names = files.map(nameOf).sort(new Intl.Collator('en', { numeric: true }).compare)
  return names.length <= 6 ? names.join(', ') : `${names.slice(0, 5).join(', ')}, … ${names.at(-1)}`
}

async function ofPeer(folder: string): Promise<FoundModel> {
  const { newestModel, readHome } = await import('@hearsay/home')
  const { describedModel } = await import('@hearsay/training/files')
  const { genesis } = await readHome(folder, learningSchemas(await loadExtensionsOf(join(folder, 'genesis.yaml'))))
  const { round, model: digest, network, vector } = newestModel(folder)
  // What a peer alone says of its task, where its data are, is nobody else's.
  const known = { version, name: genesis.name ?? basename(folder), round, digest, network, task: { ...genesis.task } }
  const own = genesis.extensions?.map((each) => ({ file: each.file, sha256: { ...each.sha256 } }))
  const about = { ...known, ...(own && { extensions: own }) }
  const model = describedModel(join(folder, describedName), vector, about)
  return { model, name: basename(folder), base: resolve(folder) }
}
