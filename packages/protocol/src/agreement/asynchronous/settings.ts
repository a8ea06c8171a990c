/** How gradients are judged: options of asynchronous agreement, of either variant. */
export interface Filters {
  /** By what a candidate's change of gradient is divided; `none` leaves the filter out. */
  readonly lipschitz: 'own-models' | 'literal' | 'none'
  /** Of how many of its last coefficients a worker's greatest counts; 1 is the latest. */
  readonly memory: number
  readonly frequency: 'strict' | 'per-worker' | 'none'
  readonly dampening: 'inverse' | 'exponential' | 'none'
  /** Of the exponential: exp(−alpha · staleness). */
  readonly alpha: number
  /** Whether a gradient passes the Lipschitz filter after as many refusals in a row as there are peers, as in public code. */
  readonly escape: boolean
}
