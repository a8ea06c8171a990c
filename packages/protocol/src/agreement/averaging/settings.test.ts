import { expect, it } from 'vitest'
import { lastStage } from './settings.ts'

it('a round of heterogeneous data agrees ⌈log₂(round+1)⌉ times on what was aggregated, then once on models', () => {
  const stages = (round: number): number => {
    let agreements = 0
    // By doubling: no logarithm whose last bit a machine may round.
    for (let reach = 1; reach < round + 1; reach *= 2) agreements++
    return agreements + 1
  }
  for (const round of [...Array(300).keys()].map((at) => at + 1)) {
    expect(lastStage(round, { method: 'mda', mode: 'asynchronous', heterogeneous: true })).toBe(stages(round))
    expect(lastStage(round, { method: 'mda', mode: 'asynchronous', heterogeneous: false })).toBe(1)
  }
  expect(lastStage(2 ** 32 - 1, { method: 'mda', mode: 'asynchronous', heterogeneous: true })).toBe(33)
})
