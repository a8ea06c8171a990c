import { expect, test } from 'vitest'
import { DataError } from '../format/data-error.ts'
import { dataSchema, readRatings, readSamples } from '../formats.ts'
import { testFolder } from '../testing/folder.ts'

const content = 'userId,movieId,rating,timestamp\n7,31,2.5,1260759144\n10,29,3.0,1260759179\n7,29,4,1260759182\n'
const columns = { user: 'userId', item: 'movieId', time: 'timestamp' }

async function read(train: string, fields: object = {}, name = 'r.csv') {
  using folder = testFolder({ [name]: train })
  return await readRatings(
    dataSchema().parse({ kind: 'ratings', train: name, test: name, ...columns, ...fields }),
    folder,
  )
}

test('users and items by their sorted names, times exactly', async () => {
  const { users, items, train } = await read(content)
  expect([users, items]).toEqual([
    ['7', '10'],
    ['29', '31'],
  ])
  expect(train).toEqual({
    user: Int32Array.of(0, 1, 0),
    item: Int32Array.of(1, 0, 0),
    rating: Float32Array.of(2.5, 3, 4),
    time: Float64Array.of(1260759144, 1260759179, 1260759182),
  })
})

test('separated by :: and without names, as MovieLens has them', async () => {
  const lines = content.split('\n').slice(1).join('\n').replaceAll(',', '::')
  const fields = { separator: '::', columns: ['userId', 'movieId', 'rating', 'timestamp'] }
  expect(await read(lines, fields, 'r.dat')).toEqual(await read(content))
})

test('a part is held back; without times they are 0', async () => {
  const lines = Array.from({ length: 10 }, (_, row) => `u${row},i${row % 3},${row % 5}`)
  const { train, test: held } = await read(`user,item,rating\n${lines.join('\n')}\n`, {
    ...{ test: undefined, user: 'user', item: 'item', time: undefined, testShare: 0.3 },
  })
  expect([train.user.length, held.user.length, [...train.time]]).toEqual([7, 3, [0, 0, 0, 0, 0, 0, 0]])
  expect([...train.user, ...held.user].sort((a, b) => a - b)).toEqual(lines.map((_, row) => row))
})

test('who is told hears of what is rated twice, and of every fault', async () => {
  using folder = testFolder({ 'r.csv': `${content}7,31,9,1\n7,31,3,2\nx,y,1\n` })
  const heard: string[] = []
  const teller = {
    fault: ({ message }: DataError) => void heard.push(message.slice(folder.base.length + 1)),
    note: (text: string) => void heard.push(text.replace(`${folder.base}/`, '')),
  }
  const spec = dataSchema().parse({ kind: 'ratings', train: 'r.csv', bounds: [0.5, 5], ...columns })
  await readRatings(spec, { ...folder, teller })
  expect(heard).toEqual([
    'r.csv:5: column "rating": 9 is not from 0.5 to 5; mend it, or correct bounds.',
    'r.csv:7: 3 values, where there are 4 columns; mend the line.',
    '1 ratings are of an item that the same user has rated before, the first at r.csv:6',
  ])
})

test.each([
  ['a rating out of bounds', content, { bounds: [0.5, 3.5] }, /r\.csv:4: column "rating": 4 is not from 0\.5 to 3\.5/],
  ['no number', content.replace('3.0', 'good'), {}, /r\.csv:3: column "rating": "good" is no finite number/],
  ['no time', content.replace('1260759144', 'noon'), {}, /r\.csv:2: column "timestamp": "noon" is no finite number/],
  ['no user', content.replace('10,29', ',29'), {}, /r\.csv:3: column "userId": it has no value/],
  ['a column that is not there', content, { item: 'film' }, /column "film": there is none; its columns are userId/],
  ['a header only', 'userId,movieId,rating,timestamp\n', { test: undefined }, /0 rows cannot be divided/],
])('%s: an error with its place and remedy', async (_, train, fields, message) => {
  const error = await read(train, fields).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(DataError)
  expect((error as Error).message).toMatch(message)
})

test('are no samples', async () => {
  const spec = dataSchema().parse({ kind: 'ratings', train: 'r.csv' })
  await expect(readSamples(spec, { base: '.' })).rejects.toMatchObject({ code: 'bad-option' })
})
