import { checkRoom } from '../reading/room.ts'

const blockFloats = 1 << 20

/** Rows of numbers, all of one width, in memory that grows without being copied. */
export class RowStore {
  readonly width: number
  readonly #place: string
  readonly #blockRows: number
  #blocks: Float32Array[] = []
  #count = 0

  /** `place`: what errors call the file. */
  constructor(width: number, place: string) {
    this.width = width
    this.#place = place
    this.#blockRows = Math.max(1, Math.floor(blockFloats / Math.max(1, width)))
  }

  get count(): number {
    return this.#count
  }

  /** Throws DataError when there is no room for it. */
  push(row: Float32Array): void {
    const at = this.#count % this.#blockRows
    if (at === 0) {
      // What comes of them needs as much again.
      checkRoom(this.#count, 2 * this.width, this.#place)
      this.#blocks.push(new Float32Array(this.#blockRows * this.width))
    }
    this.#blocks.at(-1)!.set(row, at * this.width)
    this.#count++
  }

  /** Shows every row: the block that it is in, and where it begins there. */
  each(see: (block: Float32Array, from: number, row: number) => void): void {
    for (let row = 0; row < this.#count; row++)
      see(this.#blocks[Math.floor(row / this.#blockRows)]!, (row % this.#blockRows) * this.width, row)
  }

  /** The same for the last time: what was seen is given back as it goes. */
  drain(see: (block: Float32Array, from: number, row: number) => void): void {
    for (let index = 0; index < this.#blocks.length; index++) {
      const block = this.#blocks[index]!
      const first = index * this.#blockRows
      const rows = Math.min(this.#blockRows, this.#count - first)
      for (let row = 0; row < rows; row++) see(block, row * this.width, first + row)
      this.#blocks[index] = new Float32Array(0)
    }
    this.#blocks = []
    this.#count = 0
  }
}
