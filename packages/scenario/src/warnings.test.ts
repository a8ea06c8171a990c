import { expect, test } from 'vitest'
import { loadScenario } from './load.ts'
import { leastText } from './testing/scenario-fixture.ts'
import { warningsOf } from './warnings.ts'

const warnings = (...overrides: string[]) =>
  warningsOf(loadScenario(leastText, { file: 'x.yaml', overrides }).cells).map((text) => text.split(':')[0])

test('momentum that does nothing is told, and so is an agreement that protects nobody', () => {
  expect(warnings()).toEqual([])
  expect(warnings('learning.localSteps=1')).toEqual(['learning.momentum, which is 0.9, does nothing'])
  expect(warnings('learning.localSteps=1', 'learning.momentum=0')).toEqual([])
  expect(warnings('learning.localSteps=1', 'learning.workerMomentum=0.9')).toEqual([])
  expect(warnings('agreement=trusted')).toEqual(['agreement trusted protects nobody'])
})
