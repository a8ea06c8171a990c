import type { TargetKind } from '../losses/loss.ts'
import { type Evaluation, worstValue } from '../task/measure.ts'
import { accuracy } from './accuracy.ts'
import { areaUnderCurve, multiLabelArea } from './area-under-curve.ts'
import { balancedAccuracy } from './balanced-accuracy.ts'
import { exactMatch } from './exact-match.ts'
import { explained } from './explained.ts'
import { logLoss, multiLabelLogLoss } from './log-loss.ts'
import { macroF1, multiLabelF1 } from './macro-f1.ts'
import { mae } from './mae.ts'
import type { OutputMeasure } from './output-measure.ts'
import { rmse } from './rmse.ts'

/** What models are judged by, by what samples are labelled with; the first is the headline. */
export const outputMeasures: Readonly<Record<TargetKind, readonly OutputMeasure[]>> = {
  classes: [accuracy, balancedAccuracy, macroF1, areaUnderCurve, logLoss],
  numbers: [rmse, mae, explained],
  flags: [multiLabelF1, exactMatch, multiLabelArea, multiLabelLogLoss],
}

/** These measures of the outputs of a model, each at its worst when not all outputs are finite. See `OutputMeasure.of`. */
export function judge(
  measures: readonly OutputMeasure[],
  ...[outputs, targets, width]: Parameters<OutputMeasure['of']>
): Evaluation {
  const finite = outputs.every(Number.isFinite)
  return Object.fromEntries(
    measures.map((measure) => [measure.name, finite ? measure.of(outputs, targets, width) : worstValue(measure)]),
  )
}

/** Logits of two classes by the one output of a model: 0 for the first. */
export function ofTwoClasses(outputs: Float32Array): Float32Array {
  const logits = new Float32Array(2 * outputs.length)
  for (let sample = 0; sample < outputs.length; sample++) logits[2 * sample + 1] = outputs[sample]!
  return logits
}
