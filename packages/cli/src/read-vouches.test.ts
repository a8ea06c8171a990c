import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readVouches } from './read-vouches.ts'

const folder = mkdtempSync(join(tmpdir(), 'hearsay-vouches-'))
afterAll(() => rmSync(folder, { recursive: true }))

const written = (name: string, text: string) => {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

test('CSV in any order and YAML of lists and maps are the same vouches', async () => {
  const csv = await readVouches(written('a.csv', 'from,to,weight\n"ben",ana,\nana,7,0.5\n'))
  const yaml = await readVouches(
    written('a.yaml', 'preTrusted: [ana]\nvouches:\n  - [ben, ana]\n  - { from: ana, to: 7, weight: 0.5 }\n'),
  )
  expect(csv.names).toEqual(['7', 'ana', 'ben'])
  expect(csv.vouches).toEqual([
    { from: 2, to: 1, weight: 1 },
    { from: 1, to: 0, weight: 0.5 },
  ])
  expect(yaml).toEqual({ ...csv, preTrusted: ['ana'] })
})

test.each([
  ['head.csv', 'ana,ben\n', 'head.csv:1: expected the columns from,to or from,to,weight, found ana,ben.'],
  ['fields.csv', 'from,to\nana\n', 'fields.csv:2: expected from,to, found 1 fields.'],
  ['weight.csv', 'from,to,weight\nana,ben,much\n', 'weight.csv:2: weight must be a number, 1 when left out.'],
  ['zero.csv', 'from,to,weight\nana,ben,0\n', 'zero.csv:2: its weight must be from 0.000001 to 1000000, found 0.'],
  ['name.csv', 'from,to\nana,"b\nc"\n', 'name.csv:2: to must be a name of 1 to 64 characters'],
  ['empty.csv', 'from,to\nana,\n', 'empty.csv:2: to must be a name'],
  ['self.csv', 'from,to\nana,ben\nben,ben\n', 'self.csv:3: peer ben vouches for itself, which says nothing: leave'],
  ['twice.csv', 'from,to\na,b\nb,a\na,b\n', 'twice.csv:4: peer a vouches for b twice: leave one out.'],
  ['quote.csv', 'from,to\n"ana,ben\n', 'quote.csv:2'],
  ['absent.csv', undefined, 'absent.csv: there is no such file'],
  ['field.yaml', 'preTrusted: []\nvouchers: []\n', 'field.yaml:2:11: unknown field "vouchers"; there are'],
  ['pair.yaml', 'vouches:\n  - [a, b]\n  - [a]\n', 'pair.yaml:3:5: expected [FROM, TO] or [FROM, TO, WEIGHT].'],
  ['list.yaml', '- a\n', 'list.yaml: write preTrusted: [NAME, …] and vouches'],
  ['tab.yaml', 'vouches: [\n', 'tab.yaml:2:1: not YAML'],
])('%s is refused by place', async (name, text, message) => {
  const file = text === undefined ? join(folder, name) : written(name, text)
  await expect(readVouches(file)).rejects.toThrow(message)
})

test('of many faults some are told, and how many there are', async () => {
  const loops = Array.from({ length: 9 }, (_, peer) => `p${peer},p${peer}\n`).join('')
  const reading = readVouches(written('many.csv', `from,to\n${loops}`))
  await expect(reading).rejects.toThrow(/many\.csv:6: peer p4 .*\n.*many\.csv: and 4 more such vouches\.$/s)
})
