/** Writes that survive a crash, and files of lines that are a length (4 bytes, little-endian) and so many bytes. */
import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'

/** All of it: the system may write less than it is given, most of all when the disk is nearly full. */
export function writeAll(file: number, bytes: Uint8Array, at?: number): void {
  for (let done = 0; done < bytes.length; )
    done += writeSync(file, bytes, done, bytes.length - done, at === undefined ? null : at + done)
}

/** Appends all of it to an open file or, when the system refuses a part, nothing. */
export function appendWhole(file: number, bytes: Uint8Array): void {
  const { size } = fstatSync(file)
  try {
    writeAll(file, bytes)
  } catch (error) {
    ftruncateSync(file, size)
    throw error
  }
}

export function readAll(file: number, at: number, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length)
  for (let done = 0; done < length; ) {
    const count = readSync(file, bytes, done, length - done, at + done)
    if (count === 0) throw new Error(`a file ends ${length - done} bytes early`)
    done += count
  }
  return bytes
}

/** The file has the new content, or, after a crash at any moment, what it had before. */
export function replaceFile(path: string, bytes: Uint8Array, mode = 0o666): void {
  const part = `${path}.part`
  try {
    const file = openSync(part, 'w', mode)
    try {
      writeAll(file, bytes)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(part, path)
  } catch (error) {
    // On a full disk, half a file is in the way of others.
    rmSync(part, { force: true })
    throw error
  }
  syncFolder(dirname(path))
}

/** The folder, and those around it that are not there yet. */
export function makeFolder(path: string): void {
  const first = mkdirSync(path, { recursive: true })
  if (first === undefined) return
  let made = resolve(path)
  for (; made !== resolve(first); made = dirname(made)) syncFolder(dirname(made))
  syncFolder(dirname(made))
}

/**
 * The same beside the event loop, which waits for no disk: written as `part`, of the same folder, and then renamed. When it
 * is to be safe, file and name outlive a crash that comes after.
 */
export async function placeFile(path: string, part: string, bytes: Uint8Array, safe: boolean): Promise<void> {
  const file = await open(part, 'w')
  try {
    await file.writeFile(bytes)
    if (safe) await file.sync()
  } finally {
    await file.close()
  }
  await rename(part, path)
  if (!safe || process.platform === 'win32') return
  const folder = await open(dirname(path), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** New names in a folder are safe once the folder is. */
export function syncFolder(path: string): void {
  // Windows does not open folders, and needs no such thing.
  if (process.platform === 'win32') return
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

export function frame(bytes: Uint8Array): Uint8Array {
  const framed = new Uint8Array(4 + bytes.length)
  new DataView(framed.buffer).setUint32(0, bytes.length, true)
  framed.set(bytes, 4)
  return framed
}

/** The whole lines of a file; one that is cut off is left out. */
export function* framesOf(content: Uint8Array): Generator<{ offset: number; bytes: Uint8Array; end: number }> {
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength)
  for (let offset = 0; offset + 4 <= content.length; ) {
    const end = offset + 4 + view.getUint32(offset, true)
    if (end > content.length) return
    // A copy: what is decoded from it must not keep the whole file.
    yield { offset, bytes: new Uint8Array(content.subarray(offset + 4, end)), end }
    offset = end
  }
}

/** The same of an open file of `size` bytes, one line at a time in memory; of one longer than `most` what shows that it is. */
export function* framesIn(
  file: number,
  size: number,
  most: number,
): Generator<{ offset: number; bytes: Uint8Array; end: number }> {
  for (let offset = 0; offset + 4 <= size; ) {
    const length = new DataView(readAll(file, offset, 4).buffer).getUint32(0, true)
    const end = offset + 4 + length
    if (end > size) return
    yield { offset, bytes: readAll(file, offset + 4, Math.min(length, most + 1)), end }
    offset = end
  }
}

/** Whether an open file of so many bytes has nothing but zeros from there on. */
export function endsInZeros(file: number, from: number, size: number): boolean {
  const zeros = new Uint8Array(1024 * 1024)
  for (let at = from; at < size; at += zeros.length) {
    const block = readAll(file, at, Math.min(zeros.length, size - at))
    if (Buffer.compare(block, zeros.subarray(0, block.length)) !== 0) return false
  }
  return true
}
