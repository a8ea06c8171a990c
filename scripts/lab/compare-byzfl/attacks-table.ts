import { attacks, createAttack } from '@hearsay/adversary/updates'
import type { ByzflCall } from './byzfl.ts'
import type { Comparison } from './compare.ts'

interface Line {
  readonly name: string
  readonly options?: Readonly<Record<string, unknown>>
  /** ByzFL's, or why they are not comparable. */
  readonly byzfl: ByzflCall | string
  readonly remarks?: readonly string[]
}

/** Attacks that ByzFL has too. Their inputs are taken as the honest vectors. */
const lines: readonly Line[] = [
  {
    name: 'sign-flip',
    options: { of: 'mean' },
    byzfl: { class: 'SignFlipping', arguments: {} },
    remarks: ['our default flips the own update; ByzFL, and this comparison, the honest mean'],
  },
  { name: 'inner-product', options: { tau: 2 }, byzfl: { class: 'InnerProductManipulation', arguments: { tau: 2 } } },
  {
    name: 'little-is-enough',
    options: { z: 1.5 },
    byzfl: { class: 'ALittleIsEnough', arguments: { tau: 1.5 } },
    remarks: ['our default computes z from n and f, as the paper does; ByzFL, and this comparison, z = 1.5'],
  },
  {
    name: 'optimal-inner-product',
    byzfl: 'ByzFL searches otherwise: from 0 in steps of 10, ours from 0.1 and 2 by factors',
  },
  { name: 'optimal-little-is-enough', byzfl: 'ByzFL searches otherwise: from 0 in steps of 10, ours by factors' },
  { name: 'mimic', byzfl: 'ByzFL copies the row that it is told to; ours finds the one that the paper means' },
  { name: 'gaussian', byzfl: 'random in both' },
  { name: 'non-finite', byzfl: 'ByzFL sends infinities, as ours can: no difference to measure' },
]

/** What a liar of an attack that looks at the honest vectors only is told besides. */
const alone = {
  rule: { rule: 'mean', tolerated: 1 } as const,
  random: {
    uniform(): number {
      throw new Error('an attack that is compared must not draw')
    },
  },
  round: 1,
}

export const attackComparisons = (): Comparison[] =>
  lines.map(({ name, options, byzfl, remarks = [] }) => {
    const head = { name, kind: 'attack' as const, remarks }
    if (!attacks.has(name)) return { ...head, absent: 'not here yet' }
    if (typeof byzfl === 'string') return { ...head, absent: byzfl }
    const forge = createAttack(attacks.find(name), options)
    return {
      ...head,
      // Honest vectors are finite, and f of more liars have no part in it.
      accepts: (_n, _f, family) => family !== 'non-finite',
      byzfl: () => byzfl,
      ours: (honest, f) =>
        forge({ ...alone, own: honest[0]!, honest, n: honest.length + f, f, memory: new Map<string, unknown>() }),
    }
  })
