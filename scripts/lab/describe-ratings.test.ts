import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'

test('a short run: drawn ratings are described, and MovieLens that is not there is told', () => {
  const words = [join(import.meta.dirname, 'describe-ratings.ts'), '--data', 'nowhere', '--epochs', '1', '--json']
  const figures = JSON.parse(execFileSync(process.execPath, words, { encoding: 'utf8', stdio: 'pipe' }))
  expect(Object.keys(figures)).toEqual(['tastes, as it is', 'tastes of hyperactive'])
  const drawn = figures['tastes, as it is']
  expect(drawn.users).toBe(300)
  expect(drawn['popularity: Gini']).toBeGreaterThan(0.2)
  expect(drawn['popularity: Gini']).toBeLessThan(1)
  expect(drawn['HR@10 of popularity alone']).toBeGreaterThan(0.1)
})
