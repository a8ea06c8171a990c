type Numbers = Float32Array | Int32Array | Uint8Array

/** A copy of the rows with these indices, of `size` numbers each. */
export function rowsOf<Values extends Numbers>(values: Values, order: Int32Array, size: number): Values {
  const rows = new (values.constructor as new (length: number) => Values)(order.length * size)
  for (let to = 0; to < order.length; to++) {
    const from = order[to]! * size
    rows.set(values.subarray(from, from + size), to * size)
  }
  return rows
}
