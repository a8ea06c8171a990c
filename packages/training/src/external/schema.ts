import { z } from 'zod'
import { type Measure, measureFault } from '../task/measure.ts'

/** A task that a program of a user's own brings, defaults filled in. */
export interface ExternalSpec {
  readonly kind?: string | undefined
  readonly trainer: TrainerSpec
  readonly [field: string]: unknown
}

export interface TrainerSpec {
  readonly command?: readonly string[] | undefined
  readonly name?: string | undefined
  readonly options: Readonly<Record<string, unknown>>
  readonly measures: readonly Measure[]
  readonly openMs: number
  readonly trainMs: number
  readonly evaluateMs: number
}

const deadlineMs = (what: string, usual: number) =>
  z.int().min(100).max(86_400_000).default(usual).describe(`${what} may take so long, milliseconds; then it hangs`)

const measureSchema = z
  .strictObject({
    name: z.string().max(40).describe('letters and digits, the first a small letter'),
    better: z.enum(['higher', 'lower']).describe('which values one wishes for'),
    unit: z.string().max(16).default('').describe('stands behind a value; `%` tells a share from 0 to 1 in per cent'),
    digits: z.int().min(0).max(9).default(3).describe('digits after the point'),
    summary: z.string().max(200).default('as its trainer measures it').describe('one line on what it is'),
  })
  .describe('what an evaluation gives')

const loss = { name: 'loss', better: 'lower' } as const

/** The words of a command line. */
export const commandSchema = z
  .array(
    z
      .string()
      .min(1)
      .max(4096)
      .regex(/^[^\0]*$/, 'must be without NUL'),
  )
  .min(1)
  .max(64)

/** What a task of a trainer says besides its kind. */
export function externalFields() {
  return { trainer: trainerSchema }
}

const trainerSchema = z
  .strictObject({
    command: commandSchema
      .optional()
      .describe(
        'program and arguments, started in the folder of the scenario: `[python3, train.py]`; in a network of peers each names ' +
          'its own in its peer.yaml',
      ),
    name: z.string().min(1).max(40).optional().describe('what pictures and tables call it; the command when left out'),
    options: z.record(z.string().max(200), z.json()).default({}).describe('given to the trainer as they are'),
    measures: z
      .array(measureSchema)
      .min(1)
      .max(16)
      .check(({ value, issues }) => {
        const message = measureFault(value)
        if (message !== undefined) issues.push({ code: 'custom', input: value, message })
      })
      .prefault([loss])
      .describe('what an evaluation gives, the headline first; loss when left out'),
    openMs: deadlineMs('loading', 120_000),
    trainMs: deadlineMs('a round of one peer', 600_000),
    evaluateMs: deadlineMs('an evaluation', 600_000),
  })
  .describe('a program that trains and measures, in any language: [trainers](trainers.md)')
