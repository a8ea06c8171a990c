/**
 * How much closer honest peers come in one round of averaging agreement: the largest distance between honest results by
 * the largest between honest inputs (the diameter), at worst, from n peers of which f lie.
 *
 * Each argument compares, of two honest peers A and B, what entered both averages. Liars may be told apart by receiver
 * (plain sends), or not (reliable broadcast); a peer may miss f honest values when it waits for n−f only.
 *
 * - trimmed mean, synchronous, `f/(n−2f)`: of n values at most f differ between A and B. The n−2f middle places hold values
 *   among the honest ones, and replacing f values moves what is there by at most f places: f values leave at one end and
 *   f come at the other, at most the diameter D apart. A value that did not come is taken to be the peer's own, which is
 *   one more lie that could have been told.
 * - RB-TM, `f/(n−2f)`: values are the same for all, and of A and B one has at most f that the other has not.
 * - trimmed mean, asynchronous, `2f/(n−3f)`: of n−f values f may be lies and f heard by one of the two only, so 2f may
 *   differ; n−3f places.
 * - minimum diameter averaging, asynchronous, `4f/(n−2f)`: both choose n−2f of n−f, within D of one another, since the
 *   honest ones among them are such a choice. At least n−5f honest values are in both choices. Of the 3f others, f may be
 *   lies, each within D of a shared value and so within 2D of the other's, and 2f are honest, within D: 4fD in sum.
 * - the same, synchronous, `3f/(n−f)`: both choose n−f of n, and share n−3f honest values; f lies at 2D, f honest at D.
 * - nearest-neighbour averaging, `4f/(n−f)` synchronous (keep n−f of n) and `5f/(n−2f)` asynchronous (keep n−2f of n−f):
 *   fits to an adversarial search, with no proof here.
 *
 * Coordinate by coordinate for trimmed means, in Euclidean distance for the others.
 */
import type { Averaging } from './settings.ts'

export interface Contraction {
  /** The largest ratio of diameters after and before a round; at least 1 when nothing is promised. */
  readonly ratio: number
  /** The ratio is below 1 iff n > least · f. */
  readonly least: number
  readonly formula: string
}

export function contractionOf(
  { method, mode }: Pick<Averaging, 'method' | 'mode'>,
  peers: number,
  tolerated: number,
): Contraction {
  const row = rows[method === 'rb-tm' ? method : (`${method}, ${mode}` as const)]
  const [numerator, denominator] = [row.lies * tolerated, peers - row.less * tolerated]
  return {
    ratio: denominator > 0 ? numerator / denominator : Number.POSITIVE_INFINITY,
    least: row.lies + row.less,
    formula: `${row.lies === 1 ? '' : row.lies}f/(n − ${row.less === 1 ? '' : row.less}f)`,
  }
}

/** `lies` · f / (n − `less` · f), which is below 1 iff n > (lies + less) · f. */
const rows = {
  'rb-tm': { lies: 1, less: 2 },
  'trimmed-mean, synchronous': { lies: 1, less: 2 },
  'trimmed-mean, asynchronous': { lies: 2, less: 3 },
  'mda, synchronous': { lies: 3, less: 1 },
  'mda, asynchronous': { lies: 4, less: 2 },
  'nna, synchronous': { lies: 4, less: 1 },
  'nna, asynchronous': { lies: 5, less: 2 },
} as const
