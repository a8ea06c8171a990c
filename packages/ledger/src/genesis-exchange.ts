/** `exchange` of a genesis: how updates go in chunks that are sent once. What is lost of them is lost, and so has no rate. */
import { type Fill, faultOfSkip, fillNames, type RuleSpec } from '@hearsay/aggregation'
import { mostInChunk } from '@hearsay/peer'
import { z } from 'zod'

const lossSchema = z.strictObject({
  chunk: z.int().min(1).max(mostInChunk).describe('parameters in a chunk, of which an update has at most 256'),
  fill: z
    .enum(fillNames)
    .default('zero')
    .describe('what stands in what is lost of an update, as in a scenario; peers cannot agree on `last`'),
})

export const genesisExchangeSchema = z
  .strictObject({ loss: lossSchema })
  .optional()
  .describe('updates go in chunks, each of which is sent once, and peers agree on what is lost; with agreement.chunkMs')

/** How long chunks are, and what stands in a hole. */
export interface ChunksOf {
  readonly unit: 'chunk' | 'coordinate' | 'update'
  readonly chunk: number
  readonly fill: Fill
}

interface Written {
  readonly agreement: { readonly kind: string; readonly chunkMs?: unknown }
  readonly exchange?: z.output<typeof genesisExchangeSchema>
}

export function chunksOf({ exchange }: Pick<Written, 'exchange'>): ChunksOf | undefined {
  return exchange && { unit: 'chunk', ...exchange.loss }
}

/** What is wrong with it, if it is said or `agreement.chunkMs` is. */
export function faultOfExchange(
  { agreement, exchange }: Written,
  rule: RuleSpec,
): { readonly path: PropertyKey[]; readonly message: string } | undefined {
  const { kind, chunkMs } = agreement
  if (exchange === undefined) {
    if (chunkMs === undefined) return undefined
    const message = 'how long chunks are is said by exchange.loss: give it, or leave chunkMs out'
    return { path: ['agreement', 'chunkMs'], message }
  }
  if (kind !== 'exact')
    return { path: ['agreement', 'kind'], message: `with ${kind} peers do not agree on what is lost: take exact` }
  if (chunkMs === undefined)
    return { path: ['agreement', 'chunkMs'], message: 'say how long peers wait for chunks, such as 1000 milliseconds' }
  const { fill } = exchange.loss
  const fault =
    fill === 'last'
      ? 'who was behind does not know what stood there before, and would part from the others: take another fill'
      : faultOfSkip(rule, fill)
  return fault === undefined ? undefined : { path: ['exchange', 'loss', 'fill'], message: fault }
}
