import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { TrainingError } from '../../task/training-error.ts'
import type { Dataset, Samples } from './dataset.ts'

/** IDX is the format of MNIST: a magic number with type and rank, big-endian sizes, then the bytes (LeCun et al.). */

const side = 28
const classes = 10
// The largest file of MNIST is 47 MB; a gzip bomb ends here.
const bytesAtMost = 64 * 1024 * 1024

/** Reads the four files of MNIST, `.gz` or not, from a folder; throws `data-missing` or `bad-data`. */
export async function readMnist(folder: string): Promise<Dataset> {
  return {
    shape: [side, side],
    classes,
    train: await readSamples(folder, 'train'),
    test: await readSamples(folder, 't10k'),
  }
}

async function readSamples(folder: string, prefix: string): Promise<Samples> {
  const images = await readIdx(folder, `${prefix}-images-idx3-ubyte`, 3)
  const labels = await readIdx(folder, `${prefix}-labels-idx1-ubyte`, 1)
  const [count, height, width] = images.shape
  if (height !== side || width !== side) {
    throw invalid(images.path, `pictures are ${height} × ${width} pixels, expected ${side} × ${side}`)
  }
  if (count !== labels.shape[0]) {
    throw invalid(images.path, `${count} pictures, but ${labels.shape[0]} labels in ${labels.path}`)
  }
  if (count === 0) throw invalid(images.path, 'no pictures')
  const wrong = labels.bytes.findIndex((label) => label >= classes)
  if (wrong >= 0) throw invalid(labels.path, `label ${wrong} is ${labels.bytes[wrong]}, expected 0 to ${classes - 1}`)
  return { images: images.bytes, labels: labels.bytes }
}

interface Idx {
  path: string
  shape: number[]
  bytes: Uint8Array
}

async function readIdx(folder: string, name: string, rank: number): Promise<Idx> {
  const path = await find(folder, name)
  const content = path.endsWith('.gz') ? await decompress(path) : await readFile(path)
  const headerBytes = 4 + 4 * rank
  if (content.length < headerBytes) throw invalid(path, `${content.length} bytes, too short for a header`)
  const magic = content.readUInt32BE(0)
  const expected = 0x0800 + rank
  if (magic !== expected) {
    const digits = (value: number) => `0x${value.toString(16).padStart(8, '0')}`
    throw invalid(path, `starts with ${digits(magic)}, expected ${digits(expected)} (bytes in ${rank} dimensions)`)
  }
  const shape = Array.from({ length: rank }, (_, axis) => content.readUInt32BE(4 + 4 * axis))
  const sizeBytes = headerBytes + shape.reduce((size, length) => size * length, 1)
  if (content.length !== sizeBytes) {
    throw invalid(path, `${content.length} bytes, but its header [${shape}] asks for ${sizeBytes}`)
  }
  return { path, shape, bytes: content.subarray(headerBytes) }
}

async function find(folder: string, name: string): Promise<string> {
  for (const path of [join(folder, name), join(folder, `${name}.gz`)]) {
    const found = await stat(path).catch(() => undefined)
    if (!found?.isFile()) continue
    if (found.size > bytesAtMost) throw invalid(path, `${found.size} bytes, at most ${bytesAtMost} are read`)
    return path
  }
  const remedy = 'get them with: hearsay data fetch mnist, and this folder as --to'
  throw new TrainingError('data-missing', `neither ${name} nor ${name}.gz is in ${folder}; ${remedy}`)
}

async function decompress(path: string): Promise<Buffer> {
  try {
    return await promisify(gunzip)(await readFile(path), { maxOutputLength: bytesAtMost })
  } catch (cause) {
    throw invalid(path, `cannot be decompressed (${cause instanceof Error ? cause.message : cause})`, { cause })
  }
}

function invalid(path: string, problem: string, options?: ErrorOptions): TrainingError {
  return new TrainingError('bad-data', `${path}: ${problem}; get the file again`, options)
}
