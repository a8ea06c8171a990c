/**
 * Algorithm 1 of "Probabilistic fault tolerance …" (2019), by their notebook: a network is taught, and each condition that does not
 * hold changes how it is taught next, until copies of it of which the median counts err with a chance below δ.
 *
 * - α = e^2.5·p ≥ 1, or a mean error of ε: no network does;
 * - rows of the first layer out of balance, q < 0.01: μ × 10;
 * - exp(−n·KL·q) > 1/6: 100 neurons more;
 * - a derivative of 100 or more: ψ × 10, for a function that is smoother;
 * - Var/t² ≥ 1/3: λ × 10, and 100 neurons more.
 *
 * Each remedy is taken at most `most` times in all, which the notebook does not say: it waits for whoever runs it.
 */

import { type Copies, type Crashes, copiesFor, unmetOf } from '../neurons/copies.ts'
import { TrainingError } from '../task/training-error.ts'

/** How a network shall be taught. */
export interface Asked {
  /** n, of the first hidden layer. */
  readonly neurons: number
  /** λ, of the variance of crashes. */
  readonly variance: number
  /** ψ, of smoothness. */
  readonly smoothness: number
  /** μ, of balance. */
  readonly balance: number
}

/** What a network has become. */
export interface Taught extends Crashes {
  /** The norm of the derivative. */
  readonly slope: number
}

export interface Step {
  readonly asked: Asked
  readonly taught: Taught
  /** What did not hold. */
  readonly unmet?: string
}

const steepest = 100

/** @throws TrainingError `bad-argument` when no network does, or none was found in `most` tries */
export function teachUntil(
  teach: (asked: Asked) => Taught,
  { epsilon, delta, start, most = 20 }: { epsilon: number; delta: number; start: Asked; most?: number },
): { readonly steps: readonly Step[]; readonly copies: Copies } {
  const steps: Step[] = []
  let asked = start
  while (steps.length < most) {
    const taught = teach(asked)
    const unmet = firstUnmet(taught, epsilon)
    steps.push({ asked, taught, ...(unmet && { unmet: unmet.message }) })
    if (unmet === undefined) return { steps, copies: copiesFor(taught, epsilon, delta) }
    const next = remedyOf(unmet.condition, asked)
    if (next === undefined) throw new TrainingError('bad-argument', `no network does: ${unmet.message}`)
    asked = next
  }
  throw new TrainingError('bad-argument', `no network was found in ${most} tries: ${steps.at(-1)!.unmet}`)
}

type Condition = NonNullable<ReturnType<typeof unmetOf>>['condition'] | 'slope'

/** The derivative is looked at before the mean and the variance, which are of the first order. */
function firstUnmet(taught: Taught, epsilon: number): { condition: Condition; message: string } | undefined {
  const unmet = unmetOf(taught, epsilon)
  const early = unmet?.condition === 'alpha' || unmet?.condition === 'balance' || unmet?.condition === 'width'
  if (early || taught.slope < steepest) return unmet
  return { condition: 'slope', message: `the derivative is ${taught.slope.toFixed(1)}, not below ${steepest}` }
}

function remedyOf(condition: Condition, asked: Asked): Asked | undefined {
  switch (condition) {
    case 'balance':
      return { ...asked, balance: asked.balance * 10 }
    case 'width':
      return { ...asked, neurons: asked.neurons + 100 }
    case 'slope':
      return { ...asked, smoothness: asked.smoothness * 10 }
    case 'variance':
      return { ...asked, variance: asked.variance * 10, neurons: asked.neurons + 100 }
    default:
      return undefined
  }
}
