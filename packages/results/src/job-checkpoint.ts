/**
 * Where a job goes on that was cut off: `checkpoint-<round>` in its folder, of the newest two rounds that it had one of.
 *
 *   32 bytes  SHA-256 of the rest
 *   the rest  how long each other file was, and what the job goes on with, as Node's structured clone writes it
 *
 * Files of a job only grow, so what is before that length is what was there. Whoever goes on copies it to a folder of its own, as the
 * one who was at it may be at it still.
 */
import { createHash } from 'node:crypto'
import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import { writeWhole, writing } from './write-whole.ts'

const checkpointsKept = 2
const pattern = /^checkpoint-(\d+)$/
/** Of each folder its own. */
const own: ReadonlySet<string> = new Set(['job.json', 'worker.json'])
const digestBytes = 32

interface Checkpoint {
  /** By path in the folder, in bytes. */
  readonly sizes: readonly (readonly [path: string, size: number])[]
  readonly state: unknown
}

/** Keeps what a job goes on with after this round. Throws RunError `write-failed`. */
export function keepCheckpoint(folder: string, round: number, state: unknown): void {
  const sizes = filesIn(folder).map((path) => [path, flushedSize(join(folder, path))] as const)
  const content = serialize({ sizes, state } satisfies Checkpoint)
  writeWhole(join(folder, `checkpoint-${round}`), Buffer.concat([sha256(content), content]))
  for (const old of checkpointsIn(folder).slice(checkpointsKept)) remove(folder, old)
}

export function removeCheckpoints(folder: string): void {
  for (const round of checkpointsIn(folder)) remove(folder, round)
}

/**
 * Puts into `folder` what was there at the newest whole checkpoint of any of `others`, and gives what the job goes on with; nothing where
 * there is none. What is torn, or lacks any of its files, is passed over. Throws RunError `write-failed`.
 */
export function takeCheckpoint(folder: string, others: readonly string[]): unknown {
  const found = others.flatMap((other) => checkpointsIn(other).map((round) => ({ other, round })))
  for (const { other, round } of found.sort((a, b) => b.round - a.round)) {
    const checkpoint = wholeCheckpoint(other, round)
    if (checkpoint === undefined) continue
    for (const [path, size] of checkpoint.sizes) copyStart(join(other, path), join(folder, path), size)
    return checkpoint.state
  }
  return undefined
}

function wholeCheckpoint(folder: string, round: number): Checkpoint | undefined {
  try {
    const bytes = readFileSync(join(folder, `checkpoint-${round}`))
    const content = bytes.subarray(digestBytes)
    if (!sha256(content).equals(bytes.subarray(0, digestBytes))) return undefined
    const checkpoint = deserialize(content) as Checkpoint
    // Of files of this folder alone: a folder may have been made by anybody.
    const there = new Set(filesIn(folder))
    const isWhole = checkpoint.sizes.every(
      ([path, size]) => there.has(path) && statSync(join(folder, path)).size >= size,
    )
    return isWhole ? checkpoint : undefined
  } catch {
    return undefined
  }
}

/** Rounds, newest first. */
function checkpointsIn(folder: string): number[] {
  const names = existsSync(folder) ? readdirSync(folder) : []
  return names.flatMap((name) => pattern.exec(name)?.slice(1).map(Number) ?? []).sort((a, b) => b - a)
}

function remove(folder: string, round: number): void {
  const path = join(folder, `checkpoint-${round}`)
  writing(path, () => rmSync(path, { force: true }))
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !pattern.test(entry.name) && !own.has(entry.name))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort()
}

/** How long a file is, once all of it is on the disk. */
function flushedSize(path: string): number {
  return writing(path, () => {
    const file = openSync(path, 'r+')
    try {
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    return statSync(path).size
  })
}

function copyStart(from: string, to: string, size: number): void {
  writing(to, () => {
    mkdirSync(dirname(to), { recursive: true })
    copyFileSync(from, to)
    truncateSync(to, size)
  })
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest()
}
