/** How gradients are judged: options of asynchronous agreement, of either variant. */
export interface Filters {
  /** By what a candidate's change of gradient is divided; `none` leaves the filter out. */
  readonly lipschitz: 'usual' | 'own-models' | 'literal' | 'none'
  /** Of how many of its last coefficients a worker's greatest counts; 1 is the latest. */
  readonly memory: number
  readonly frequency: 'strict' | 'per-worker' | 'none'
  readonly dampening: 'inverse' | 'exponential' | 'none'
  /** Of the exponential: exp(−alpha · staleness). */
  readonly alpha: number
  /** Whether a gradient passes the Lipschitz filter after as many refusals in a row as there are peers, as in public code. */
  readonly escape: boolean
}

export interface Asynchronous extends Filters {
  readonly variant: 'each-for-itself' | 'ordered'
  /** Rounds of the rule of the network before gradients are judged one by one; 0 for none. */
  readonly bootstrap: number
  /** What passes is applied times this, besides its dampening. */
  readonly step: number
  /** Where each judges for itself: after so many rounds peers take in how far others are off; 0 for never (mixing.ts). */
  readonly mixEvery: number
  /** In an agreed order: a gradient of a model that is older by more epochs is too late. */
  readonly remembered: number
}

/** The one stage in which gradients are announced: a digest, and as a word the digest of the model it was computed on. */
export const gradientStage = 0

/** So many gradients of an author are taken in a round, and so many a peer makes in it. */
export const mostInRound = 2
