import { totalmem } from 'node:os'
import { badData } from '../format/data-error.ts'

const bytesOfNumber = 4

/** Room for rows of so many numbers, all 0. Throws DataError when there is no memory for it. */
export function roomFor(rows: number, width: number, place: string): Float32Array<ArrayBuffer> {
  checkRoom(rows, width, place)
  try {
    return new Float32Array(rows * width)
  } catch (cause) {
    throw noRoom(rows, width, place, cause)
  }
}

/** Throws DataError when rows of so many numbers are more than this machine's memory, of which the system may promise more. */
export function checkRoom(rows: number, width: number, place: string, memoryBytes = totalmem()): void {
  if (rows * width * bytesOfNumber > memoryBytes) throw noRoom(rows, width, place)
}

function noRoom(rows: number, width: number, place: string, cause?: unknown) {
  const problem = `${rows} rows of ${width} numbers do not fit into memory`
  return badData(place, `${problem}; take fewer rows, columns or categories, or smaller pictures`, { cause })
}
