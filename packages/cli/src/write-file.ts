import { closeSync, openSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'

/**
 * Writes a file in pieces. Where the system refuses one, what was there before stays: it is written beside it first. What is
 * no file (a device, a pipe) gets the pieces as they come.
 */
export function writeFile(file: string, pieces: Iterable<Uint8Array | string>): void {
  const found = statSync(file, { throwIfNoEntry: false })
  if (found !== undefined && !found.isFile()) {
    writeInto(file, pieces)
    return
  }
  // A link stays one, and what it leads to keeps its rights.
  const target = found === undefined ? file : realpathSync(file)
  const temporary = `${target}.${process.pid}.tmp`
  try {
    writeInto(temporary, pieces, found?.mode)
    renameSync(temporary, target)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

function writeInto(file: string, pieces: Iterable<Uint8Array | string>, mode?: number): void {
  const descriptor = openSync(file, 'w', mode)
  try {
    // Of a part that the system takes, the rest is given again, so that a full disk is an error.
    for (const piece of pieces) writeFileSync(descriptor, piece)
  } finally {
    closeSync(descriptor)
  }
}
