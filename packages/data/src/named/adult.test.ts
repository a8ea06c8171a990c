import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { dataSchema, readSamples } from '../formats.ts'
import { adult } from './adult.ts'

let base: string
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'hearsay-adult-'))
})
afterEach(() => rm(base, { recursive: true }))

const row = (age: number, workclass: string, occupation: string, income: string) =>
  `${age}, ${workclass}, 77516, Bachelors, 13, Never-married, ${occupation}, Not-in-family, White, Male, 2174, 0, ${age}, United-States, ${income}\n`

/** As UCI has them: without names, spaces after commas, a line that is no row, full stops, empty lines. */
async function prepare(different: Record<string, string> = {}): Promise<void> {
  const files = {
    'adult.data': `${row(39, 'State-gov', 'Sales', '<=50K')}${row(50, '?', '?', '>50K')}${row(20, 'Private', 'Sales', '<=50K')}\n`,
    'adult.test': `|1x3 Cross validator\n${row(30, 'Private', 'Tech-support', '>50K.')}\n`,
    ...different,
  }
  for (const [name, text] of Object.entries(files)) await writeFile(join(base, name), text)
  await adult.prepare!(base)
}

const read = (name: unknown) => readSamples(dataSchema().parse({ kind: 'named', name, folder: '.' }), { base })

test('people by income, numbers and categories, without their weight', async () => {
  await prepare()
  const { inputs, outputs, groups, train, test: held, origin } = await read('adult')
  expect([outputs, groups, train.count, held.count]).toEqual([['<=50K', '>50K'], [], 3, 1])
  expect(train.targets).toEqual({ kind: 'classes', labels: Int32Array.of(0, 1, 0) })
  expect(held.targets).toEqual({ kind: 'classes', labels: Int32Array.of(1) })
  expect(inputs).toContain('age')
  expect(inputs.some((name) => name.includes('fnlwgt'))).toBe(false)
  expect(inputs.filter((name) => name.includes('workclass'))).toHaveLength(3)
  expect(origin?.licence).toBe('CC BY 4.0')
})

test('a column may tell whose a row is, and is no input then', async () => {
  await prepare()
  const { inputs, groups, train } = await read({ adult: { group: 'occupation' } })
  expect(groups).toEqual(['Sales', 'Tech-support', 'unknown'])
  expect(train.group).toEqual(Int32Array.of(0, 2, 0))
  expect(inputs.some((name) => name.includes('occupation'))).toBe(false)
})

test('a row of another length is told with its line', async () => {
  const broken = prepare({ 'adult.test': `${row(30, 'Private', 'Sales', '>50K.')}1, 2\n` })
  await expect(broken).rejects.toThrow(/adult\.test:2: 2 values, where 15 are due; get the file again/)
})
