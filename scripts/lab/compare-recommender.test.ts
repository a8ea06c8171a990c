import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { compareOneFilm, type Line, outOfOrder } from './compare-recommender/compare.ts'

const folder =
  process.env.HEARSAY_MOVIELENS ?? fileURLToPath(new URL('../../../shared/data/ml-latest-small', import.meta.url))

test('one film by the mean and by the rules that one voice moves by so much: exact to three digits', () => {
  const lines = compareOneFilm()
  expect(lines).toHaveLength(15)
  expect(lines.filter(({ met }) => !met)).toEqual([])
})

test('pairs that are the other way round are told, of one column', () => {
  const cell = (what: string, golden: number, ours: number): Line => ({
    ...{ table: 'likes', measure: 'exposure', within: 0, met: true },
    ...{ what, golden, ours },
  })
  const cells = [cell('a, summed', 0, 0.5), cell('b, summed', 0.9, 0.4), cell('c, cap 30', 0.95, 0.1)]
  expect(outOfOrder(cells)).toEqual(['a, summed before b, summed'])
})

test.skipIf(!existsSync(join(folder, 'ratings.csv')))('a short run on MovieLens: every table has its figures', () => {
  const words = [join(import.meta.dirname, 'compare-recommender.ts'), '--data', folder, '--short', '--json']
  const { lines, short } = JSON.parse(execFileSync(process.execPath, words, { encoding: 'utf8', stdio: 'pipe' }))
  expect(short).toBe(true)
  expect(lines.map(({ table, measure }: Line) => `${table}: ${measure}`).slice(15)).toEqual([
    ...['likes: hitRate10', 'likes: exposure', 'ratings: rmse', 'ratings: mae', 'ratings: shift'],
  ])
  expect(lines.every(({ ours }: Line) => Number.isFinite(ours))).toBe(true)
})
