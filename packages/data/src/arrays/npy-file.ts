import { DataError } from '../format/data-error.ts'
import type { DataContext } from '../format/format.ts'
import { fileSize, piecesOf } from '../reading/files.ts'
import type { Numbers } from '../reading/pairs.ts'
import { roomFor } from '../reading/room.ts'
import { NpyError, readNpy } from './npy.ts'

/** The array of a .npy file, as float32. Throws DataError. */
export async function readNpyFile(file: string, context: DataContext): Promise<Numbers> {
  const sizeBytes = await fileSize(file)
  return numbersOf(file, sizeBytes, piecesOf(file, context))
}

/** The same of pieces of so many bytes altogether. */
export async function numbersOf(
  file: string,
  sizeBytes: number,
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<Numbers> {
  let values: Float32Array = new Float32Array(0)
  const place = (shape: readonly number[]) => {
    const width = shape.at(-1)!
    const count = shape.reduce((product, length) => product * length, 1)
    values = roomFor(count, 1, file)
    return (row: number) => values.subarray(row * width, (row + 1) * width)
  }
  try {
    const { shape } = await readNpy(pieces, { name: file, sizeBytes, place })
    return { file, shape, values }
  } catch (error) {
    if (error instanceof NpyError) throw new DataError('bad-data', error.message, { cause: error })
    throw error
  }
}
