import { describe, expect, it } from 'vitest'
import { randomFrom } from '../packages/protocol/src/testing/exchange.ts'
import { allCases, type Result } from '../packages/protocol/src/testing/exhaustive/all-cases.ts'
import { openSources } from '../packages/protocol/src/testing/exhaustive/opened-sources.ts'
import { allMutants } from './protocol-mutants.ts'

const quick = allCases(await openSources()).filter((each) => each.quick)

describe('four peers of whom one lies: every state', () => {
  it.each(quick)('$name', (each) => {
    const { states, quiescent, violation } = each.run()
    expect(violation).toBeUndefined()
    expect(states).toBeGreaterThan(20)
    expect(quiescent).toBeGreaterThan(0)
  })

  it.each(quick.filter((_, at) => at % 2 === 0))('$name: schedules at random see no other', (each) => {
    const { seen, missed } = each.wander(randomFrom(1), 50)
    expect(seen).toBeGreaterThan(10)
    expect(missed).toEqual([])
  })
})

describe('the exploration finds what is wrong', () => {
  async function firstViolation(name: string): Promise<Result['violation']> {
    const mutant = allMutants.find((each) => each.name === name)
    for (const each of allCases(await openSources(mutant))) {
      const { violation } = each.quick ? each.run() : {}
      if (violation !== undefined) return violation
    }
    return undefined
  }

  it.each([
    ['echo one less', /^totality|^agreement/],
    ['echo one more', /^validity/],
    ['amplify one less', /^totality|^integrity/],
    ['amplify one more', /^totality/],
    ['deliver one less', /^totality/],
    ['deliver one more', /^totality|^validity/],
    ['available one less', /^agreement/],
    ['available one more', /^termination/],
    ['no relay of estimates', /^obligation|^uniformity/],
    ['values by f+1', /^uniformity|^justification/],
    ['decided without parity', /^agreement/],
    ['mixed V takes the other bit', /^agreement/],
    ['AUX beyond the values', /^agreement/],
  ])('%s', async (name, what) => {
    const violation = await firstViolation(name)
    expect(violation?.what).toMatch(what)
    expect(violation?.trace.length).toBeGreaterThan(3)
  })
})
