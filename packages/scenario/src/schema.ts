import { learningSchema, taskSchema } from '@hearsay/training/schema'
import { z } from 'zod'
import { adversariesSchema } from './adversaries.ts'
import { aggregationSchema } from './aggregation.ts'
import { agreementSchema } from './agreement.ts'
import { exchangeSchema } from './exchange.ts'
import { textSchema } from './line.ts'
import { networkSchema, partitionsSchema, topologySchema } from './network.ts'
import { pausesSchema } from './pauses.ts'
import { allRegistries, ofRegistered } from './registries.ts'
import { trustSchema } from './trust.ts'

/**
 * The scenario language. Types, defaults, messages and the JSON Schema of editors all come from here; unknown keys are
 * errors. What one field alone cannot tell (n ≥ 3f+1, a connected graph, …) is checked in `checks.ts`.
 */

/** Everything that a cell may change: what `sweep`, `--set` and `where` can name. */
const parameters = () => ({
  peers: z.int().min(1).max(10_000).describe('n, how many peers there are, liars included'),
  weights: z
    .array(z.int().min(0).max(1_000_000))
    .min(1)
    .optional()
    .describe('how much the voice of each peer counts, liars last; 1 each when left out'),
  trust: trustSchema().optional(),
  tolerated: z
    .int()
    .min(0)
    .describe(
      'f, how many liars the peers are set up for, by weight; n ≥ 3f + 1; as many as that allows with `trust`, when left out',
    ),
  task: taskSchema().prefault({}),
  learning: learningSchema.prefault({}),
  aggregation: aggregationSchema().default({ rule: 'trimmed-mean' }),
  agreement: agreementSchema().prefault({}),
  network: networkSchema.default({ transport: 'memory' }),
  exchange: exchangeSchema.optional(),
  topology: topologySchema().default({ kind: 'full' }),
  partitions: partitionsSchema.default([]),
  pauses: pausesSchema.optional(),
  adversaries: adversariesSchema().default({ count: 0 }),
  dataAmong: z
    .enum(['all', 'honest'])
    .optional()
    .describe(
      'who the training data are divided among: `all` without a word; `honest`, and each liar has what an honest peer has',
    ),
  evaluateEvery: z
    .int()
    .min(1)
    .max(1_000_000)
    .optional()
    .describe('models of every so manieth round are evaluated, and of the last; of each round without it'),
  events: z
    .enum(['all', 'rounds', 'none'])
    .optional()
    .describe('which events are kept: `all` without a word; `rounds`, one a round and peer and what is wrong; `none`'),
  checkpointEvery: z
    .int()
    .min(1)
    .max(1_000_000)
    .optional()
    .describe(
      'after every so manieth round all peers begin anew from its certificate, and a run that was cut off goes on from there; ' +
        'of exact agreement, without partitions, crashes and pauses by `memory`',
    ),
  rounds: z.int().min(1).max(1_000_000).describe('rounds of learning that every cell runs'),
  stallMs: z
    .int()
    .min(100)
    .max(86_400_000)
    .default(15_000)
    .describe(
      'a cell in which no honest peer finishes its training or a round for this long is ended as stalled, milliseconds',
    ),
})

export const parametersSchema = ofRegistered(() => z.strictObject(parameters()))

export const parameterNames: readonly string[] = Object.keys(parametersSchema().shape)

/** All parameters of one cell, defaults filled in. */
export type Parameters = z.output<ReturnType<typeof parametersSchema>>

const where = z
  .record(z.string(), z.unknown())
  .describe(
    'which cells: parameters by dotted path with a value or a list of values, `label`, `malicious` (how many lie), or ' +
      '`excess` (how many more lie than are tolerated, b − f)',
  )

const expectationSchema = z
  .strictObject({
    where: where.optional(),
    check: z
      .string()
      .min(1)
      .max(1_000)
      .describe(
        'two sums of numbers and measures with ==, !=, <, <=, > or >= between: `accuracy.least >= ' +
          'baseline.accuracy.least - 0.02`; must hold for every cell and seed',
      ),
    baseline: z
      .string()
      .min(1)
      .optional()
      .describe('label of the cell that `baseline.…` means; the first when left out'),
    text: textSchema(500).optional().describe('what is expected, in words; made from the check when left out'),
  })
  .describe('a check of the results; one that fails makes the run exit with 1')

const sweepEntry = z
  .record(z.string(), z.unknown())
  .describe(
    'parameters by dotted path, each with a value or a list of values; every combination is a cell. A whole section ' +
      'replaces the section. `label` names the cell',
  )

/** Of a parameter or a measure. */
const path = z.string().min(1).max(200)
const title = textSchema(200).optional().describe('what stands above it; the measure when left out')

export const heatMapSchema = z
  .strictObject({
    title,
    where: where.optional(),
    rows: path.describe('parameter of the rows by dotted path, such as `aggregation`'),
    columns: path.describe('parameter of the columns by dotted path, such as `adversaries`'),
    value: path
      .optional()
      .describe('the measure that is shown, such as `backdoor`; the median of the headline of the task when left out'),
  })
  .describe('a heat map of a measure by two parameters of the sweep: the median over seeds')

/** A picture of cells by two of their parameters. */
export type HeatMap = z.output<typeof heatMapSchema> & { readonly value: string }

export const linesPlotSchema = z
  .strictObject({
    title,
    subtitle: textSchema(200).optional().describe('what stands below the title'),
    where: where.optional(),
    lines: z
      .union([path, z.record(z.string().min(1).max(100), where)])
      .describe(
        'parameter with a line for each of its values, such as `peers`; or a map of lines by their names, each of the cells that it chooses as `where` does',
      ),
    value: path
      .optional()
      .describe(
        'the measure that is shown, such as `liveness.ended`; the median of the headline of the task when left out',
      ),
    against: path
      .default('heads')
      .describe(
        'the share of liars among peers (`heads`) or in the weight of all peers (`weight`); or a parameter that is a number, such as `adversaries.activity`, its values side by side and 0 where nobody lies; or every `round` that was evaluated, a line being one cell',
      ),
  })
  .describe(
    'a measure against the share of peers that lie, or a parameter: the mean over seeds with its 95 % confidence interval; against rounds their median',
  )

/** A picture of cells by the share of peers that lie, or by a parameter. */
export type LinesPlot = z.output<typeof linesPlotSchema> & { readonly value: string }

const panelInputSchema = z.union([heatMapSchema, linesPlotSchema])

/** A panel as a scenario has it: what it shows may be left out. */
export type PanelInput = z.output<typeof panelInputSchema>

export const panelSchema = z.union([heatMapSchema.required({ value: true }), linesPlotSchema.required({ value: true })])

export type Panel = HeatMap | LinesPlot

export const publishedSchema = z
  .strictObject({
    source: textSchema(1_000).describe('where the figures are from, and in what this scenario differs'),
    value: path
      .optional()
      .describe('the measure that they are of; the median of the headline of the task when left out'),
    figures: z
      .array(
        z.strictObject({
          where: where.describe('the one cell that it is of: parameters by dotted path, as in `expect`'),
          figure: z.number().describe('what was published'),
          deviation: z
            .number()
            .min(0)
            .optional()
            .describe('the standard deviation over runs that was published with it'),
        }),
      )
      .min(1)
      .max(1_000)
      .describe('each of one cell'),
  })
  .describe('figures that were published, which a run prints beside its own: the mean over seeds')

export const nameSchema = (example: string) =>
  z
    .string()
    .max(64)
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, `must be lower-case words joined by hyphens, such as ${example}`)
    .describe('lower-case words joined by hyphens; names the folder of the results')

/** What a scenario says once, for all its cells. */
const header = {
  name: nameSchema('one-third'),
  question: textSchema(1_000).describe('what the scenario asks, in one or two sentences'),
  extensions: z
    .array(z.string().min(1).max(1_000).describe('path of a TypeScript file, from the folder of the scenario'))
    .max(100)
    .default([])
    .describe(
      `files that export lists of your own, which the scenario may then name: ${Object.keys(allRegistries).join(', ')}`,
    ),
  seeds: z
    .array(z.int().min(0).max(0xffff_ffff).describe('root of everything random in a run'))
    .min(1)
    .max(1_000)
    .refine((seeds) => new Set(seeds).size === seeds.length, 'has a seed twice, which would be the same run again')
    .default([1])
    .describe('every cell runs once with each seed'),
  sweep: z
    .union([sweepEntry, z.array(sweepEntry).min(1).max(1_000)])
    .optional()
    .describe('the cells: all combinations of one map, or of each map of a list; one cell when left out'),
  plot: z
    .union([panelInputSchema, z.array(panelInputSchema).min(1).max(12)])
    .optional()
    .describe('heat maps, or lines against the share of liars, in place of the usual picture: one, or a list'),
  published: publishedSchema.optional(),
  expect: z.array(expectationSchema).max(1_000).default([]).describe('what must come out; sets the exit code'),
}

const unchecked = Object.fromEntries(parameterNames.map((name) => [name, z.unknown().optional()]))

/** A scenario without its parameters, which are checked cell by cell: a sweep may give what the file leaves out. */
export const headerSchema = z.strictObject({ ...unchecked, ...header })

export type Header = Pick<z.output<typeof headerSchema>, keyof typeof header>

/** All that a scenario may say, for the JSON Schema of editors. */
export const scenarioSchema = ofRegistered(() =>
  z
    .strictObject({ ...header, ...parameters() })
    .describe('a Hearsay scenario: one question, asked of a network in one or more cells'),
)
