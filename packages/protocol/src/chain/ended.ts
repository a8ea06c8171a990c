import type { Digest } from '../words/digest.ts'
import type { Certificate } from './checkpoint.ts'

/** What a round ended with, for one peer: what it goes on from when it starts again. */
export interface Ended {
  /** From 1. */
  readonly round: number
  /** The model after it. */
  readonly model: Digest
  /** What that was aggregated onto, where no certificates tell. */
  readonly before?: Digest
  /** Exact agreement: what shows it to anybody. */
  readonly certificate?: Certificate
}

export function endedBy(certificate: Certificate): Ended {
  const { round, model } = certificate.checkpoint
  return { round, model, certificate }
}
