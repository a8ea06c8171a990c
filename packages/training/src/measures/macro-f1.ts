import { type Counts, countsOfClasses, countsOfFlags } from './counts.ts'
import { meanOf } from './mean.ts'
import type { OutputMeasure } from './output-measure.ts'

const shared = { name: 'f1', better: 'higher', unit: '%', digits: 1 } as const

/** Of classes; see `meanF1`. */
export const macroF1: OutputMeasure = {
  ...shared,
  summary: 'mean over classes of F1, the harmonic mean of precision and recall',
  of: (outputs, labels, classes) => meanF1(countsOfClasses(outputs, labels, classes)),
}

/** Of flags; see `meanF1`. */
export const multiLabelF1: OutputMeasure = {
  ...shared,
  summary: 'mean over flags of F1, the harmonic mean of precision and recall; an output above 0 says 1',
  of: (outputs, flags, width) => meanF1(countsOfFlags(outputs, flags, width)),
}

/**
 * F1 = 2 · right / (has + said) (van Rijsbergen 1979); its mean over classes (Yang 1999). A class that no sample has and that
 * the model never says has none, and does not count.
 */
function meanF1(counts: readonly Counts[]): number | null {
  const there = counts.filter(({ has, said }) => has + said > 0)
  return meanOf(there.map(({ has, said, right }) => (2 * right) / (has + said)))
}
