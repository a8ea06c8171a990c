import { readFile } from 'node:fs/promises'
import { type UnzipFileInfo, unzipSync } from 'fflate'
import { badData } from '../format/data-error.ts'
import type { DataContext } from '../format/format.ts'
import { fileSize } from '../reading/files.ts'
import type { Numbers } from '../reading/pairs.ts'
import { numbersOf } from './npy-file.ts'

const mostBytes = 2 ** 31 - 1
/** Deflate makes a byte of at most 1032. */
const mostRatio = 1032

/** A .npz: a zip of .npy files. */
export interface Npz {
  names(): Iterable<string>
  has(name: string): boolean
  /** Throws DataError. */
  read(name: string): Promise<Numbers>
}

/** Reads a .npz, and what is in it when that is asked for. Throws DataError. */
export async function readNpz(file: string, { signal }: DataContext): Promise<Npz> {
  const sizeBytes = await fileSize(file)
  if (sizeBytes > mostBytes) throw badData(file, `${sizeBytes} bytes, at most ${mostBytes} are read; take .npy files`)
  const zip = await readFile(file, { signal })
  const entries = new Map<string, UnzipFileInfo>()
  unzip((entry) => {
    if (entry.name.endsWith('.npy')) entries.set(entry.name.slice(0, -'.npy'.length), entry)
    return false
  })
  return {
    names: () => entries.keys(),
    has: (name) => entries.has(name),
    async read(name) {
      const entry = entries.get(name)
      const place = `${file}: array ${name}`
      if (entry === undefined)
        throw badData(place, `there is none; its arrays are ${[...entries.keys()].slice(0, 12).join(', ')}`)
      const { size, originalSize } = entry
      if (originalSize > mostBytes || originalSize > mostRatio * (size + 1))
        throw badData(place, `${size} bytes say that they are ${originalSize}, which is too much; get the file again`)
      const bytes = unzip((each) => each.name === entry.name)[entry.name]
      if (bytes === undefined) throw badData(place, 'it cannot be decompressed; get the file again')
      return numbersOf(`${file}:${name}.npy`, bytes.length, [bytes])
    },
  }

  function unzip(filter: (entry: UnzipFileInfo) => boolean) {
    try {
      return unzipSync(zip, { filter })
    } catch (error) {
      throw badData(file, `it is no .npz (${(error as Error).message}); write it with numpy.savez`, { cause: error })
    }
  }
}
