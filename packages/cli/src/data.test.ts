import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hearsay } from './testing/command.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearsay-data-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

test('data sets are listed with size, licence and source, and as JSON with all that is known', async () => {
  const { code, stdout } = await hearsay(['data', 'list'], { cwd: folder })
  expect(code).toBe(0)
  expect(stdout).toMatch(/^mnist +70,000 handwritten digits.*\n +11\.6 MB; licence: CC BY-SA 3\.0\n +LeCun/m)
  const sets = JSON.parse((await hearsay(['data', 'list', '--json'], { cwd: folder })).stdout)
  expect(sets.map(({ name, fetched }: { name: string; fetched: boolean }) => [name, fetched])).toContainEqual([
    'har',
    false,
  ])
})

const scenario = `name: wards
question: Who has what?
peers: 4
tolerated: 1
adversaries: { count: 1, behaviour: sign-flip }
rounds: 1
learning: { batchSize: 4 }
task:
  data: { kind: table, train: wards.csv, label: ill, group: ward, testShare: 0.1 }
  model: logistic
  partition: { kind: group }
`

test('who has what of a table by groups: as text, as JSON, as a picture', async () => {
  const rows = Array.from({ length: 200 }, (_, row) => `${row % 17},${row % 3 === 0 ? 'yes' : 'no'},ward ${row % 9}`)
  writeFileSync(join(folder, 'wards.csv'), `age,ill,ward\n${rows.join('\n')}\n`)
  writeFileSync(join(folder, 'wards.yaml'), scenario)
  const text = await hearsay(['data', 'show', 'wards.yaml', '--out', 'wards.svg'], { cwd: folder })
  expect([text.stderr, text.code]).toEqual(['', 0])
  expect(text.stdout).toMatch(
    /^4 peers|· 4 peers · wards\.csv, logistic · partition group · seed 1\n\n +no +yes +all\n/,
  )
  expect(text.stdout).toMatch(/^peer 3, lies( +\d+){3}$/m)
  expect(readFileSync(join(folder, 'wards.svg'), 'utf8')).toContain('Who has which of the training samples?')
  const { sizes, counts, columns, liars } = JSON.parse(
    (await hearsay(['data', 'show', 'wards.yaml', '--json'], { cwd: folder })).stdout,
  )
  expect([columns, liars, counts.length]).toEqual([['no', 'yes'], [3], 4])
  expect(sizes.reduce((sum: number, size: number) => sum + size)).toBe(180)
})

test.each([
  [['--cell', '3'], /--cell 3: the scenario has 1, from 0/],
  [['--out', 'x.gif'], /--out x\.gif: its name must end in \.svg or \.png/],
  [['--set', 'peers=10'], /10 peers need as many groups, the training samples are of 9/],
  [['--set', 'task.data={ kind: named, name: har }'], /the data set har is not there; get it: hearsay data fetch har/],
])('%j is exit code 2 and says why', async (words, reason) => {
  const { code, stderr } = await hearsay(['data', 'show', 'wards.yaml', ...words], { cwd: folder })
  expect(stderr).toMatch(reason)
  expect(code).toBe(2)
})
