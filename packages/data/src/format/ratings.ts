/** Who rated what, when: indices into `users` and `items`. */
export interface RatingsPart {
  readonly user: Int32Array
  readonly item: Int32Array
  readonly rating: Float32Array
  /** As the file has it, such as seconds since 1970; all 0 without a column of times. */
  readonly time: Float64Array
}

export interface Ratings {
  readonly users: readonly string[]
  readonly items: readonly string[]
  readonly train: RatingsPart
  readonly test: RatingsPart
}
