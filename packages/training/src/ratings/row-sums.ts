/** What one user wants of the rows of a model: sums in which only rows that it speaks about are looked at. */
export class RowSums {
  readonly width: number
  readonly values: Float64Array
  readonly #touched: Int32Array
  readonly #known: Uint8Array
  #count = 0

  constructor(rows: number, width: number) {
    this.width = width
    this.values = new Float64Array(rows * width)
    this.#touched = new Int32Array(rows)
    this.#known = new Uint8Array(rows)
  }

  /** Where the row begins; it is spoken about from now on. */
  at(row: number): number {
    if (this.#known[row] === 0) {
      this.#known[row] = 1
      this.#touched[this.#count++] = row
    }
    return row * this.width
  }

  /** Adds the rows of a model that are spoken about, times `weight`: each once, however often it was spoken about. */
  hold(model: Float32Array, weight: number): void {
    for (let each = 0; each < this.#count; each++) {
      const start = this.#touched[each]! * this.width
      for (let at = start; at < start + this.width; at++) this.values[at]! += weight * model[at]!
    }
  }

  /** Adds the rows, each scaled down to the norm `clip` at most, and begins anew. */
  moveTo(sums: Float64Array, clip: number | undefined): void {
    for (let each = 0; each < this.#count; each++) {
      const row = this.#touched[each]!
      const [start, end] = [row * this.width, (row + 1) * this.width]
      let square = 0
      if (clip !== undefined) for (let at = start; at < end; at++) square += this.values[at]! * this.values[at]!
      const scale = clip !== undefined && square > clip * clip ? clip / Math.sqrt(square) : 1
      for (let at = start; at < end; at++) {
        sums[at]! += scale * this.values[at]!
        this.values[at] = 0
      }
      this.#known[row] = 0
    }
    this.#count = 0
  }
}
