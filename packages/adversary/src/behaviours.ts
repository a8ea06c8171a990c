import type { Adversary } from './adversary.ts'
import { equivocate } from './equivocate.ts'
import { gaussian } from './gaussian.ts'
import { signFlip } from './sign-flip.ts'
import { silent } from './silent.ts'
import { splitBrain } from './split-brain.ts'

/** A behaviour as data, as scenarios name it. */
export type Behaviour =
  | { readonly behaviour: 'sign-flip'; readonly scale: number }
  | { readonly behaviour: 'gaussian'; readonly deviation: number }
  | { readonly behaviour: 'silent' }
  | { readonly behaviour: 'equivocate' }
  | { readonly behaviour: 'split-brain' }

/** The adversary of one liar; `seed` is its own. */
export function createAdversary(behaviour: Behaviour, seed: number): Adversary {
  switch (behaviour.behaviour) {
    case 'sign-flip':
      return signFlip(behaviour)
    case 'gaussian':
      return gaussian({ deviation: behaviour.deviation, seed })
    case 'silent':
      return silent()
    case 'equivocate':
      return equivocate()
    case 'split-brain':
      return splitBrain()
  }
}
