import type { Options } from '@hearsay/catalogue'
import { memberSchemas } from '@hearsay/catalogue/schema'
import { type AgreementSpec, agreements, endOf, mostTolerated } from '@hearsay/protocol'
import { z } from 'zod'
import type { Finding } from './finding.ts'
import { ofRegistered } from './registries.ts'

export const agreementSchema = ofRegistered(
  () =>
    z
      .discriminatedUnion(
        'kind',
        memberSchemas(agreements.values(), 'kind', ({ name }) => ({ usual: name === 'exact' })),
      )
      .describe('how peers agree. `agreement: averaging` is short') as unknown as z.ZodType<
      AgreementSpec,
      Partial<AgreementSpec>
    >,
)

/** What becomes of rounds: each agreement has its own word, and where there are several they have `ended`. */
export function endOfRounds(specs: readonly AgreementSpec[]): string {
  const ends = new Set(specs.map(endOf))
  return ends.size > 1 ? 'ended' : ([...ends][0] ?? endOf({ kind: 'exact' }))
}

/** `exact agreement`; `averaging by mda, synchronous`: what is the default of its method is not told. */
export function describeAgreement({ kind, ...options }: AgreementSpec): string {
  return agreements.find(kind).describe(options as Options)
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
  const enough = (least: number): string =>
    `set tolerated to at most ${mostTolerated(peers, least)}, or peers to at least ${least * tolerated + 1}`
  const sizes = `${peers} peers cannot tolerate ${tolerated} liars`
  const total = weightsOf({ peers, weights }).reduce((sum, weight) => sum + weight, 0)
  const most = mostTolerated(total)
  const { kind, ...settings } = agreement
  const { weighs, faults, takesAll } = agreements.find(kind)
  if (tolerated > most) {
    const needs = `${kind} agreement needs n >= 3f + 1`
    const apart = takesAll ? '; aggregation.tolerated may be more' : ''
    if (total === peers) return [{ path: ['tolerated'], message: `${needs}, and ${sizes}: ${enough(3)}${apart}` }]
    const weigh = `peers that weigh ${total} together cannot tolerate liars that weigh ${tolerated}`
    return [{ path: ['tolerated'], message: `${needs} by weight, and ${weigh}: set tolerated to at most ${most}` }]
  }
  if (!weighs && weights?.some((weight) => weight !== 1))
    return [
      { path: ['weights'], message: `${kind} agreement counts peers: leave weights out, or set agreement to exact` },
    ]
  const found = faults?.(settings as Options, peers, tolerated) ?? []
  return found.map(({ setting, message }) => ({
    path: setting === undefined ? ['tolerated'] : ['agreement', setting],
    message,
  }))
}
