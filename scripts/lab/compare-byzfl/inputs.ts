/** What the rows of an input look like. */
export type Family = 'golden' | 'random' | 'small' | 'outliers' | 'hidden' | 'grid' | 'equal' | 'huge' | 'non-finite'

export const familyTexts: Readonly<Record<Family, string>> = {
  golden: 'the 3 × 3 example of the reference page',
  random: 'independent numbers, normal to a good approximation',
  small: 'as random, 50 times smaller: distances on both sides of the smoothing of the geometric median',
  outliers: 'honest rows around one point; f rows far away, half of them alike',
  hidden: 'honest rows around one point; f equal rows 1.5 standard deviations off their mean, as of little-is-enough',
  grid: 'integers from -2 to 2: ties everywhere',
  equal: 'all rows the same',
  huge: 'as outliers, with numbers up to 1e30: their squares overflow float32',
  'non-finite': 'as random, with one row of NaN and infinities: ours must be what ByzFL gives without it, with f - 1',
}

export interface Input {
  readonly family: Family
  readonly n: number
  readonly f: number
  readonly d: number
  /** n × d, row by row. */
  readonly numbers: Float32Array<ArrayBuffer>
}

export type Sizes = readonly [n: number, f: number, d: number]

/** Up to 25 rows and above it, where PyTorch computes distances in another way; d on and off blocks of 16. */
const allSizes: readonly Sizes[] = [
  [5, 1, 16],
  [7, 2, 33],
  [8, 2, 200],
  [11, 3, 64],
  [16, 5, 257],
  [16, 3, 1000],
  [32, 10, 100],
]

const bytes = 2 ** 32

/** mulberry32 by Tommy Ettinger: numbers from 0 to 1, without 1. */
export function uniform(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let bits = Math.imul(state ^ (state >>> 15), 1 | state)
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits
    return ((bits ^ (bits >>> 14)) >>> 0) / bytes
  }
}

/** Mean 0, variance 1, normal enough: the sum of twelve uniform numbers. */
function nearlyNormal(next: () => number): number {
  let sum = -6
  for (let k = 0; k < 12; k++) sum += next()
  return sum
}

/** All inputs, the same in every run: `golden`, and every other family at every size where it makes sense. */
export function makeInputs(sizes: readonly Sizes[] = allSizes): Input[] {
  const golden: Input = { family: 'golden', n: 3, f: 1, d: 3, numbers: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9) }
  const families = Object.keys(familyTexts).filter((family) => family !== 'golden') as Family[]
  let seed = 1
  return [golden, ...sizes.flatMap((size) => families.map((family) => makeInput(family, size, seed++)))]
}

function makeInput(family: Family, [n, f, d]: Sizes, seed: number): Input {
  const next = uniform(seed)
  const normal = () => nearlyNormal(next)
  const numbers = Float32Array.from({ length: n * d }, normal)
  const row = (index: number) => numbers.subarray(index * d, (index + 1) * d)
  const first = row(0).slice()
  const byzantine = Array.from({ length: f }, (_, k) => n - 1 - k)
  if (family === 'small') numbers.set(numbers.map((value) => value / 50))
  if (family === 'grid') numbers.set(numbers.map(() => Math.floor(next() * 5) - 2))
  if (family === 'equal') for (let i = 1; i < n; i++) row(i).set(first)
  if (family === 'outliers' || family === 'huge') {
    addTo(numbers, first)
    const far = first.map(() => normal() * (family === 'huge' ? 1e29 : 1e4))
    for (const i of byzantine) row(i).set(i % 2 === 0 ? far : first.map(() => normal() * (i % 3 === 0 ? 1e6 : 100)))
  }
  if (family === 'hidden') {
    addTo(numbers, first)
    const shift = first.map((value) => value + 1.5)
    for (const i of byzantine) row(i).set(shift)
  }
  // Not the last row, so that what is left out is in the middle.
  if (family === 'non-finite') row(1).set(first.map((_, at) => [Number.NaN, 1 / 0, -1 / 0][at % 3]!))
  return { family, n, f, d, numbers }
}

/** Without the rows that have NaN or infinities; f is one less for each. */
export function finitePart({ family, n, f, d, numbers }: Input): Input {
  const rows = rowsOf({ n, d, numbers }).filter((row) => row.every(Number.isFinite))
  const kept = new Float32Array(rows.length * d)
  for (const [i, row] of rows.entries()) kept.set(row, i * d)
  return { family, n: rows.length, f: f - (n - rows.length), d, numbers: kept }
}

export function rowsOf({ n, d, numbers }: Pick<Input, 'n' | 'd' | 'numbers'>): Float32Array<ArrayBuffer>[] {
  return Array.from({ length: n }, (_, i) => numbers.subarray(i * d, (i + 1) * d))
}

function addTo(numbers: Float32Array, centre: Float32Array): void {
  for (const [at, value] of numbers.entries()) numbers[at] = 0.1 * value + centre[at % centre.length]!
}
