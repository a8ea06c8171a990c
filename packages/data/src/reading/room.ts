import { badData } from '../format/data-error.ts'

/** Room for rows of so many numbers, all 0. Throws DataError when there is no memory for it. */
export function roomFor(rows: number, width: number, place: string): Float32Array<ArrayBuffer> {
  try {
    return new Float32Array(rows * width)
  } catch (cause) {
    const problem = `${rows} rows of ${width} numbers do not fit into memory`
    throw badData(place, `${problem}; take fewer rows, columns or categories, or smaller pictures`, { cause })
  }
}
