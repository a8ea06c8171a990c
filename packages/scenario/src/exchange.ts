/** `exchange`: what becomes of updates between peers. */
import { faultOfSkip, fillNames } from '@hearsay/aggregation'
import { mostInChunk } from '@hearsay/peer'
import { agreements, endOf } from '@hearsay/protocol'
import { z } from 'zod'
import { type AggregationSpec, ruleOf } from './aggregation.ts'
import type { Finding } from './finding.ts'
import { connections, type TopologySpec } from './topology.ts'

const peer = z.int().min(0).max(9_999).describe('a peer, 0 … peers − 1')

const lossSchema = z
  .strictObject({
    rate: z.number().min(0).max(1).describe('of what is sent over a link that loses, so much is lost, 0 to 1'),
    unit: z
      .enum(['chunk', 'coordinate', 'update'])
      .default('chunk')
      .describe('what is lost at once: a chunk of an update, one coordinate, or all of it'),
    chunk: z.int().min(1).max(1e9).default(250).describe('coordinates in a chunk'),
    links: z
      .union([
        z.literal('all'),
        z.array(z.union([peer, z.tuple([peer, peer]).describe('from one peer to another')])).max(10_000),
      ])
      .default('all')
      .describe(
        'which links lose: `all`, or a list of peers, of which every link away from them does, and of links, [from, to]',
      ),
    seed: z
      .int()
      .min(0)
      .max(0xffff_ffff)
      .optional()
      .describe('of what is lost: the same in every run that has it; that of the run when left out'),
    fill: z
      .enum(fillNames)
      .default('zero')
      .describe(
        'what stands in a hole: `zero`; `scale`, zero, and what arrived is scaled so that the mean is right; `last`, what its author had there ' +
          'before; `skip`, nothing, and a rule that goes coordinate by coordinate takes those who are present; `garbage`, random bits; ' +
          '`normal`, mean 0 and variance 1; `drop`, all of the update is left out',
      ),
  })
  .describe('chunks of updates that are lost on their way, and never asked for again')

export const exchangeSchema = z
  .strictObject({ loss: lossSchema.optional() })
  .describe('what becomes of updates between peers; they arrive whole when left out')

export type LossSpec = z.output<typeof lossSchema>

interface Lossy {
  readonly peers: number
  readonly tolerated: number
  readonly aggregation: AggregationSpec
  readonly agreement: { readonly kind: string; readonly chunkMs?: unknown }
  readonly topology: TopologySpec
  readonly exchange?: z.output<typeof exchangeSchema> | undefined
}

/** What peers that agree exactly can agree on. */
function checkAgreed({ unit, chunk, fill }: LossSpec, { chunkMs }: Lossy['agreement']): Finding[] {
  const finding = (path: PropertyKey[], message: string): Finding => ({ path, message })
  const at = ['exchange', 'loss']
  const findings: Finding[] = []
  if (chunkMs === undefined)
    findings.push(
      finding(
        ['agreement', 'chunkMs'],
        'peers that agree exactly agree on what is lost too: say how long they wait for chunks, such as 200 milliseconds',
      ),
    )
  if (unit === 'coordinate')
    findings.push(
      finding([...at, 'unit'], 'what is agreed on is chunks, each by its digest: set unit to chunk or update'),
    )
  if (chunk > mostInChunk)
    findings.push(
      finding([...at, 'chunk'], `a chunk that is agreed on has at most ${mostInChunk} coordinates, found ${chunk}`),
    )
  if (fill === 'last')
    findings.push(
      finding(
        [...at, 'fill'],
        'who was behind does not know what stood there before, and would part from the others: take another fill',
      ),
    )
  return findings
}

/** An author sends its chunks to its neighbours alone, once. */
function checkNeighbours({ topology, peers, tolerated }: Lossy): Finding[] {
  const least = Math.min(peers - 1, 2 * tolerated + 1)
  const degrees = Array<number>(peers).fill(0)
  try {
    // With one seed of all, as any check of a topology.
    for (const pair of connections(topology, peers, 0)) for (const peer of pair) degrees[peer]!++
  } catch {
    return []
  }
  const few = degrees.findIndex((degree) => degree < least)
  if (few < 0) return []
  const message =
    `chunks go to neighbours once, and count when f + 1 of them hold them, of whom f may lie: each peer needs ${least} neighbours, ` +
    `and peer ${few} has ${degrees[few]}; set topology to full`
  return [{ path: ['topology'], message }]
}

export function checkExchange(parameters: Lossy): Finding[] {
  const loss = parameters.exchange?.loss
  const { peers, agreement } = parameters
  if (loss === undefined)
    return agreement.chunkMs === undefined
      ? []
      : [
          {
            path: ['agreement', 'chunkMs'],
            message:
              'chunks and what stands in a hole are said by exchange.loss: give it, with rate 0 where nothing is lost',
          },
        ]
  const finding = (path: readonly PropertyKey[], message: string): Finding => ({
    path: ['exchange', 'loss', ...path],
    message,
  })
  const findings: Finding[] = []
  const skipped = faultOfSkip(ruleOf(parameters), loss.fill)
  if (skipped !== undefined) findings.push(finding(['fill'], skipped))
  for (const [index, link] of (loss.links === 'all' ? [] : loss.links).entries()) {
    const strange = [link].flat().find((each) => each >= peers)
    if (strange !== undefined)
      findings.push(finding(['links', index], `there are peers 0 to ${peers - 1}, found ${strange}`))
  }
  if (agreement.kind === 'exact') return [...findings, ...checkAgreed(loss, agreement), ...checkNeighbours(parameters)]
  if (agreements.find(agreement.kind).unpaced || endOf(agreement) === 'certified')
    findings.push(
      finding(
        [],
        'with this agreement nothing says what a peer has lost: set agreement.kind to exact, trusted or averaging',
      ),
    )
  return findings
}
