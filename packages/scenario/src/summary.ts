import { z } from 'zod'
import { type Parameters, panelSchema, parametersSchema } from './schema.ts'

/** What a run writes to `summary.json`. */

const size = z.number().min(0)
const time = size.nullable()
const value = z.number().nullable()
const spread = z
  .strictObject({ least: value, median: value, greatest: value })
  .describe('null where the outputs of such a model are not finite')

/** What is measured of honest peers; with several seeds, see `summarise`. */
const measures = {
  rounds: z.int().min(0).describe('rounds that were to be run'),
  evaluation: z
    .record(z.string(), spread.nullable())
    .describe(
      'by the names of the measures of the task, what the models of honest peers come to at the end; null: there is nothing ' +
        'to measure',
    ),
  disagreement: z
    .strictObject({
      distance: z
        .number()
        .min(0)
        .nullable()
        .describe('largest Euclidean distance between models; null: they differ, and one is not finite'),
      forks: z.int().min(0).describe('rounds with two or more different certificates'),
    })
    .describe('how far models of honest peers are apart'),
  liveness: z
    .strictObject({
      ended: z
        .int()
        .min(0)
        .describe('rounds that ended for every honest peer: they are certified, by averaging averaged'),
      rounds: z.int().min(0).describe('rounds that were to be run'),
    })
    .describe('whether the network goes on'),
  evidence: z
    .strictObject({
      culprits: z.int().min(0).describe('liars whom honest peers named by their own signatures'),
      falseAccusations: z.int().min(0).describe('honest peers so named; must be 0'),
    })
    .describe('who was caught'),
  weight: z
    .strictObject({
      liars: z.number().min(0).max(1).describe('share of all weight that liars have after the last round'),
      most: z.number().min(0).max(1).describe('the greatest that it was after any round'),
    })
    .optional()
    .describe('where weights follow vouches'),
  pauses: z
    .strictObject({
      learnt: z.int().min(0).describe('certified rounds that were learnt from'),
      share: z
        .number()
        .min(0)
        .max(1)
        .describe('of certified rounds: those that the peer took part in that took part in fewest'),
    })
    .optional()
    .describe('where pauses count'),
  gradients: z
    .strictObject({
      honest: z
        .number()
        .min(0)
        .max(1)
        .nullable()
        .describe('share of those of honest peers that was applied; null: none was judged'),
      liars: z.number().min(0).max(1).nullable().describe('the same of liars'),
    })
    .optional()
    .describe('where gradients are judged one by one, by honest peers: without those that the rule took in'),
  bytes: z.strictObject({ sent: size, received: size }).describe('a peer, on average over the honest ones'),
  timeMs: z
    .strictObject({ training: time, exchange: time, agreement: time, aggregation: time, total: time })
    .describe(
      'a round of a peer, each part at its median over honest peers and rounds, milliseconds; null when no honest peer ' +
        'took part in a round and finished it',
    ),
  diverged: z
    .int()
    .min(0)
    .describe(
      'trainings and last models of honest peers whose numbers are not finite: such a training ends early or gives zeros',
    ),
  stalled: z.boolean().describe('ended because no honest peer finished its training or a round any more'),
}

const traceDigest = z.string().optional()

const seedMeasuresSchema = z.strictObject({
  seed: z.int().min(0),
  ...measures,
  traceDigest: traceDigest.describe('of everything that happened in the virtual network: the same for the same seed'),
})

export const summaryCellSchema = z.strictObject({
  label: z.string(),
  labelled: z.literal(true).optional().describe('the scenario says the label'),
  // Asked only then: scenarios may bring rules and attacks of their own.
  parameters: z.custom<Parameters>((value) => parametersSchema().safeParse(value).success),
  malicious: z.int().min(0).describe('how many peers lie'),
  tolerated: z.int().min(0),
  peers: z.int().min(1),
  ...measures,
  bySeed: z.array(seedMeasuresSchema).min(1).describe('the same of each seed'),
})

export const summarySchema = z.strictObject({
  scenario: z.string(),
  question: z.string(),
  engine: z.string(),
  seeds: z.array(z.int().min(0)),
  traceDigest: traceDigest.describe('of the digests of all cells and seeds, in order; virtual network only'),
  data: z
    .array(z.strictObject({ source: z.string(), licence: z.string() }))
    .min(1)
    .optional()
    .describe('whose the data sets are that are known by name, and under which terms they may be used'),
  cells: z.array(summaryCellSchema),
  failed: z
    .array(
      z.strictObject({
        cell: z.int().min(0).describe('its index in the scenario'),
        label: z.string(),
        seed: z.int().min(0),
        reason: z.string(),
      }),
    )
    .min(1)
    .optional()
    .describe('jobs, a cell with one seed each, that failed, and of which there are no results; absent when none did'),
  plot: z.array(panelSchema).optional().describe('the panels that the scenario asks for'),
  published: z
    .strictObject({
      source: z.string(),
      value: z.string(),
      figures: z.array(
        z.strictObject({
          label: z.string(),
          figure: z.number(),
          deviation: z.number().optional(),
          measured: z.number().nullable().describe('the mean of seeds; null where there is none'),
          spread: z.number().optional().describe('their standard deviation'),
          seeds: z.int().min(0),
        }),
      ),
    })
    .optional()
    .describe('figures that were published, beside those of this run'),
  expectations: z.array(
    z.strictObject({
      text: z.string(),
      held: z.boolean(),
      failures: z.array(z.string()).describe('cells and seeds that did not hold, with what was found'),
    }),
  ),
})

/** Of a measure of the task. */
export type Spread = z.output<typeof spread>
/** What one cell gave with one seed. */
export type SeedMeasures = z.output<typeof seedMeasuresSchema>
export type SummaryCell = z.output<typeof summaryCellSchema>
export type Summary = z.output<typeof summarySchema>
