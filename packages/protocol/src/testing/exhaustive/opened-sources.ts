/**
 * The sources of the state machines as they ship, but with their private fields open, so that an exploration can copy
 * a machine in the middle of a run and tell whether two of them are in one state. Nothing else in them is changed,
 * unless a mutant is asked for.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** One replacement of text that is in the file exactly once. */
export interface Replacement {
  readonly file: string
  readonly from: string
  readonly to: string
}

export interface Opened {
  readonly peerSet: typeof import('../../peer-set.ts')
  readonly quorums: typeof import('../../quorums.ts')
  readonly broadcast: typeof import('../../reliable-broadcast.ts')
  readonly agreement: typeof import('../../binary-agreement.ts')
}

/** A private field as the opened sources call it. */
export type Private<Name extends string> = `private_${Name}`

export async function openSources(mutant?: Replacement): Promise<Opened> {
  const folder = mkdtempSync(join(tmpdir(), 'hearsay-explore-'))
  try {
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
    const files = ['quorums.ts', 'reliable-broadcast.ts', 'binary-agreement.ts']
    for (const file of files) {
      const text = readFileSync(join(import.meta.dirname, '..', '..', file), 'utf8')
      writeFileSync(join(folder, file), mutated(text, file, mutant).replace(/#([a-z]\w*)/gi, 'private_$1'))
      for (const [, imported = ''] of text.matchAll(/^import (?!type ).* from '\.\/(.+)'$/gm))
        if (!files.includes(imported)) files.push(imported)
    }
    const load = (file: string): Promise<unknown> => import(pathToFileURL(join(folder, file)).href)
    return {
      peerSet: (await load('peer-set.ts')) as Opened['peerSet'],
      quorums: (await load('quorums.ts')) as Opened['quorums'],
      broadcast: (await load('reliable-broadcast.ts')) as Opened['broadcast'],
      agreement: (await load('binary-agreement.ts')) as Opened['agreement'],
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function mutated(text: string, file: string, mutant: Replacement | undefined): string {
  if (mutant?.file !== file) return text
  const parts = text.split(mutant.from)
  if (parts.length !== 2) throw new Error(`the text of a mutant is ${parts.length - 1} times in ${file}, not once`)
  return parts.join(mutant.to)
}
