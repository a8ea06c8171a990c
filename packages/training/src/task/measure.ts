/** A number that the evaluation of a task gives of a model. */
export interface Measure {
  /** What expectations, columns and tables call it: letters and digits, the first a small letter, such as `accuracy`. */
  readonly name: string
  /** One line: of what it is measured, and how. */
  readonly summary: string
  /** Which values one wishes for. */
  readonly better: 'higher' | 'lower'
  /** What stands behind a value, empty without one; `%`: it is a share from 0 to 1, told in per cent. */
  readonly unit: string
  /** Digits after the point that tables and progress tell. */
  readonly digits: number
}

/**
 * What a model comes to, by the names of the measures of its task. Null: there is nothing to measure, such as the success of
 * a backdoor where nobody puts one in. Infinity or -Infinity, whichever is worse: the outputs of the model are not finite.
 */
export type Evaluation = Readonly<Record<string, number | null>>

/** Of several values, at least one, the one that one wishes for least. */
export function worstOf({ better }: Measure, values: readonly number[]): number {
  return better === 'higher' ? Math.min(...values) : Math.max(...values)
}

/** What outputs that are not finite are worth. */
export function worstValue({ better }: Measure): number {
  return better === 'higher' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
}

/** `94.1 %`, `0.312 °C`; from the least to the greatest of two values that are told differently, `93.6–94.4 %`. */
export function tellMeasure({ unit, digits }: Measure, least: number, greatest = least): string {
  const [from, to] = [least, greatest].map((value) =>
    Number.isFinite(value) ? (unit === '%' ? 100 * value : value).toFixed(digits) : 'not finite',
  )
  const told = from === to ? from! : `${from}–${to}`
  return told.endsWith('not finite') ? told : `${told} ${unit}`.trimEnd()
}

/**
 * An evaluation as its task promises it: a number or null for each measure and nothing else; what is not a number is told at
 * its worst. Throws RangeError when a measure is missing.
 */
export function completeEvaluation(measures: readonly Measure[], given: Evaluation): Evaluation {
  const entries = measures.map((measure): [string, number | null] => {
    const value = given[measure.name]
    if (value === undefined) throw new RangeError(`the evaluation lacks the measure ${measure.name}`)
    return [measure.name, Number.isNaN(value) ? worstValue(measure) : value]
  })
  return Object.fromEntries(entries)
}

const measureName = /^[a-z][A-Za-z0-9]*$/
/** What is measured of any task, and columns of its rounds: no measure of a task may be called so. */
export const takenNames: readonly string[] = [
  ...['cell', 'label', 'seed', 'round', 'rounds', 'peer', 'peers', 'malicious', 'tolerated', 'excess', 'baseline'],
  ...[
    'disagreement',
    'distance',
    'liveness',
    'ended',
    'forked',
    'evidence',
    'weight',
    'pauses',
    'gradients',
    'bytes',
    'timeMs',
  ],
  ...['diverged', 'bytesSent', 'bytesReceived', 'trainingMs', 'exchangeMs', 'agreementMs', 'aggregationMs'],
]

/** What is wrong with measures of untyped origin, if anything is. */
export function measureFault(measures: unknown): string | undefined {
  if (!Array.isArray(measures) || measures.length === 0) return 'it has no measures'
  const wrong = (measures as Measure[]).find(
    ({ name, summary, better, unit, digits }) =>
      !measureName.test(name) ||
      typeof summary !== 'string' ||
      !['higher', 'lower'].includes(better) ||
      typeof unit !== 'string' ||
      !Number.isInteger(digits),
  )
  if (wrong !== undefined)
    return `its measure ${wrong.name} needs a name in letters and digits, summary, better, unit and digits`
  const taken = (measures as Measure[]).find(({ name }) => takenNames.includes(name))
  if (taken !== undefined) return `no measure may be called ${taken.name}: that is measured of any task`
  const names = new Set((measures as Measure[]).map(({ name }) => name))
  return names.size < measures.length ? 'it has two measures of one name' : undefined
}
