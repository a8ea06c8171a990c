import type { JsonSchema } from '@hearsay/scenario'
import { findingsOf, locator, nameSchema, parseSource, ScenarioError, textSchema } from '@hearsay/scenario'
import { z } from 'zod'
import { contractionProtocols, type ProtocolName } from './protocols.ts'

const names = Object.keys(contractionProtocols) as [ProtocolName, ...ProtocolName[]]

/** What a scenario that asks about contraction may say: no peers train in it, so none of the parameters of a network. */
export const contractionSchema = z
  .strictObject({
    name: nameSchema('contraction'),
    question: textSchema(1_000).describe('what the scenario asks, in one or two sentences'),
    contraction: z
      .strictObject({
        protocols: z
          .array(z.enum(names).describe('a protocol of approximate agreement'))
          .min(1)
          .max(names.length)
          .default(names)
          .describe('the protocols, one round of each'),
        tolerated: z
          .array(z.int().min(1).max(4).describe('f, how many peers lie'))
          .min(1)
          .max(4)
          .default([1, 2])
          .describe('f, how many peers lie'),
        below: z.int().min(0).max(4).default(1).describe('n from so many below the bound of a protocol'),
        above: z.int().min(1).max(8).default(2).describe('n up to so many above it'),
        dimensions: z
          .array(z.int().min(1).max(8).describe('d, coordinates of a value'))
          .min(1)
          .max(8)
          .default([1, 2])
          .describe('coordinates of a value; one only where each coordinate is treated alone'),
        starts: z.int().min(1).max(10_000).default(12).describe('starts of a search'),
        steps: z.int().min(16).max(10_000_000).default(4_000).describe('arrangements that are tried from each start'),
      })
      .prefault({})
      .describe('which rounds of which protocols liars search for the worst'),
    seeds: z
      .array(z.int().min(0).max(0xffff_ffff).describe('root of everything random in a search'))
      .min(1)
      .max(100)
      .default([1])
      .describe('every search is made once with each seed; the worst of all counts'),
  })
  .describe('a Hearsay scenario of one round of approximate agreement: by how much liars can spread honest values')

export type ContractionScenario = z.output<typeof contractionSchema>

/** The JSON Schema that editors complete and check such scenarios with. */
export function contractionJsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(contractionSchema, { io: 'input', target: 'draft-7' }) as JsonSchema
  return { ...schema, title: 'Hearsay scenario of contraction' }
}

/** Throws ScenarioError with all that is wrong, each with line, column, path and what was expected. */
export function loadContraction(text: string, file: string): ContractionScenario {
  const source = parseSource(text, file)
  const parsed = contractionSchema.safeParse(source.data)
  if (parsed.success) return parsed.data
  const locate = locator(source, [])
  const findings = findingsOf(parsed.error.issues, source.data, contractionJsonSchema())
  const problems = findings.map((finding) => locate(finding))
  throw new ScenarioError(file, problems)
}
