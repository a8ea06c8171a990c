import { mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Line } from '@hearsay/peer'
import { summarySchema } from '@hearsay/scenario'
import { parquetReadObjects } from 'hyparquet'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createRunFolder, type RunFolder } from './folder.ts'
import { JobFolder } from './job-folder.ts'
import { pointLatest } from './latest.ts'
import type { RoundRow } from './rounds.ts'
import { exampleSummary } from './testing/results-fixture.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hearsay-runs-'))
})
afterEach(() => rmSync(root, { recursive: true }))

const startedAt = new Date('2026-01-02T03:04:05.678Z')

function create(scenario = 'one-third'): RunFolder {
  const commandLine = ['pnpm', 'hearsay', 'run', 'x.yaml']
  return createRunFolder({
    root,
    scenario,
    engine: 'wasm',
    seeds: [1],
    commandLine,
    resolved: 'name: x\n',
    extensions: [],
    base: root,
    measures: ['accuracy', 'loss', 'backdoor'],
    cells: [],
    startedAt,
  })
}

const row: RoundRow = {
  cell: 1,
  label: '3 of 10 "silent", rule mean',
  seed: 4_294_967_295,
  round: 2,
  peer: 0,
  evaluation: { accuracy: 0.5, loss: Number.POSITIVE_INFINITY, backdoor: null },
  ended: true,
  forked: false,
  distance: 0,
  bytesSent: 1000,
  bytesReceived: 2000.4,
  trainingMs: 1.5,
  exchangeMs: 2,
  agreementMs: 3,
  aggregationMs: 0.25,
}

let cells = 0

/** Adds a job that has these events and rows. */
function add(folder: RunFolder, events: readonly Line[], rows: readonly RoundRow[]): void {
  const { scenario, digest, version, engine } = folder.manifest
  const cell = cells++
  const job = new JobFolder(folder.path, { scenario, digest, version, engine, cell, label: 'x', seed: 1 })
  for (const event of events) job.writeEvent(event)
  job.finish({ failed: 'it is no job' }, rows)
  folder.add(`cell-${cell}-seed-1`)
}

const read = (folder: RunFolder, file: string): string => readFileSync(join(folder.path, file), 'utf8')

test('a finished run has every file, each readable', async () => {
  const folder = create()
  add(
    folder,
    [{ kind: 'evaluated', round: 1, measures: { accuracy: Number.NaN } }],
    [row, { ...row, round: 3, evaluation: {} }],
  )
  await folder.finish(exampleSummary([1]), new Date('2026-01-02T03:05:00Z'))

  expect(readdirSync(folder.path).sort()).toEqual([
    'curves.csv',
    'events.jsonl',
    'holdings.csv',
    'manifest.json',
    'plot.png',
    'plot.svg',
    'report.html',
    'rounds.csv',
    'rounds.parquet',
    'scenario.yaml',
    'summary.json',
  ])
  expect(folder.path).toMatch(/2026-01-02T03-04-05-one-third-[0-9a-f]{6}$/)
  expect(JSON.parse(read(folder, 'events.jsonl'))).toEqual({
    kind: 'evaluated',
    round: 1,
    measures: { accuracy: null },
  })
  expect(summarySchema.parse(JSON.parse(read(folder, 'summary.json')))).toEqual(exampleSummary([1]))
  expect(JSON.parse(read(folder, 'manifest.json'))).toMatchObject({
    scenario: 'one-third',
    engine: 'wasm',
    startedAt: '2026-01-02T03:04:05.678Z',
    endedAt: '2026-01-02T03:05:00.000Z',
    node: process.version,
    lockfile: expect.stringMatching(/^[0-9a-f]{64}$/),
  })
})

test('CSV and Parquet have the same rows', async () => {
  const folder = create()
  add(folder, [], [row])
  await folder.finish(exampleSummary([1]), startedAt)
  const lines = read(folder, 'rounds.csv').split('\n')
  expect(lines).toEqual([
    'cell,label,seed,round,peer,accuracy,loss,backdoor,ended,forked,distance,bytesSent,bytesReceived,trainingMs,exchangeMs,agreementMs,aggregationMs',
    '1,"3 of 10 ""silent"", rule mean",4294967295,2,0,0.5,,,true,false,0,1000,2000.4,1.5,2,3,0.25',
    '',
  ])
  const bytes = readFileSync(join(folder.path, 'rounds.parquet'))
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)
  const { evaluation, ...fields } = row
  expect(await parquetReadObjects({ file })).toEqual([
    { ...fields, ...evaluation, loss: null, seed: 4_294_967_295n, bytesSent: 1000n, bytesReceived: 2000n },
  ])
})

test('an interrupted run leaves valid files and no end', () => {
  const folder = create()
  add(folder, [{ kind: 'round', round: 1 }], [row])
  add(folder, [{ kind: 'round', round: 2 }], [])
  const { cells, ...rest } = exampleSummary([1])
  folder.writeSummary({ ...rest, cells: cells.slice(0, 1) })
  folder.end({ how: 'interrupted', why: 'no patience' })
  folder.end({ how: 'interrupted', why: 'no patience' })
  const events = read(folder, 'events.jsonl').trimEnd().split('\n')
  expect(events.map((line) => JSON.parse(line))).toEqual([1, 2].map((round) => ({ kind: 'round', round })))
  const outcome = { how: 'interrupted', why: 'no patience' }
  expect(JSON.parse(read(folder, 'manifest.json'))).toMatchObject({ endedAt: null, outcome })
  expect(JSON.parse(read(folder, 'summary.json')).cells).toHaveLength(1)
  expect(readdirSync(folder.path).filter((name) => name.endsWith('.tmp'))).toEqual([])
})

test('latest points to the last run, by a file where there are no links', () => {
  create('first')
  const second = create('second')
  expect(second.path.endsWith(readlinkSync(join(root, 'latest')))).toBe(true)
  const refuse = (): void => {
    throw Object.assign(new Error('operation not permitted, symlink'), { code: 'EPERM' })
  }
  writeFileSync(join(second.path, 'kept'), '')
  pointLatest(root, 'third', refuse)
  expect(readFileSync(join(root, 'latest'), 'utf8')).toBe('third\n')
  expect(readdirSync(second.path)).toContain('kept')
  pointLatest(root, 'fourth')
  expect(readlinkSync(join(root, 'latest'))).toBe('fourth')
  expect(readdirSync(root).filter((name) => name.endsWith('.tmp'))).toEqual([])
})

test('a folder called latest stays as it is, and stops nothing', () => {
  const root = mkdtempSync(join(tmpdir(), 'hearsay-latest-'))
  mkdirSync(join(root, 'latest'))
  writeFileSync(join(root, 'latest', 'kept'), '')
  expect(pointLatest(root, 'first')).toContain('latest is a folder, not a link')
  expect(readdirSync(root)).toEqual(['latest'])
  expect(readdirSync(join(root, 'latest'))).toEqual(['kept'])
  expect(pointLatest(join(root, 'nowhere'), 'first')).toMatch(/does not lead to this run: .*ENOENT/)
  rmSync(root, { recursive: true })
})

test('a summary that is not one is refused before it is written', () => {
  const folder = create()
  const wrong = { ...exampleSummary([1]), seeds: [-1] }
  expect(() => folder.writeSummary(wrong)).toThrow('seeds')
  expect(readdirSync(folder.path)).not.toContain('summary.json')
})
