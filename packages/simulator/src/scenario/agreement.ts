import { contractionOf, mostTolerated } from '@hearsay/protocol'
import { z } from 'zod'
import type { Finding } from './issues.ts'

const graceMs = (description: string) => z.int().min(0).max(3_600_000).default(250).describe(description)

const roundMs = z
  .int()
  .min(1)
  .max(86_400_000)
  .optional()
  .describe('least time from one beginning of a round to the next, milliseconds; without it a round follows at once')

const exactSchema = z
  .strictObject({
    kind: z.literal('exact').default('exact').describe('every honest peer ends a round with the same model'),
    graceMs: graceMs('how long a peer waits for further updates after the first n − f, milliseconds'),
    timeoutMs: z
      .int()
      .min(1)
      .max(3_600_000)
      .default(100)
      .describe('how long the first step of a binary agreement waits for its coordinator, milliseconds'),
    roundMs,
  })
  .describe('every honest peer takes in the same updates and ends a round with the same model')

const averagingSchema = z
  .strictObject({
    kind: z.literal('averaging').describe('models of honest peers come close, and are never quite the same'),
    method: z
      .enum(['rb-tm', 'trimmed-mean', 'mda', 'nna'])
      .default('rb-tm')
      .describe(
        '`rb-tm`: reliable broadcast, witnesses, trimmed mean; or plain sends and the trimmed mean, minimum diameter ' +
          'averaging, nearest-neighbour averaging',
      ),
    mode: z
      .enum(['asynchronous', 'synchronous'])
      .default('asynchronous')
      .describe('`asynchronous` goes on with the first n − f vectors, `synchronous` waits a stated time for all n'),
    heterogeneous: z
      .boolean()
      .default(true)
      .describe(
        'data differ between peers: in round i also agree ⌈log₂(i + 1)⌉ times on what was aggregated; without it, on ' +
          'models only',
      ),
    graceMs: graceMs('synchronous: how long a peer waits for the rest of the vectors after n − f, milliseconds'),
    roundMs,
    beyond: z
      .boolean()
      .default(false)
      .describe('allow n and f for which the method does not promise that models come closer'),
  })
  .describe('every honest peer averages with those that it hears, in several stages a round')

export const agreementSchema = z
  .discriminatedUnion('kind', [exactSchema, averagingSchema])
  .describe('how peers agree. `agreement: averaging` is short')

export type AgreementSpec = z.output<typeof agreementSchema>

/** What becomes of rounds: by exact agreement alone they are certified, and with averaging among it only finished. */
export function endOfRounds(kinds: readonly AgreementSpec['kind'][]): 'certified' | 'finished' {
  return kinds.every((kind) => kind === 'exact') ? 'certified' : 'finished'
}

/** `exact agreement`; `averaging by mda, synchronous`: what is the default of its method is not told. */
export function describeAgreement(agreement: AgreementSpec): string {
  if (agreement.kind === 'exact') return 'exact agreement'
  const { method, mode, heterogeneous, beyond } = agreement
  const more = [mode === 'synchronous' && mode, !heterogeneous && 'on models only', beyond && 'beyond its bound']
  return [`averaging by ${method}`, ...more.filter((part) => part !== false)].join(', ')
}

interface Size {
  readonly agreement: AgreementSpec
  readonly peers: number
  readonly tolerated: number
  readonly weights?: readonly number[] | undefined
}

/** Of all peers, by scenario index. */
export function weightsOf({ peers, weights }: Pick<Size, 'peers' | 'weights'>): readonly number[] {
  return weights ?? Array.from({ length: peers }, () => 1)
}

/** Whether n and f are enough for what the agreement promises. */
export function checkAgreement({ agreement, peers, tolerated, weights }: Size): Finding[] {
  const finding = (path: PropertyKey[], message: string): Finding => ({ path, at: 'value', message })
  const enough = (least: number): string =>
    `set tolerated to at most ${mostTolerated(peers, least)}, or peers to at least ${least * tolerated + 1}`
  const sizes = `${peers} peers cannot tolerate ${tolerated} liars`
  const total = weightsOf({ peers, weights }).reduce((sum, weight) => sum + weight, 0)
  const most = mostTolerated(total)
  if (tolerated > most) {
    const name = agreement.kind === 'exact' ? 'exact agreement' : 'averaging agreement'
    if (total === peers) return [finding(['tolerated'], `${name} needs n >= 3f + 1, and ${sizes}: ${enough(3)}`)]
    const weigh = `peers that weigh ${total} together cannot tolerate liars that weigh ${tolerated}`
    return [
      finding(['tolerated'], `${name} needs n >= 3f + 1 by weight, and ${weigh}: set tolerated to at most ${most}`),
    ]
  }
  if (agreement.kind === 'exact') return []
  if (weights?.some((weight) => weight !== 1))
    return [finding(['weights'], 'averaging agreement counts peers: leave weights out, or set agreement to exact')]
  const { method, mode, beyond } = agreement
  if (method === 'rb-tm' && mode === 'synchronous') {
    const message = 'rb-tm waits for nobody longer than it must: set mode to asynchronous, or method to trimmed-mean'
    return [finding(['agreement', 'mode'], message)]
  }
  const { least } = contractionOf(agreement, peers, tolerated)
  if (beyond || tolerated <= mostTolerated(peers, least)) return []
  const needs = `${method}, ${mode}, needs n >= ${least}f + 1 for models to come closer, and ${sizes}: ${enough(least)}`
  return [finding(['tolerated'], `${needs}; or set agreement.beyond to true to see what happens`)]
}
