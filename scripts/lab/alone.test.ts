// @hearsay/aggregation and the attacks of @hearsay/adversary are libraries: they work where nothing else is installed.
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createContext, runInContext } from 'node:vm'
import { Worker } from 'node:worker_threads'
import { Workspace } from '@hearsay/aggregation'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>
}

/** What is installed with a room, the rooms that it needs included. */
function dependenciesOf(room: string): string[] {
  const text = readFileSync(join(root, 'packages', room, 'package.json'), 'utf8')
  const { dependencies = {} } = JSON.parse(text) as Manifest
  const rooms = Object.keys(dependencies).filter((name) => name.startsWith('@hearsay/'))
  const inner = rooms.flatMap((name) => dependenciesOf(name.slice('@hearsay/'.length)))
  return [...new Set([...Object.keys(dependencies), ...inner])].sort()
}

test('no libp2p and no TensorFlow.js comes with them', () => {
  expect(dependenciesOf('aggregation')).toEqual(['@hearsay/catalogue', 'pure-rand'])
  expect(dependenciesOf('adversary')).toEqual([
    '@hearsay/aggregation',
    '@hearsay/catalogue',
    '@hearsay/protocol',
    'protons-runtime',
    'pure-rand',
    'uint8arraylist',
    'uint8arrays',
  ])
})

const program = `
const vectors = [[1, 2, 3], [4, 5, 6], [7, 8, 9]].map((vector) => Float32Array.from(vector))
const spec = { rule: 'geometric-median', tolerated: 1, before: ['nnm'] }
const results = [
  aggregateVectors({ rule: 'trimmed-mean', tolerated: 1 }, vectors),
  aggregateVectors({ rule: 'krum', tolerated: 1, neighbours: 'n-f-1' }, vectors),
  aggregateVectors(spec, vectors),
].map((vector) => [...vector])
`

const expected = [[4, 5, 6], expect.any(Array), expect.any(Array)]

test('in Node: a copy of the sources, in a folder where nothing else is installed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hearsay-alone-'))
  cpSync(join(root, 'packages/aggregation/src'), join(folder, 'aggregation'), { recursive: true })
  for (const part of ['src', 'package.json'])
    cpSync(join(root, 'packages/catalogue', part), join(folder, 'catalogue', part), { recursive: true })
  mkdirSync(join(folder, 'node_modules/@hearsay'), { recursive: true })
  symlinkSync(join(folder, 'catalogue'), join(folder, 'node_modules/@hearsay/catalogue'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  const main = join(folder, 'main.ts')
  const text = `import { aggregateVectors } from './aggregation/index.ts'\n${program}\nconsole.log(JSON.stringify(results))`
  writeFileSync(main, text)
  expect(JSON.parse(execFileSync(process.execPath, [main], { encoding: 'utf8' }))).toEqual(expected)
  rmSync(folder, { recursive: true })
})

interface Bundler {
  build(options: object): Promise<{ output: Chunk[] } | { output: Chunk[] }[]>
}

interface Chunk {
  readonly code: string
  readonly imports: readonly string[]
}

/** One script for a browser, by the bundler that runs these tests. */
async function bundle(entry: string, name: string): Promise<Chunk> {
  const within = createRequire(createRequire(import.meta.url).resolve('vitest/package.json'))
  const { build } = (await import(pathToFileURL(within.resolve('vite')).href)) as Bundler
  const lib = { entry: join(root, entry), formats: ['iife'], name }
  const built = await build({ configFile: false, logLevel: 'error', build: { write: false, minify: false, lib } })
  const { output } = [built].flat()[0]!
  expect(output).toHaveLength(1)
  return output[0]!
}

/** A global object with what every browser has beside the language, and nothing of Node. */
function browser(): ReturnType<typeof createContext> {
  return createContext({ atob })
}

test('in a browser: one script, with nothing of Node', async () => {
  const { code, imports } = await bundle('packages/aggregation/src/index.ts', 'aggregation')
  expect(imports).toEqual([])
  // What the bundler puts in place of a module of Node.
  expect(code.includes('__vite-browser-external')).toBe(false)
  const script = `${code}\nconst { aggregateVectors } = aggregation\n${program}\nJSON.stringify(results)`
  expect(JSON.parse(runInContext(script, browser()))).toEqual(expected)
})

test('in a browser: a worker that helps a workspace, with nothing of Node', async () => {
  const { code, imports } = await bundle('packages/aggregation/src/worker.ts', 'worker')
  expect(imports).toEqual([])
  expect(code.includes('__vite-browser-external')).toBe(false)
  // What a browser's worker has and Node's lacks.
  const self = "const { parentPort } = require('node:worker_threads')\nconst self = {};\n"
  const listen = "parentPort.once('message', (data) => self.onmessage({ data }))\nparentPort.postMessage('listening')"
  const worker = new Worker(`${self}${code};\n${listen}`, { eval: true })
  // Rejects when the script throws.
  await once(worker, 'message')
  const workspace = new Workspace<SharedArrayBuffer>({ rows: 2, length: 2 ** 20, workers: [worker] })
  workspace.vector(0).fill(1)
  workspace.vector(1).fill(2)
  expect(workspace.mean([0, 1])!.every((value) => value === 1.5)).toBe(true)
  await worker.terminate()
})

test('in a browser: attacks on updates, searched against a rule', async () => {
  const { code, imports } = await bundle('packages/adversary/src/updates/index.ts', 'adversary')
  expect(imports).toEqual([])
  // What the bundler puts in place of a module of Node.
  expect(code.includes('__vite-browser-external')).toBe(false)
  const script = `${code}
    const honest = [1, 3].map((value) => Float32Array.of(value))
    const attack = adversary.createAttack('optimal-inner-product')
    const rule = { rule: 'mean', tolerated: 1 }
    const random = { uniform: () => 0 }
    attack({ own: honest[0], honest, n: 3, f: 1, rule, random, round: 1, memory: new Map() })[0]`
  expect(runInContext(script, browser())).toBe(-(2 ** 20))
})
