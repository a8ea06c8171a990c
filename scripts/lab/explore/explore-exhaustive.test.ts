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
  /** Of the quick cases that begin so: what is right in all others is explored above. */
  function firstViolation(mutant: string, begin: string): Result['violation'] {
    const [hooks, explore] = ['../mutants/mutant-hooks.ts', './explore-exhaustive.ts'].map((file) =>
      join(import.meta.dirname, file),
    )
    const program = `const { exploreExhaustively } = await import('${explore}'); exploreExhaustively(true, true, '${begin}')`
    const command = ['--import', hooks!, '--input-type=module', '--eval', program]
    const env = { ...process.env, [mutantVariable]: mutant }
    const { stdout } = spawnSync(process.execPath, command, { encoding: 'utf8', env })
    return (JSON.parse(stdout) as Result[]).at(-1)?.violation
  }

  it.each([
    ['echo one less', 'reliable', /^totality|^agreement/],
    ['echo one more', 'reliable', /^validity/],
    ['amplify one less', 'reliable', /^totality|^integrity/],
    ['amplify one more', 'reliable', /^totality/],
    ['deliver one less', 'reliable', /^totality/],
    ['deliver one more', 'reliable', /^totality|^validity/],
    ['available one less', '1 phase', /^agreement/],
    ['available one more', '1 phase', /^termination/],
    ['no relay of estimates', 'binary-value', /^obligation|^uniformity/],
    ['values by f+1', 'binary-value', /^uniformity|^justification/],
    ['decided without parity', '1 phase', /^agreement/],
    ['mixed V takes the other bit', '1 phase', /^agreement/],
    ['AUX beyond the values', '2 phases of binary agreement on 1', /^agreement/],
  ])('%s', (name, begin, what) => {
    const violation = firstViolation(name, begin)
    expect(violation?.what).toMatch(what)
    expect(violation?.trace.length).toBeGreaterThan(3)
  })
})
