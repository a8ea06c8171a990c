/** Vectors in files and standard streams, `-` or nothing being the stream. */

import { once } from 'node:events'
import { accessSync, closeSync, constants, openSync, readSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Workspace } from '@hearsay/aggregation'
import { encodeNpy, readNpy, tuple } from '@hearsay/data/npy'
import { CommandError } from './command-error.ts'
import { writeFile } from './write-file.ts'

/** A piece of a file. */
const chunkBytes = 1 << 20

/**
 * Reads n vectors of length d, an n × d array, as they come, into the workspace that `make` makes. It gets n and d before
 * anything is read and may throw.
 */
export async function readVectors<B extends ArrayBufferLike>(
  file: string | undefined,
  make: (rows: number, length: number) => Workspace<B>,
): Promise<Workspace<B>> {
  let workspace: Workspace<B> | undefined
  await read(file, (shape) => {
    const [rows = 0, length = 0] = shape
    if (shape.length !== 2) {
      throw new CommandError(
        `${nameOf(file)} has the shape ${tuple(shape)}; n vectors of length d are an array of shape (n, d): ` +
          'save x.reshape(n, -1).',
      )
    }
    const made = make(rows, length)
    workspace = made
    return (row) => made.vector(row)
  })
  return workspace!
}

/** Reads one vector, an array of shape (d,) or (1, d). */
export async function readVector(file: string): Promise<Float32Array<ArrayBuffer>> {
  let vector: Float32Array<ArrayBuffer> | undefined
  await read(file, (shape) => {
    const length = shape.at(-1) ?? 0
    if (shape.length > 2 || (shape.length === 2 && shape[0] !== 1) || length > 2 ** 30) {
      throw new CommandError(`${nameOf(file)} has the shape ${tuple(shape)}; one vector has the shape (d,).`)
    }
    const made = new Float32Array(length)
    vector = made
    return () => made
  })
  return vector!
}

/** Writes an array of float32, row by row. Everything was read before: the file may be the one that was read. */
export async function writeArray(
  file: string | undefined,
  shape: readonly number[],
  rows: Iterable<Float32Array>,
): Promise<void> {
  if (isFile(file)) return writeFile(file, encodeNpy(shape, rows))
  for (const piece of encodeNpy(shape, rows)) if (!process.stdout.write(piece)) await once(process.stdout, 'drain')
}

/** Throws before any work when the result would be written to a terminal, or cannot be written where it should. */
export function checkOutput(file: string | undefined): void {
  if (!isFile(file)) {
    if (!process.stdout.isTTY) return
    throw new CommandError('The result is binary, and standard output is a terminal: name a file, such as out.npy.')
  }
  const found = statSync(file, { throwIfNoEntry: false })
  if (found?.isDirectory()) {
    throw new CommandError(`${file} is a folder: name a file in it, such as ${join(file, 'out.npy')}.`)
  }
  const folder = dirname(file)
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new CommandError(`${file}: there is no folder ${folder}: make it first.`)
  }
  accessSync(found === undefined ? folder : file, constants.W_OK)
  // It is written beside what is there.
  if (found?.isFile()) accessSync(folder, constants.W_OK)
}

/** Throws when more than one of the files is standard input, which can be read once. */
export function checkInputs(files: readonly (string | undefined)[]): void {
  if (files.filter((file) => !isFile(file)).length > 1) {
    throw new CommandError('Standard input can be one of the inputs only: name files for the others.')
  }
}

function isFile(file: string | undefined): file is string {
  return file !== undefined && file !== '-'
}

function nameOf(file: string | undefined): string {
  return isFile(file) ? file : 'standard input'
}

async function read(
  file: string | undefined,
  place: (shape: readonly number[]) => (row: number) => Float32Array,
): Promise<void> {
  const name = nameOf(file)
  if (!isFile(file)) {
    if (process.stdin.isTTY) throw new CommandError('Standard input is a terminal: name a file, or pipe one in.')
    await readNpy(process.stdin, { name, place })
    return
  }
  const found = statSync(file, { throwIfNoEntry: false })
  if (found === undefined) throw new CommandError(`${file}: there is no such file.`)
  if (found.isDirectory()) throw new CommandError(`${file} is a folder; vectors are in a .npy file.`)
  const sizeBytes = found.isFile() ? { sizeBytes: found.size } : {}
  await readNpy(piecesOf(file), { name, place, ...sizeBytes })
}

/** All in one piece of memory, which would otherwise pile up as fast as a file can be read. */
function* piecesOf(file: string): Generator<Uint8Array> {
  const piece = new Uint8Array(chunkBytes)
  const descriptor = openSync(file, 'r')
  try {
    for (;;) {
      const size = readSync(descriptor, piece)
      if (size === 0) return
      yield piece.subarray(0, size)
    }
  } finally {
    closeSync(descriptor)
  }
}
