import type { OutputMeasure } from './output-measure.ts'

/** Subset accuracy (Ghamrawi, McCallum 2005). */
export const exactMatch: OutputMeasure = {
  name: 'exactMatch',
  summary: 'share of test samples of which a model gets every flag right; an output above 0 says 1',
  better: 'higher',
  unit: '%',
  digits: 1,
  of(outputs, flags, width) {
    const samples = flags.length / width
    let right = 0
    for (let sample = 0; sample < samples; sample++) {
      let index = sample * width
      while (index < (sample + 1) * width && outputs[index]! > 0 === (flags[index] === 1)) index++
      if (index === (sample + 1) * width) right++
    }
    return samples === 0 ? null : right / samples
  },
}
