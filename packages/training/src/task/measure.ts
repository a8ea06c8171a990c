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
