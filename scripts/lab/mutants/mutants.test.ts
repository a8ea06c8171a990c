import { globSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { parse } from '../../house/syntax-tree.ts'
import { changed } from './mutant-place.ts'
import { tryMutants } from './mutants.ts'
import { allMutants, thresholds } from './protocol-mutants.ts'

it('the protocol with a threshold that is wrong by one, or with the wrong parity, fails its tests', async () => {
  const verdicts = await tryMutants(thresholds)
  expect(verdicts).toHaveLength(9)
  expect(verdicts.filter(({ killedBy }) => killedBy === undefined)).toEqual([])
})

it('every mutant of the table has its place once, and its tests', () => {
  expect(new Set(allMutants.map(({ name }) => name)).size).toBe(allMutants.length)
  const tests = globSync('packages/*/src/**/*.test.ts', { cwd: join(import.meta.dirname, '../../..') })
  const lost = allMutants.flatMap(({ name, changes, tests: named }) => {
    const missing = named.filter((test) => tests.filter((path) => `/${path}`.endsWith(`/${test}.test.ts`)).length !== 1)
    return [...missing.map((test) => `${name}: there is not one ${test}.test.ts`), ...lostPlace(name, changes)]
  })
  expect(lost).toEqual([])
})

function lostPlace(name: string, changes: Parameters<typeof changed>[0]): string[] {
  try {
    for (const text of changed(changes).values()) parse(text)
    return []
  } catch (error) {
    return [`${name}: ${(error as Error).message}`]
  }
}
