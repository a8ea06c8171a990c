import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { strToU8, zipSync } from 'fflate'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { dataSchema, readRatings } from '../formats.ts'
import { namedSets } from './sets.ts'

let base: string
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'hearsay-movielens-'))
})
afterEach(() => rm(base, { recursive: true }))

const csv = 'userId,movieId,rating,timestamp\n1,31,2.5,1260759144\n1,1029,3.0,1260759179\n7,31,5.0,851868750\n'
const tsv = '196\t242\t3\t881250949\n186\t302\t3\t891717742\n196\t302\t1\t878887116\n'

test.each([
  ['movielens-small', 'ml-latest-small', { 'ratings.csv': csv, 'movies.csv': 'm', 'README.txt': 'r' }, ['1', '7']],
  ['movielens-100k', 'ml-100k', { 'u.data': tsv, 'u.item': 'i', 'u.user': 'u', README: 'r' }, ['186', '196']],
])('%s is unpacked and read', async (name, folder, files, users) => {
  const named = Object.entries(files).map(([file, text]) => [`${folder}/${file}`, strToU8(text)])
  const set = namedSets.find(name)
  await writeFile(join(base, set.pinned[0]!.name), zipSync(Object.fromEntries(named)))
  await set.prepare!(base)
  const ratings = await readRatings(dataSchema().parse({ kind: 'named', name, folder: '.' }), { base })
  expect([ratings.users, ratings.items.length]).toEqual([users, 2])
  expect(ratings.train.rating.length + ratings.test.rating.length).toBe(3)
  expect(Math.min(...ratings.train.time)).toBeGreaterThan(8e8)
})
