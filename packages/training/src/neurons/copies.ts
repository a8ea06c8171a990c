/**
 * How many copies of a network, of which the median counts, keep the chance of an error above ε below δ when neurons of the
 * first hidden layer crash by themselves with probability p (Algorithm 1 of "Probabilistic fault tolerance …", 2019, by their
 * notebook). Conditions come first, each with its remedy:
 *
 * - α = e^2.5·p < 1, and q, the least over the greatest absolute sum of the first layer's rows, ≥ 0.01;
 * - δ₀ = exp(−n·KL(α‖p)·q) ≤ 1/6: that many of n crash at once so seldom that the first order of p tells the rest;
 * - the mean of b3 is below ε, and with t = ε − mean, Var/t² < 1/3 (Chebyshev): one network errs with a chance below 1/3.
 *
 * The source then takes (1/3)^(R/2) < δ. That is the chance that R/2 given copies err, not that any R/2 of R do: of 21 copies
 * that err with 1/3 each, 11 or more do with a chance of 5.6 %, not of 10⁻⁵. So we count the binomial tail itself, and give the
 * source's number beside it.
 */
import { TrainingError } from '../task/training-error.ts'

export interface Crashes {
  /** p */
  readonly probability: number
  /** n: neurons of the first hidden layer. */
  readonly neurons: number
  /** q */
  readonly balance: number
  /** Of the error, by b3. */
  readonly mean: number
  readonly variance: number
}

export interface Copies {
  readonly alpha: number
  /** δ₀ */
  readonly many: number
  /** Var/t²: the chance that one network errs by more than ε. */
  readonly one: number
  /** Fewest copies, an odd number, of which the median errs with a chance of at most δ when each does with 1/3. */
  readonly copies: number
  /** ⌈2·ln δ / ln ⅓⌉, as the source has it (its notebook prints one less). */
  readonly published: number
}

/** A condition that does not hold, by what it is about. */
export interface Unmet {
  readonly condition: 'alpha' | 'balance' | 'width' | 'mean' | 'variance'
  readonly message: string
}

/** The first condition that does not hold, if any. */
export function unmetOf(crashes: Crashes, epsilon: number): Unmet | undefined {
  const { probability: p, neurons, balance, mean } = crashes
  const { alpha, many, one } = chancesOf(crashes, epsilon)
  if (!(p > 0 && alpha < 1))
    return {
      condition: 'alpha',
      message: `with p = ${p}, e^2.5·p is ${told(alpha)}, not between 0 and 1; fewer have to crash`,
    }
  if (!(balance >= 0.01))
    return {
      condition: 'balance',
      message: `the first layer's rows are unbalanced, q = ${told(balance)} < 0.01; train it with less weight`,
    }
  if (many > 1 / 6)
    return {
      condition: 'width',
      message: `exp(−n·KL·q) = ${told(many)} > 1/6; take a wider first layer than ${neurons}`,
    }
  if (mean >= epsilon)
    return {
      condition: 'mean',
      message: `the mean error ${told(mean)} is not below ε = ${epsilon}; allow more or crash less`,
    }
  if (one >= 1 / 3)
    return {
      condition: 'variance',
      message: `the variance over (ε − mean)² is ${told(one)}, not below 1/3; take a wider first layer`,
    }
  return undefined
}

function chancesOf({ probability: p, neurons, balance, mean, variance }: Crashes, epsilon: number) {
  const alpha = Math.exp(2.5) * p
  return {
    alpha,
    many: Math.exp(-neurons * divergence(alpha, p) * balance),
    one: variance / (epsilon - mean) ** 2,
  }
}

/** @throws TrainingError `bad-argument` naming the condition that does not hold */
export function copiesFor(crashes: Crashes, epsilon: number, delta: number): Copies {
  const refuse = (what: string): never => {
    throw new TrainingError('bad-argument', `no number of copies follows: ${what}`)
  }
  if (!(delta > 0 && delta < 1)) refuse(`delta is ${delta}, and has to be between 0 and 1`)
  const unmet = unmetOf(crashes, epsilon)
  if (unmet) refuse(unmet.message)
  return {
    ...chancesOf(crashes, epsilon),
    copies: medianCopies(1 / 3, delta),
    published: Math.ceil((2 * Math.log(delta)) / -Math.log(3)),
  }
}

/** KL divergence of two coins. */
function divergence(a: number, b: number): number {
  return a * Math.log(a / b) + (1 - a) * Math.log((1 - a) / (1 - b))
}

/** The fewest copies, an odd number, of which more than half err with a chance of at most δ when each does with `one` < ½. */
export function medianCopies(one: number, delta: number): number {
  for (let copies = 1; copies < mostCopies; copies += 2) if (halfErrs(copies, one) <= delta) return copies
  throw new TrainingError('bad-argument', `more than ${mostCopies} copies are needed for δ = ${delta}; allow more`)
}

const mostCopies = 20_000

/** The chance that more than half of an odd number of copies err: the binomial tail. */
export function halfErrs(copies: number, one: number): number {
  let term = copies * Math.log(1 - one)
  let sum = 0
  const odds = Math.log(one / (1 - one))
  for (let wrong = 0; wrong <= copies; wrong++) {
    if (2 * wrong > copies) sum += Math.exp(term)
    term += Math.log((copies - wrong) / (wrong + 1)) + odds
  }
  return sum
}

const told = (value: number): string => String(Number(value.toPrecision(3)))
