import type { Position } from '@hearsay/protocol'
import { expectTypeOf, it } from 'vitest'
import type { ScenarioIndex } from './scenario-index.ts'

it('positions and scenario indices are not taken for each other, and plain numbers for either', () => {
  expectTypeOf<ScenarioIndex>().not.toExtend<Position>()
  expectTypeOf<Position>().not.toExtend<ScenarioIndex>()
  expectTypeOf<number>().toExtend<Position>()
  expectTypeOf<number>().toExtend<ScenarioIndex>()
})
