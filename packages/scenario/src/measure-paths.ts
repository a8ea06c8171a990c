/**
 * What can be asked of the results of a cell, by path: `liveness.ended`, which where agreement is exact may be called
 * `liveness.certified` and where it is averaging `liveness.averaged`; and of each measure of its task the least, the
 * median and the greatest of honest models, `accuracy.least`. The name alone, `backdoor`, is the worst of them: the least of
 * what should be high, the greatest of what should be low. Numbers that are not finite are as bad as can be.
 */
import { type Measure, measuresOf, type TaskSpec, worstValue } from '@hearsay/training/schema'
import { z } from 'zod'
import { endOfRounds } from './agreement.ts'
import { type JsonSchema, parameterPaths } from './json-schema.ts'
import { getPath, parsePath } from './parameter-path.ts'
import { worstIn } from './spread.ts'
import { type SeedMeasures, type Spread, type SummaryCell, summaryCellSchema } from './summary.ts'

const parts = ['least', 'median', 'greatest'] as const

/** Of every cell, whatever its task is. Read when it is asked for: most commands never do. */
let ofAnyTask: readonly string[] | undefined

function numericPaths(): string[] {
  const schema = z.toJSONSchema(summaryCellSchema, {
    io: 'input',
    target: 'draft-7',
    unrepresentable: 'any',
  }) as JsonSchema
  const paths = [...parameterPaths(schema)].filter(([path]) => !path.startsWith('parameters.'))
  return paths.filter(([, node]) => isNumeric(node)).map(([path]) => path)
}

function isNumeric(node: JsonSchema): boolean {
  const types = [node, ...(node.anyOf ?? [])].map((branch) => branch.type)
  return types.includes('number') || types.includes('integer')
}

/** Names of everything measured that is a number, in a cell with such parameters. */
export function measurePaths({ task, agreement }: Pick<SummaryCell['parameters'], 'task' | 'agreement'>): string[] {
  const own = measuresOf(task).flatMap(({ name }) => [name, ...parts.map((part) => `${name}.${part}`)])
  ofAnyTask ??= numericPaths()
  return [...own, ...ofAnyTask, wordOf({ agreement })]
}

/** What the agreement calls the rounds that have ended. */
function wordOf({ agreement }: Pick<SummaryCell['parameters'], 'agreement'>): string {
  return `liveness.${endOfRounds([agreement])}`
}

/** The measure of the task that a path asks for; undefined when it asks for something else. */
export function measureOf(path: string, task: TaskSpec): Measure | undefined {
  const [name, ...rest] = parsePath(path)
  return rest.length > 1 ? undefined : measuresOf(task).find((measure) => measure.name === name)
}

/** What a cell with one seed has at a path; undefined when it was not measured. */
export function measuredAt(path: string, cell: SummaryCell, one: SeedMeasures): number | undefined {
  const measure = measureOf(path, cell.parameters.task)
  const value =
    measure === undefined
      ? getPath({ ...cell, ...one }, parsePath(path === wordOf(cell.parameters) ? 'liveness.ended' : path))
      : evaluatedAt(path, measure, one.evaluation)
  return typeof value === 'number' ? value : undefined
}

function evaluatedAt(path: string, measure: Measure, evaluation: SeedMeasures['evaluation']): number | undefined {
  const spread = evaluation[measure.name]
  if (spread === undefined || spread === null) return undefined
  const part = parsePath(path)[1]
  return part === undefined ? worstIn(spread, measure) : (spread[part as keyof Spread] ?? worstValue(measure))
}

/** Whether values at a path are from 0 to 1. */
export function isShare(path: string, { parameters }: Pick<SummaryCell, 'parameters'>): boolean {
  return measureOf(path, parameters.task)?.unit === '%'
}

/** Whether one wishes for little of it. */
export function isHarm(path: string, { parameters }: Pick<SummaryCell, 'parameters'>): boolean {
  const measure = measureOf(path, parameters.task)
  return measure === undefined ? !/^liveness\.|^evidence\.culprits$/.test(path) : measure.better === 'lower'
}

/** Whether this is a measure of what rounds gave, which is nothing where none was finished. */
export function isOfRounds(path: string, { parameters }: Pick<SummaryCell, 'parameters'>): boolean {
  return path.startsWith('disagreement.') || measureOf(path, parameters.task) !== undefined
}
