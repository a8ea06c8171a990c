import { fstatSync, writeFileSync } from 'node:fs'

/**
 * Where a standard stream is a file, Node writes what the system takes of a piece and forgets the rest, as on a disk that
 * is nearly full: from now on all of it is written, or the stream has an error.
 */
export function writeWholly(stream: NodeJS.WriteStream, descriptor: number): void {
  if (!isFile(descriptor)) return
  const write = (piece: string | Uint8Array, ...rest: readonly unknown[]): boolean => {
    try {
      writeFileSync(descriptor, piece)
    } catch (error) {
      stream.emit('error', error)
      return false
    }
    const done = rest.find((each) => typeof each === 'function') as (() => void) | undefined
    if (done !== undefined) process.nextTick(done)
    return true
  }
  stream.write = write as typeof stream.write
}

function isFile(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isFile()
  } catch {
    // It is closed.
    return false
  }
}
