import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { createGunzip } from 'node:zlib'
import { badData, DataError } from '../format/data-error.ts'
import type { DataContext } from '../format/format.ts'

const pieceBytes = 1 << 20

/** Where a file of a specification is, as errors call it too. */
export function placeOf(path: string, { base }: DataContext): string {
  return isAbsolute(path) ? path : join(base, path)
}

/** Bytes of a file. Throws DataError `data-missing` when it is not there or none. */
export async function fileSize(file: string): Promise<number> {
  const found = await statusOf(file)
  if (found.isFile()) return found.size
  const what = found.isDirectory() ? 'is a folder' : 'is no file'
  throw new DataError('data-missing', `${file}: ${what}; name a file.`)
}

async function statusOf(file: string) {
  try {
    return await stat(file)
  } catch (cause) {
    throw unreadable(file, cause)
  }
}

/** The bytes of a file in pieces, decompressed where its name ends in .gz. */
export async function* piecesOf(file: string, { turn, signal }: DataContext): AsyncGenerator<Buffer> {
  const stream = createReadStream(file, { highWaterMark: pieceBytes })
  const source = file.endsWith('.gz') ? stream.pipe(createGunzip({ chunkSize: pieceBytes })) : stream
  stream.once('error', (error) => source.destroy(error))
  try {
    for await (const piece of source) {
      signal?.throwIfAborted()
      await turn?.()
      yield piece as Buffer
    }
  } catch (error) {
    throw readingError(file, error)
  } finally {
    stream.destroy()
    source.destroy()
  }
}

/** What the system or zlib throws, as ours; anything else as it is. */
function readingError(file: string, error: unknown): unknown {
  const { code } = error as { code?: unknown }
  if (typeof code !== 'string' || error instanceof DataError) return error
  if (code.startsWith('Z_')) return badData(file, `it cannot be decompressed (${code}); get the file again`)
  return code.startsWith('E') && !code.startsWith('ERR_') ? unreadable(file, error) : error
}

function unreadable(file: string, cause: unknown): DataError {
  const { code, message } = cause as NodeJS.ErrnoException
  // With its remedy; to others, whose cause is told, whoever tells them adds one.
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new DataError('data-missing', `${file}: there is no such file; correct the path.`)
  return new DataError('data-missing', `${file}: ${message}.`, { cause })
}
