import { meanOf } from './mean.ts'
import type { OutputMeasure } from './output-measure.ts'

/**
 * R² = 1 − Σ (value − output)² / Σ (value − mean)² (Wright 1921), of each column, the mean over columns; below 0 when the mean of
 * the test samples does better. A column whose values are all equal has none, and does not count.
 */
export const explained: OutputMeasure = {
  name: 'explained',
  summary: 'R²: share of the variance of test samples that a model explains',
  better: 'higher',
  unit: '%',
  digits: 1,
  of(outputs, values, width) {
    const shares = Array.from({ length: width }, (_, column) => {
      const samples = values.length / width
      const at = (sample: number): number => values[sample * width + column]!
      let mean = 0
      for (let sample = 0; sample < samples; sample++) mean += at(sample) / samples
      let [missed, varied] = [0, 0]
      for (let sample = 0; sample < samples; sample++) {
        missed += (at(sample) - outputs[sample * width + column]!) ** 2
        varied += (at(sample) - mean) ** 2
      }
      return varied > 0 ? 1 - missed / varied : null
    })
    return meanOf(shares.filter((share) => share !== null))
  },
}
