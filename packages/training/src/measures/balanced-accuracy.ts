import { countsOfClasses } from './counts.ts'
import { meanOf } from './mean.ts'
import type { OutputMeasure } from './output-measure.ts'

/** (Brodersen, Ong, Stephan, Buhmann 2010.) A class that no test sample has does not count. */
export const balancedAccuracy: OutputMeasure = {
  name: 'balancedAccuracy',
  summary: 'mean over the classes of the test samples of the share of a class that a model gets right',
  better: 'higher',
  unit: '%',
  digits: 1,
  of(outputs, labels, classes) {
    const there = countsOfClasses(outputs, labels, classes).filter(({ has }) => has > 0)
    return meanOf(there.map(({ has, right }) => right / has))
  },
}
