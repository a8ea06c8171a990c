import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { mutated, tryMutants } from './mutants.ts'
import { allMutants, thresholds } from './protocol-mutants.ts'

it('the protocol with a threshold that is wrong by one, or with the wrong parity, fails its tests', async () => {
  const verdicts = await tryMutants(thresholds)
  expect(verdicts).toHaveLength(9)
  expect(verdicts.filter(({ killedBy }) => killedBy === undefined)).toEqual([])
})

it('every mutant of the table changes one place', async () => {
  expect(new Set(allMutants.map(({ name }) => name)).size).toBe(allMutants.length)
  for (const mutant of allMutants) {
    const source = join(import.meta.dirname, '..', 'packages', 'protocol', 'src', mutant.file)
    const text = await readFile(source, 'utf8')
    expect(mutated(text, mutant)).not.toBe(text)
  }
})
