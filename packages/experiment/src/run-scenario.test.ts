import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadScenario, summarySchema } from '@hearsay/scenario'
import { parquetReadObjects } from 'hyparquet'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Progress } from './progress.ts'
import { type RunOptions, runScenario } from './run-scenario.ts'
import { smallText } from './testing/cells.ts'

const text = `${smallText.replace('rounds: 3', 'rounds: 2').replace('stallMs: 20000', 'stallMs: 4000')}seeds: [3, 4]
sweep:
  - { label: nobody lies, adversaries.count: 0 }
  - { label: two are silent, adversaries: { count: 2, behaviour: silent }, stallMs: 1000 }
expect:
  - { text: all is certified, check: liveness.certified == liveness.rounds }
  - { text: nobody is accused, check: evidence.falseAccusations == 0 }
`

let root: string

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'hearsay-runs-'))
})

afterAll(() => rmSync(root, { recursive: true, force: true }))

function options(more: Partial<RunOptions> = {}): RunOptions {
  const scenario = loadScenario(text, { file: 'small.yaml' })
  return { scenario, engine: 'auto', root, commandLine: ['hearsay'], ...more }
}

test('every cell runs with every seed, and all that comes of it is in the folder', async () => {
  const told: Progress[] = []
  const { summary, folder } = await runScenario(options({ onProgress: (progress) => told.push(progress) }))
  expect(summarySchema.parse(summary)).toEqual(summary)
  expect(summary).toMatchObject({
    seeds: [3, 4],
    cells: [
      { label: 'nobody lies', stalled: false, bySeed: [{ seed: 3 }, { seed: 4 }] },
      { label: 'two are silent', stalled: true, bySeed: [{ seed: 3 }, { seed: 4 }] },
    ],
    expectations: [
      { text: 'all is certified', held: false },
      { text: 'nobody is accused', held: true, failures: [] },
    ],
  })
  expect(summary.expectations[0]!.failures).toHaveLength(2)
  expect(told.filter(({ kind }) => kind === 'cell')).toMatchObject([
    { cell: 0, seed: 3 },
    { cell: 0, seed: 4 },
    { cell: 1, seed: 3 },
    { cell: 1, seed: 4 },
  ])
  expect(told.filter(({ kind }) => kind === 'done')).toHaveLength(4)

  const read = (name: string): string => readFileSync(join(folder, name), 'utf8')
  expect(JSON.parse(read('summary.json'))).toEqual(summary)
  // Two rounds of four peers, and the first of two that never ended, with two seeds.
  const rows = 2 * (2 * 4 + 2)
  expect(read('rounds.csv').trim().split('\n')).toHaveLength(1 + rows)
  const bytes = readFileSync(join(folder, 'rounds.parquet'))
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
  const parquet = await parquetReadObjects({ file })
  expect(parquet).toHaveLength(rows)
  expect(parquet.at(-1)).toMatchObject({
    cell: 1,
    seed: 4n,
    round: 1,
    ended: false,
    accuracy: null,
    trainingMs: null,
  })
  const events = read('events.jsonl').trim().split('\n')
  expect(new Set(events.map((line) => JSON.parse(line)).map(({ cell, seed }) => `${cell} ${seed}`)).size).toBe(4)
  expect(loadScenario(read('scenario.yaml'), { file: 'again.yaml' }).cells.map(({ label }) => label)).toEqual([
    'nobody lies',
    'two are silent',
  ])
})

test('a run that is interrupted between seeds keeps those that are done', async () => {
  const controller = new AbortController()
  const onProgress = ({ kind }: Progress): void => {
    if (kind === 'done') controller.abort()
  }
  const before = new Set(readdirSync(root))
  await expect(runScenario(options({ signal: controller.signal, onProgress }))).rejects.toMatchObject({
    code: 'interrupted',
    message: expect.stringContaining('what was done is in'),
  })
  const [folder] = readdirSync(root).filter((name) => !before.has(name))
  const summary = summarySchema.parse(JSON.parse(readFileSync(join(root, folder!, 'summary.json'), 'utf8')))
  expect(summary.cells).toMatchObject([{ label: 'nobody lies', bySeed: [{ seed: 3 }] }])
  expect(summary.expectations[1]!.failures).toContain('nobody lies, seed 4: did not run')
})

test('a run that is interrupted before it began leaves no folder', async () => {
  const before = readdirSync(root)
  const signal = AbortSignal.abort()
  await expect(runScenario(options({ signal }))).rejects.toMatchObject({ code: 'interrupted' })
  expect(readdirSync(root)).toEqual(before)
})
