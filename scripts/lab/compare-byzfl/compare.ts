import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Backend, type Byzfl, type ByzflCall, type ByzflRequest, decodeOutputs } from './byzfl.ts'
import { type Difference, difference, isAmong, overflowsFloat32, toleranceOf } from './difference.ts'
import { type Family, finitePart, type Input, rowsOf } from './inputs.ts'

const backends: readonly Backend[] = ['numpy64', 'numpy32', 'torch']
const limitMs = 120_000
const trials = 60
const infinite: Difference = { absolute: Number.POSITIVE_INFINITY, relative: Number.POSITIVE_INFINITY }

/** One rule, pre-rule or attack of ours beside ByzFL's. */
export interface Comparison {
  readonly name: string
  readonly kind: 'rule' | 'pre-rule' | 'attack'
  /** Ours on rows under ByzFL's conventions; `undefined` when it does not exist yet, with the reason in `absent`. */
  readonly ours?: (rows: readonly Float32Array[], f: number) => ArrayLike<number>
  /** Why there is nothing to compare. */
  readonly absent?: string
  /** Whether ours is defined for these n and f, and small enough for ByzFL. */
  readonly accepts?: (n: number, f: number, family: Family) => boolean
  readonly byzfl?: (f: number) => ByzflCall & Pick<ByzflRequest, 'after' | 'exactEigenvectors' | 'shuffles'>
  /** How a tie may fall: for the whole vector at once, or in each coordinate. */
  readonly ties?: 'vector' | 'coordinate'
  /** Set when the difference is intended whatever its size. */
  readonly unjudged?: true
  /** On one run of ByzFL; two minutes unless given. */
  readonly limitMs?: number
  /** Intended differences, in words. */
  readonly remarks: readonly string[]
}

/** How the difference from ByzFL on one input by one backend is accounted for. */
export type Account = 'equal' | 'tie' | 'cdist' | 'overflow' | 'unjudged' | 'unexplained'

const accountTexts: Readonly<Record<Exclude<Account, 'equal' | 'unexplained' | 'unjudged'>, string>> = {
  tie: 'ties fall otherwise: ByzFL gives our answer when its rows come in another order, or change in the last places',
  cdist:
    'PyTorch computes distances of more than 25 rows as |a|² + |b|² − 2ab in float32; ByzFL gives our answer when it ' +
    'is told to use differences',
  overflow: 'squared norms overflow the float32 that ByzFL computes in; on float64 it gives our answer',
}

export interface Judgement extends Difference {
  readonly backend: Backend
  readonly account: Account
  readonly input: Pick<Input, 'family' | 'n' | 'f' | 'd'>
  readonly error?: string
}

/** Compares on all inputs that the comparison accepts. */
export async function compare(
  comparison: Comparison,
  inputs: readonly Input[],
  byzfl: Pick<Byzfl, 'run'>,
  folder: string,
): Promise<Judgement[]> {
  const judgements: Judgement[] = []
  for (const input of inputs) {
    if (!comparison.ours || !comparison.byzfl || comparison.accepts?.(input.n, input.f, input.family) === false)
      continue
    // An input whose finite part is out of the definition says nothing.
    const given = finitePart(input)
    if (given.n < input.n && (given.f < 0 || comparison.accepts?.(given.n, given.f, given.family) === false)) continue
    const path = join(folder, 'input.f32')
    await writeFile(path, given.numbers)
    const { kind } = comparison
    const { family, n, f, d } = input
    const ours = attempt(comparison.ours, input)
    for (const backend of backends) {
      if (backend !== 'numpy64' && comparison.byzfl(given.f).shuffles) continue
      const request: ByzflRequest = {
        ...comparison.byzfl(given.f),
        kind: kind === 'attack' ? 'attack' : 'aggregator',
        backend,
        input: path,
        n: given.n,
        d: given.d,
        seed: 1,
      }
      const judgement =
        'error' in ours
          ? { ...infinite, account: 'unexplained' as const, error: ours.error }
          : await judge(comparison, ours.output, given, request, byzfl)
      judgements.push({ backend, input: { family, n, f, d }, ...judgement })
    }
  }
  return judgements
}

function attempt(
  ours: NonNullable<Comparison['ours']>,
  input: Input,
): { output: ArrayLike<number> } | { error: string } {
  try {
    const output = ours(rowsOf(input), input.f)
    const finite = Array.from(output).every(Number.isFinite)
    return finite ? { output } : { error: 'our output has numbers that are not finite' }
  } catch (error) {
    return { error: `ours: ${(error as Error).message}` }
  }
}

async function judge(
  comparison: Comparison,
  ours: ArrayLike<number>,
  input: Input,
  request: ByzflRequest,
  byzfl: Pick<Byzfl, 'run'>,
): Promise<Difference & { account: Account; error?: string }> {
  const ask = async (more: Partial<ByzflRequest>) => {
    const answer = await byzfl.run({ ...request, ...more }, comparison.limitMs ?? limitMs)
    return { outputs: decodeOutputs(answer), error: answer.error }
  }
  const tolerance = toleranceOf[request.backend]
  const { outputs, error } = await ask({})
  const differences = outputs.map((output) => difference(ours, output))
  // Several outputs are those of all shuffles; ours must be one of them.
  const least = differences.reduce((a, b) => (a.relative <= b.relative ? a : b), infinite)
  if (least.relative <= tolerance) return { ...least, account: 'equal' }
  if (comparison.unjudged) return { ...least, account: 'unjudged', ...(error && { error }) }
  const account = await explain()
  return { ...least, account, ...(error && { error }) }

  async function explain(): Promise<Account> {
    if (request.backend !== 'numpy64' && overflowsFloat32(rowsOf(input))) return 'overflow'
    const by = comparison.ties
    if (by && isAmong(ours, (await ask({ trials: trials })).outputs, tolerance, by)) return 'tie'
    if (request.backend === 'torch' && input.n > 25) {
      const plain = (await ask({ plainDistances: true })).outputs
      if (isAmong(ours, plain, tolerance, 'vector')) return 'cdist'
      if (by && isAmong(ours, (await ask({ plainDistances: true, trials: trials })).outputs, tolerance, by))
        return 'tie'
    }
    return 'unexplained'
  }
}

/** What is printed of one comparison. */
export interface Summary {
  readonly name: string
  readonly kind: Comparison['kind']
  readonly absent?: string
  readonly inputs: number
  /** Over the judgements that are equal, or unjudged: largest absolute (without `huge` inputs) and relative one. */
  readonly largest: Readonly<Record<Backend, Difference>>
  readonly accounts: Readonly<Partial<Record<Account, number>>>
  readonly unexplained: readonly Judgement[]
  /** Of those that are not judged, how many gave no result. */
  readonly without: number
  readonly remarks: readonly string[]
}

export function summarise(comparison: Comparison, judgements: readonly Judgement[]): Summary {
  const { name, kind, absent, remarks } = comparison
  const largest = (backend: Backend): Difference => {
    const counted = judgements.filter(
      (each) => each.backend === backend && ['equal', 'unjudged'].includes(each.account) && !each.error,
    )
    return {
      absolute: Math.max(0, ...counted.filter(({ input }) => input.family !== 'huge').map(({ absolute }) => absolute)),
      relative: Math.max(0, ...counted.map(({ relative }) => relative)),
    }
  }
  const accounts: Partial<Record<Account, number>> = {}
  for (const { account } of judgements) accounts[account] = (accounts[account] ?? 0) + 1
  return {
    name,
    kind,
    ...(absent && { absent }),
    inputs: new Set(judgements.map(({ input }) => `${input.family} ${input.n} ${input.f} ${input.d}`)).size,
    largest: { numpy64: largest('numpy64'), numpy32: largest('numpy32'), torch: largest('torch') },
    accounts,
    without: judgements.filter(({ account, error }) => account === 'unjudged' && error).length,
    unexplained: judgements.filter(({ account }) => account === 'unexplained'),
    remarks: [
      ...remarks,
      ...(['tie', 'cdist', 'overflow'] as const).filter((each) => accounts[each]).map((each) => accountTexts[each]),
    ],
  }
}
