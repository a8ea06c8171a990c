import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { randomFrom } from '@hearsay/protocol/testing/exchange'
import { allCases, type Result } from '@hearsay/protocol/testing/exhaustive/all-cases'
import { describe, expect, it } from 'vitest'
import { mutantVariable } from '../mutants/mutant.ts'

const quick = allCases().filter((each) => each.quick)

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
  function firstViolation(mutant: string): Result['violation'] {
    const [hooks, explore] = ['../mutants/mutant-hooks.ts', 'explore.ts'].map((file) => join(import.meta.dirname, file))
    const command = ['--import', hooks!, explore!, '--exhaustive', '--quick', '--json']
    const env = { ...process.env, [mutantVariable]: mutant }
    const { stdout } = spawnSync(process.execPath, command, { encoding: 'utf8', env })
    return (JSON.parse(stdout) as Result[]).at(-1)?.violation
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
  ])('%s', (name, what) => {
    const violation = firstViolation(name)
    expect(violation?.what).toMatch(what)
    expect(violation?.trace.length).toBeGreaterThan(3)
  })
})
