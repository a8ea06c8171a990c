import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { DataError } from '../format/data-error.ts'
import type { Part, Samples } from '../format/samples.ts'
import { testFolder } from '../testing/folder.ts'
import { readData, readTold } from '../testing/read.ts'

const people = 'age,city,income,rich\n30,Rome,10.5,no\n40,Oslo,20,yes\n50,Rome,30,yes\n20,Bonn,5e0,no\n'

async function read(train: string | Uint8Array, fields: object = {}, test: string | null = train.toString()) {
  using folder = testFolder({ 'train.csv': train, ...(test === null ? {} : { 'test.csv': test }) })
  const data = { kind: 'table', train: 'train.csv', label: 'rich', scale: 'none', ...fields }
  return await readData(folder.base, test === null ? data : { ...data, test: 'test.csv' })
}

const rowsOf = ({ shape }: Samples, { inputs, count }: Part) => {
  const width = shape.reduce((product, length) => product * length, 1)
  return Array.from({ length: count }, (_, row) => [...inputs.subarray(row * width, (row + 1) * width)])
}

test('numbers as they are, categories one-hot and sorted, labels as classes', async () => {
  const samples = await read(people)
  expect(samples).toMatchObject({
    shape: [5],
    inputs: ['age', 'city=Bonn', 'city=Oslo', 'city=Rome', 'income'],
    targets: 'classes',
    outputs: ['no', 'yes'],
    groups: [],
  })
  expect(rowsOf(samples, samples.train)).toEqual([
    [30, 0, 0, 1, 10.5],
    [40, 0, 1, 0, 20],
    [50, 0, 0, 1, 30],
    [20, 1, 0, 0, 5],
  ])
  expect(samples.train.targets).toEqual({ kind: 'classes', labels: Int32Array.of(0, 1, 1, 0) })
})

test.each([
  ['a BOM', `\ufeff${people}`],
  ['CRLF', people.replaceAll('\n', '\r\n')],
  ['CR', people.replaceAll('\n', '\r')],
  ['no newline at the end', people.trimEnd()],
  ['empty lines', people.replaceAll('\n', '\n\n')],
  ['quotes around everything', people.replaceAll(/[^,\n]+/g, '"$&"')],
  ['spaces around everything', people.replaceAll(/[^,\n]+/g, ' $& ')],
  ['UTF-16', Buffer.from(`\ufeff${people}`, 'utf16le')],
])('%s makes no difference', async (_, content) => {
  expect(await read(content, {}, people)).toEqual(await read(people))
})

test('the same from .tsv, gzipped, in other separators and with decimal commas', async () => {
  using folder = testFolder({
    'a.tsv': people.replaceAll(',', '\t'),
    'a.csv.gz': gzipSync(people),
    'a.txt': people.replaceAll(',', ';').replaceAll('.', ','),
    'a.dat': people.replaceAll(',', '   '),
  })
  const all = { kind: 'table', label: 'rich' }
  const expected = await readData(folder.base, { ...all, train: 'a.tsv' })
  expect(await readData(folder.base, { ...all, train: 'a.csv.gz' })).toEqual(expected)
  expect(await readData(folder.base, { ...all, train: 'a.txt', separator: ';', decimal: ',' })).toEqual(expected)
  expect(await readData(folder.base, { ...all, train: 'a.dat', separator: 'space' })).toEqual(expected)
})

test('quoted newlines, separators and quotes; the next fault has the right line', async () => {
  const content = 'text,n,rich\n"a\nb, ""c""",1,no\nd,2,yes\nd,x,yes\n'
  await expect(read(content)).rejects.toThrow(/train\.csv:5: column "n": "x" is no finite number; mend it/)
  const { inputs } = await read(content.replace('d,x', 'd,3'))
  expect(inputs).toEqual(['text=a\nb, "c"', 'text=d', 'n'])
})

test('a part is held back by row number, the same for the same number of rows', async () => {
  const lines = Array.from({ length: 50 }, (_, row) => `${row},${row % 2}`)
  const samples = await read(['n,rich', ...lines, ''].join('\n'), { testShare: 0.3 }, null)
  expect([samples.train.count, samples.test.count]).toEqual([35, 15])
  const both = [samples.train, samples.test].map((part) => rowsOf(samples, part).flat())
  expect(both.map((rows) => rows.toSorted((a, b) => a - b))).toEqual(both)
  expect(both.flat().sort((a, b) => a - b)).toEqual(lines.map((_, row) => row))
  const others = await read(['m,rich', ...lines, ''].join('\n'), { testShare: 0.3 }, null)
  expect(rowsOf(others, others.test)).toEqual(rowsOf(samples, samples.test))
})

test('mean and deviation, and categories, are of the training part only', async () => {
  const samples = await read(people, { scale: 'standard' }, 'age,city,income,rich\n1000,Graz,7,no\n')
  expect(samples.inputs).not.toContain('city=Graz')
  const ages = rowsOf(samples, samples.train).map(([age]) => age!)
  expect(ages.reduce((sum, age) => sum + age, 0)).toBeCloseTo(0)
  expect(ages.reduce((sum, age) => sum + age * age, 0) / 4).toBeCloseTo(1)
  expect([samples.scaling!.mean[0], samples.scaling!.deviation[1]]).toEqual([35, 1])
  const test = rowsOf(samples, samples.test)[0]!
  expect(test[0]).toBe(Math.fround((1000 - 35) / samples.scaling!.deviation[0]!))
  expect(test.slice(1, 4)).toEqual([0, 0, 0])
})

test('what peers must agree on may be given: classes, categories, mean and deviation', async () => {
  const fields = {
    classes: ['yes', 'maybe', 'no'],
    categories: { city: ['Oslo', 'Graz', 'Rome'] },
    scale: { mean: [30, 10], deviation: [10, 5] },
  }
  const samples = await read(people, fields)
  expect([samples.outputs, samples.inputs.slice(1, 4)]).toEqual([
    fields.classes,
    ['city=Oslo', 'city=Graz', 'city=Rome'],
  ])
  expect(rowsOf(samples, samples.train)[3]).toEqual([-1, 0, 0, 0, -1])
  await expect(read(people, { ...fields, classes: ['yes', 'maybe'] })).rejects.toThrow(
    /train\.csv:2: column "rich": "no" is no class; they are yes, maybe/,
  )
  await expect(read(people, { ...fields, scale: { mean: [1], deviation: [1] } })).rejects.toThrow(
    /each of 2 columns of numbers/,
  )
})

test('regression, several numbers, several flags, groups', async () => {
  const content = 'x,y,z,a,b,who\n1,0.5,7,1,true,Ann\n2,1.5,8,0,false,Bob\n3,2.5,9,0,true,Ann\n'
  const one = await read(content, { label: 'y', inputs: ['x'], group: 'who' })
  expect(one).toMatchObject({ targets: 'numbers', outputs: ['y'], groups: ['Ann', 'Bob'] })
  expect(one.train.targets).toEqual({ kind: 'numbers', values: Float32Array.of(0.5, 1.5, 2.5) })
  expect(one.train.group).toEqual(Int32Array.of(0, 1, 0))
  const two = await read(content, { label: ['y', 'z'], inputs: ['x'] })
  expect(two.train.targets).toEqual({ kind: 'numbers', values: Float32Array.of(0.5, 7, 1.5, 8, 2.5, 9) })
  const flags = await read(content, { label: ['a', 'b'], inputs: ['x'] })
  expect(flags.train.targets).toEqual({ kind: 'flags', values: Uint8Array.of(1, 1, 0, 0, 0, 1) })
})

describe('missing values', () => {
  const content = 'n,c,rich\n1,a,no\n?,b,yes\n5,,yes\n3,NA,\n'
  test('are errors', async () => {
    await expect(read(content)).rejects.toThrow(
      /train\.csv:3: column "n": it has no value; .* missing: drop or mean\.$/,
    )
  })
  test('or rows that are left out', async () => {
    await expect(read(content, { missing: 'drop' })).rejects.toThrow(/all labels are "no"/)
    const samples = await read(`${content}2,d,yes\n`, { missing: 'drop' })
    expect(rowsOf(samples, samples.train)).toEqual([
      [1, 1, 0],
      [2, 0, 1],
    ])
  })
  test('or means, and a category of their own; never labels', async () => {
    const samples = await read(content, { missing: 'mean' })
    expect(samples.inputs).toEqual(['n', 'c=a', 'c=b', 'c=missing'])
    expect(rowsOf(samples, samples.train)).toEqual([
      [1, 1, 0, 0],
      [3, 0, 1, 0],
      [5, 0, 0, 1],
    ])
  })
  test('look as one says', async () => {
    const samples = await read('n,rich\n-999,no\n4,yes\n6,yes\n', { missing: 'mean', absent: ['-999'] })
    expect(rowsOf(samples, samples.train).flat()).toEqual([5, 4, 6])
  })
})

test('files without names; rows that are pictures', async () => {
  const content = '1,2,3,4,0\n5,6,7,8,1\n'
  const counted = await read(content, { columns: 5, label: '5', shape: [2, 2] })
  expect(counted).toMatchObject({ shape: [2, 2], inputs: ['1', '2', '3', '4'], outputs: ['0', '1'] })
  const named = await read(content, { columns: ['a', 'b', 'c', 'd', 'e'], label: 'e' })
  expect([named.train.count, named.inputs]).toEqual([2, ['a', 'b', 'c', 'd']])
  await expect(read(content, { columns: 5, label: '5', shape: [3] })).rejects.toThrow(/does not hold the 4 inputs/)
})

test.each([
  ['an empty file', '', {}, /train\.csv: it is empty/],
  ['empty lines only', '\n\n\r\n', {}, /no line but empty ones/],
  ['a header only', 'a,rich\n', {}, /no row after the names of columns/],
  ['a ragged row', 'a,rich\n1,no\n2\n', {}, /train\.csv:3: 1 values, where there are 2 columns/],
  ['a row too long', 'a,rich\n1,no\n2,3,yes\n', {}, /train\.csv:3: 3 values/],
  ['another separator', 'a;rich\n1;no\n', {}, /train\.csv:1: one column only, "a;rich", .* separator: ";"/],
  ['tabs in .csv', 'a\trich\n1\tno\n', {}, /say separator: "\\t"/],
  ['decimal commas', 'a;rich\n1,5;no\n2,5;yes\n', { separator: ';' }, /column "a": .* say decimal: ","/],
  ['a label that is not there', 'a,rihc\n1,no\n', {}, /column "rich": there is none; did you mean "rihc"/],
  ['no names', '1,0\n2,1\n', {}, /its columns are 1, 0; without a line of names, say columns/],
  ['a name twice', 'a,a,rich\n1,2,no\n', {}, /train\.csv:1: column "a" is there twice/],
  ['not a number', 'a,rich\n1,no\n2,yes\nNaN!,yes\n', {}, /train\.csv:4: column "a": "NaN!" is no finite number/],
  ['NaN', 'a,rich\n1,no\nNaN,yes\n', {}, /train\.csv:3: column "a": it has no value/],
  ['infinity', 'a,rich\n1,no\n2,yes\n-Infinity,yes\n', {}, /train\.csv:4: column "a": "-Infinity" is no finite number/],
  ['inf', 'a,rich\n1,no\n2,yes\ninf,yes\n', {}, /"inf" is no finite number/],
  ['beyond float32', 'a,rich\n1,no\n2,yes\n1e39,yes\n', {}, /"1e39" is no finite number/],
  ['hexadecimal', 'a,rich\n1,no\n2,yes\n0x10,yes\n', {}, /"0x10" is no finite number/],
  ['one class', 'a,rich\n1,no\n2,no\n', {}, /column "rich": all labels are "no"/],
  ['one row', 'a,rich\n1,no\n', { test: null }, /1 rows cannot be divided/],
  ['nothing to learn from', 'rich\nno\nyes\n', {}, /no column to learn from/],
  ['a label that is input', people, { inputs: ['rich'] }, /column "rich" is input and label/],
  ['a flag that is none', 'a,b,rich\n1,2,no\n', { label: ['a', 'b'], labels: 'flags' }, /column "b": "2" is no flag/],
  ['classes of several columns', people, { label: ['rich', 'city'], labels: 'classes' }, /say labels: flags/],
  [
    'a number that is none as a label',
    people,
    { labels: 'numbers' },
    /train\.csv:2: column "rich": "no" is no .* say labels: classes/,
  ],
  ['a quote that is never closed', `a,rich\n"1,no\n${'2,yes\n'.repeat(9)}`, {}, /train\.csv:2: a quote is not closed/],
  ['text after a quote', 'a,rich\n"1"2,no\n2,yes\n', {}, /train\.csv:2: a quote is not closed, or text follows/],
  ['zero bytes', 'a,rich\n1,\0\n', {}, /zero bytes, so that it is no text/],
])('%s: an error with its place and remedy', async (_, content, fields, message) => {
  const { test: alone, ...given } = fields as { test?: null }
  const error = await read(content, given, alone === null ? null : content).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(DataError)
  expect((error as Error).message).toMatch(message)
  expect((error as Error).message).not.toContain('\n')
})

test('a file in Latin-1, one that is not there, a folder', async () => {
  await expect(read(Buffer.from('a,rich\n1,n\xe9\n', 'latin1'), {}, null)).rejects.toThrow(/it is no UTF-8/)
  await expect(readData('/nowhere', { kind: 'table', train: 'x.csv', label: 'y' })).rejects.toMatchObject({
    code: 'data-missing',
    message: '/nowhere/x.csv: there is no such file; correct the path.',
  })
  using folder = testFolder({ 'x/y': '' })
  await expect(readData(folder.base, { kind: 'table', train: 'x', label: 'y' })).rejects.toThrow(/x: is a folder/)
})

test('a row beyond all bounds, and a quote that swallows the file, end soon', async () => {
  const long = 'a,rich\n1,no\n'
  await expect(read(long + '1'.repeat(6_000_000))).rejects.toThrow(
    /train\.csv:3: a row of more than 4194304 characters/,
  )
  await expect(read(`${long}"${'1,no\n'.repeat(1_200_000)}`)).rejects.toThrow(/train\.csv:3: a row of more than/)
  await expect(read(`${long}"${'"x'.repeat(2_100_000)}\n1,no\n`)).rejects.toThrow(/train\.csv:3: a/)
})

test('a column of too many categories', async () => {
  const content = ['a,rich', ...Array.from({ length: 1001 }, (_, row) => `n${row},${row % 2}`)].join('\n')
  await expect(read(content)).rejects.toThrow(/column "a": more than 1000 different values; name the other columns/)
})

test('who is told gets every fault and note, and what is left', async () => {
  using folder = testFolder({
    'a.csv': 'n,c,rich\n1,x,no\nbad,x,no\n3\n4,?,yes\n5,y,yes\n',
    'b.csv': 'n,c,rich\n1,z,no\n',
  })
  const data = { kind: 'table', train: 'a.csv', test: 'b.csv', label: 'rich', missing: 'mean' }
  const { samples, faults, notes } = await readTold(folder.base, data)
  expect(samples.train.count).toBe(3)
  expect(faults.map((fault) => fault.split(';')[0])).toEqual([
    'a.csv:3: column "n": "bad" is no finite number',
    'a.csv:4: 1 values, where there are 3 columns',
  ])
  expect(notes).toEqual([
    'labels are taken for classes',
    'column "c": 1 missing, filled in',
    'column "c": 1 test rows have a category that no training row has, and get zeros',
  ])
})
