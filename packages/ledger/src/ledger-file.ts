/** A file of certificates, each after its length (4 bytes, little-endian), that anybody may have written. */
import { closeSync, fstatSync, openSync } from 'node:fs'
import { readAll } from './files.ts'

/**
 * The certificates in a file, encoded and unchecked, one at a time: no more than one is in memory, and none of more than
 * `mostBytes`. Gives the reason as text, and ends, where the file is no longer a file of certificates.
 */
export function* readLedgerFile(path: string, mostBytes: number): Generator<Uint8Array | string> {
  const file = openSync(path, 'r')
  try {
    const { size } = fstatSync(file)
    for (let at = 0; at < size; ) {
      if (at + 4 > size) return yield 'the file ends in the middle of a certificate'
      const length = new DataView(readAll(file, at, 4).buffer).getUint32(0, true)
      if (length > mostBytes) return yield `a certificate of ${length} bytes, where at most ${mostBytes} can be`
      if (at + 4 + length > size) return yield 'the file ends in the middle of a certificate'
      yield readAll(file, at + 4, length)
      at += 4 + length
    }
  } finally {
    closeSync(file)
  }
}
