/**
 * Whether the state in a peer's folder is what this peer left there. Nothing in a state itself tells: one that was put back
 * from a copy is as sound as it was then. So every start leaves a mark, a number drawn anew, in the state and beside it, with
 * what trains and which file the ledger is (its inode, which a copy does not share). What does not fit is doubted, and the
 * peer keeps vigil before it speaks (packages/protocol/src/shell/vigil.ts). When all of a disk is put back to what it was, nothing
 * here shows it; the peer then still asks what others heard of it.
 */
import { randomBytes } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { placeNames, replaceFile, storageFailed } from '@hearsay/ledger'
import type { Memory } from '@hearsay/protocol'
import { z } from 'zod'

export interface Recollection {
  readonly memory: Extract<Memory, 'kept' | 'lost'>
  /** Why it may have said what it does not know of. */
  readonly why?: string
}

const markSchema = z.object({ start: z.string(), engine: z.string(), ledger: z.string() })
type Mark = z.output<typeof markSchema>

const markName = 'last-start.json'
const placesOf = (home: string): string[] => [join(home, 'state', markName), join(home, markName)]

/** What the folder of a peer tells of its last start, before anything is changed in it. `engine` is what trains now. */
export function recollect(home: string, engine: string): Recollection {
  const ledger = ledgerOf(home)
  if (ledger === undefined) return { memory: 'lost', why: 'it has no state yet, or its state was moved away' }
  const [inside, beside] = placesOf(home).map(readMark)
  if (inside === undefined || inside.start !== beside?.start || inside.ledger !== ledger)
    return {
      memory: 'lost',
      why: 'its state is not as it left it: it was put back from a copy, or moved to another disk',
    }
  if (inside.engine !== engine)
    return { memory: 'lost', why: `${inside.engine} trained before, and ${engine} does now, which gives other updates` }
  return { memory: 'kept' }
}

/** Marks a start, once the state is open. Throws PeerError `storage-failed`. */
export function markStart(home: string, engine: string): void {
  const mark: Mark = { start: randomBytes(16).toString('hex'), engine, ledger: ledgerOf(home) ?? '' }
  // A crash between the two leaves marks that differ: a vigil that was not needed.
  try {
    for (const path of placesOf(home)) replaceFile(path, new TextEncoder().encode(`${JSON.stringify(mark)}\n`))
  } catch (error) {
    throw storageFailed(home, error)
  }
}

function ledgerOf(home: string): string | undefined {
  const path = join(home, 'state', placeNames.ledger)
  return statSync(path, { bigint: true, throwIfNoEntry: false })?.ino.toString()
}

function readMark(path: string): Mark | undefined {
  try {
    return markSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return undefined
  }
}
