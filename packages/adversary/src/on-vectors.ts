import { isSparse, type SparseUpdate, type Update } from '@hearsay/aggregation'

/**
 * What an attack, which knows vectors, makes of updates. Of those of rows it is given the rows that its liar knows of (any that
 * an honest update speaks about or, without any, its own), one after the other in one vector each, with zeros where an update
 * says nothing; and what it gives is said about all these rows. So the liar speaks wherever anybody does, and nowhere else; and an attack
 * that tries the rule tries it on these vectors, as if silence were zero.
 */
export function onVectors(
  own: Update,
  honest: readonly Update[],
  attack: (own: Float32Array, honest: readonly Float32Array[]) => Float32Array,
): Update {
  if (!isSparse(own)) return attack(own, honest as readonly Float32Array[])
  const updates = honest as readonly SparseUpdate[]
  const known = updates.length > 0 ? updates : [own]
  const rows = Uint32Array.from(new Set(known.flatMap((update) => [...update.rows]))).sort()
  const speaking = known.find((update) => update.rows.length > 0)
  if (speaking === undefined) return own
  const width = speaking.values.length / speaking.rows.length
  const places = new Map([...rows].map((row, at) => [row, at]))
  const vectorOf = (update: SparseUpdate): Float32Array => {
    const vector = new Float32Array(rows.length * width)
    for (const [at, row] of update.rows.entries()) {
      const place = places.get(row)
      if (place !== undefined) vector.set(update.values.subarray(at * width, (at + 1) * width), place * width)
    }
    return vector
  }
  return { rows, values: attack(vectorOf(own), updates.map(vectorOf)) }
}

/**
 * The same of an attack on items, which is given its own update as a vector of `length` numbers, zeros where it says nothing. What it
 * gives is said about the rows of its own update, and about those that are not zero.
 */
export function onWholeModel(
  own: Update,
  { length, width }: { readonly length: number; readonly width: number },
  attack: (own: Float32Array) => Float32Array,
): Update {
  if (!isSparse(own)) return attack(own)
  const whole = new Float32Array(length)
  const spoken = new Set(own.rows)
  for (const [at, row] of own.rows.entries()) whole.set(own.values.subarray(at * width, (at + 1) * width), row * width)
  const sent = attack(whole)
  const said = (row: number): boolean =>
    spoken.has(row) || sent.subarray(row * width, (row + 1) * width).some((value) => value !== 0)
  const rows = Uint32Array.from({ length: length / width }, (_, row) => row).filter(said)
  const values = new Float32Array(rows.length * width)
  for (const [at, row] of rows.entries()) values.set(sent.subarray(row * width, (row + 1) * width), at * width)
  return { rows, values }
}
