import { z } from 'zod'

const ms = (description: string) => z.number().min(0).max(3_600_000).describe(description)

/** How long something takes: the same each time, or drawn anew. */
const distribution = (description: string) =>
  z
    .union([
      z.strictObject({ ms: ms('always so many milliseconds') }).describe('always the same'),
      z
        .strictObject({
          uniform: z
            .tuple([ms('at least'), ms('at most')])
            .refine(([least, most]) => least <= most, 'must not be less than the one before')
            .describe('the least and the most, milliseconds'),
        })
        .describe('anything between two bounds, equally likely'),
      z
        .strictObject({ medianMs: ms('half of the draws are below, none above 4.7 times as much') })
        .describe('a long tail: quantiles of a log-normal distribution with σ = 0.5, cut off at one in a thousand'),
    ])
    .describe(description)

const share = (description: string) => z.number().min(0).max(1).default(0).describe(description)

const crashSchema = z
  .strictObject({
    peer: z.int().min(0).max(9_999).describe('a peer, 0 … peers − 1'),
    round: z.int().min(1).max(1_000_000).describe('it crashes in this round, or the next one that it begins'),
    afterMs: ms('so long after it began the round').default(0),
    restartAfterMs: ms('it starts again after so long, with what it stored; never when left out').optional(),
  })
  .describe('a peer that stops at once, and what comes after')

const slowSchema = z
  .strictObject({
    peer: z.int().min(0).max(9_999).describe('a peer, 0 … peers − 1'),
    times: z.number().min(0.001).max(1_000).describe('it takes so many times as long as the others'),
  })
  .describe('a peer that trains slower than others, or faster')

/** The virtual network of a scenario. */
export const virtualSchema = z
  .strictObject({
    transport: z.literal('virtual').describe('discrete events on a virtual clock: the same seed gives the same run'),
    latency: distribution('from sending a message to its arrival at a neighbour').default({ uniform: [10, 30] }),
    bytesPerSecond: z
      .number()
      .min(1)
      .max(1e12)
      .optional()
      .describe('rate of each direction of a link, which sends one message after the other; without it, no limit'),
    loss: share(
      'of messages: those that a link loses, 0 to 1; gossip for ever, while what streams carry is sent again',
    ),
    duplication: share('of messages: those that arrive twice'),
    reordering: share('of messages: those that may overtake others on their link'),
    training: distribution('virtual time that a peer trains').default({ uniform: [80, 120] }),
    slow: z.array(slowSchema).max(10_000).default([]).describe('peers whose training takes another time'),
    stepMs: z
      .int()
      .min(0)
      .max(3_600_000)
      .optional()
      .describe(
        'virtual time of a step: what comes to a peer meanwhile is handled together in the next, milliseconds; without it 1, and from 20 peers on a tenth for each, as on libp2p',
      ),
    longestDelayMs: ms('the most that liars who schedule may delay a message between honest peers').default(5_000),
    signatures: z
      .enum(['ed25519', 'modelled'])
      .default('ed25519')
      .describe(
        '`modelled` takes a keyed hash, much cheaper with many peers; nobody outside the run can check such signatures',
      ),
    crashes: z.array(crashSchema).max(10_000).default([]).describe('peers that crash'),
  })
  .describe('a virtual network in this process')

export type VirtualSpec = z.output<typeof virtualSchema>
export type Crash = z.output<typeof crashSchema>
