import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { unzipSync } from 'fflate'
import { badData } from '../format/data-error.ts'

/** What is taken out of an archive: names in it to names in the folder, and the bytes at most of each. */
export interface Unpacking {
  readonly archive: string
  readonly members: ReadonlyMap<string, string>
  readonly bytesMost: number
}

/** Takes files out of a ZIP archive in the same folder. No other name is written. Throws DataError `bad-data`. */
export async function unzip(folder: string, { archive, members, bytesMost }: Unpacking): Promise<void> {
  const path = join(folder, archive)
  const packed = await readFile(path)
  const missing = new Set(members.keys())
  // One after the other, so that no more than one is in memory.
  for (const [member, name] of members) {
    const filter = ({ name: found, originalSize }: { name: string; originalSize: number }): boolean => {
      if (found === member && originalSize > bytesMost) throw tooLarge(path, member, bytesMost)
      return found === member
    }
    const content = unzipped(path, () => unzipSync(packed, { filter })[member])
    if (content === undefined) continue
    missing.delete(member)
    await placeWhole(join(folder, name), (part) => writeFile(part, content))
  }
  checkAll(path, missing)
}

function unzipped<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (cause) {
    if ((cause as { name?: unknown }).name === 'DataError') throw cause
    throw badData(path, `it cannot be unpacked (${(cause as Error).message}); get the file again`, { cause })
  }
}

/** The same of a gzipped tape archive, as it is read. */
export async function untar(folder: string, { archive, members, bytesMost }: Unpacking): Promise<void> {
  const path = join(folder, archive)
  const missing = new Set(members.keys())
  // Only here: few who read data ever unpack any.
  const { extract } = await import('tar-stream')
  const entries = extract()
  const reading = pipeline(createReadStream(path), createGunzip(), entries)
  const taking = (async () => {
    for await (const entry of entries) {
      const name = missing.delete(entry.header.name) ? members.get(entry.header.name) : undefined
      if (name === undefined) entry.resume()
      else if (entry.header.size === undefined || entry.header.size > bytesMost)
        throw tooLarge(path, entry.header.name, bytesMost)
      else await placeWhole(join(folder, name), (part) => pipeline(entry, createWriteStream(part)))
    }
  })()
  try {
    await Promise.all([reading, taking])
  } catch (cause) {
    const { name, code } = cause as NodeJS.ErrnoException
    // What our own disk refuses is no fault of the archive.
    if (name === 'DataError' || (code?.startsWith('E') && !code.startsWith('ERR_'))) throw cause
    throw badData(path, `it cannot be unpacked (${(cause as Error).message}); get the file again`, { cause })
  }
  checkAll(path, missing)
}

function tooLarge(path: string, member: string, bytesMost: number) {
  return badData(path, `${member} in it is larger than ${bytesMost} bytes; get the file again`)
}

function checkAll(path: string, missing: ReadonlySet<string>): void {
  for (const member of missing) throw badData(path, `${member} is not in it; get the file again`)
}

/** Writes beside the place first, so that what is there is whole. */
export async function placeWhole(path: string, write: (part: string) => Promise<void>): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const part = `${path}.part`
  await write(part)
  await rename(part, path)
}
