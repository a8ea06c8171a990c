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

test('settings of an agreement that do nothing beside the others are told', () => {
  const asynchronous = (settings: string) => warnings(`agreement={ kind: asynchronous, ${settings} }`)
  const idle = (setting: string) => [`agreement.${setting}, does nothing`]
  expect(asynchronous('remembered: 32, mixEvery: 2')).toEqual([])
  expect(asynchronous('remembered: 8')).toEqual(idle('remembered, which is 8'))
  expect(asynchronous('variant: ordered, remembered: 8, timeoutMs: 50')).toEqual([])
  expect(asynchronous('variant: ordered, mixEvery: 2')).toEqual(idle('mixEvery, which is 2'))
  expect(asynchronous('alpha: 1')).toEqual(idle('alpha, which is 1'))
  expect(asynchronous('alpha: 1, dampening: exponential')).toEqual([])
  expect(asynchronous('lipschitz: none, memory: 2')).toEqual(idle('memory, which is 2'))
})
