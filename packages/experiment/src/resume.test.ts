import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LoggedRun, RunLog } from '@hearsay/results'
import { loadScenario } from '@hearsay/scenario'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lockRun } from './resume.ts'
import { type RunResult, runScenario } from './run-scenario.ts'
import { smallText } from './testing/cells.ts'

const text = `${smallText.replace('rounds: 3', 'rounds: 1')}network: virtual
seeds: [3, 4]
sweep:
  - { label: nobody lies, adversaries.count: 0 }
  - { label: "one, who equivocates", adversaries: { count: 1, behaviour: equivocate } }
expect:
  - { text: all is certified, check: liveness.certified == liveness.rounds }
`

let root: string
let whole: RunResult
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'hearsay-resume-'))
  whole = await run()
}, 300_000)
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** Interrupted when so many jobs are done. */
async function run(
  options: { resume?: string; overrides?: string[]; until?: number; trace?: boolean; logs?: readonly RunLog[] } = {},
) {
  const { overrides = [], until = Number.POSITIVE_INFINITY, ...more } = options
  const scenario = loadScenario(text, { file: 'small.yaml', overrides })
  const stop = new AbortController()
  let done = 0
  const onProgress = ({ kind }: { kind: string }): void => {
    if (kind === 'done' && ++done >= until) stop.abort(new Error('enough'))
  }
  return runScenario({
    scenario,
    engine: 'wasm',
    root,
    commandLine: [],
    pictures: false,
    onProgress,
    signal: stop.signal,
    ...more,
  })
}

/** The folder of a run that was interrupted when so many jobs were done. */
async function cutAfter(until: number): Promise<string> {
  const before = new Set(readdirSync(root))
  await expect(run({ until })).rejects.toMatchObject({ code: 'interrupted' })
  return join(root, readdirSync(root).find((name) => !before.has(name) && name !== 'latest')!)
}

function bytesOf(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
  const paths = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  // With their times and, of one in which a word of the time of day stands, the report.
  const kept = paths.filter((path) => !/manifest\.json|report\.html/.test(path)).sort()
  return Object.fromEntries(kept.map((path) => [path.slice(folder.length), readFileSync(path, 'base64')]))
}

test('a run that is gone on with comes to the bytes of one that was never interrupted', async () => {
  const folder = await cutAfter(3)
  // What a process that was killed leaves: a job that was cut off, a line that was.
  mkdirSync(join(folder, 'jobs/cell-1-seed-4.part-abcdef'))
  writeFileSync(join(folder, 'events.jsonl'), '{"cell":0,"se')
  const kept: LoggedRun[] = []
  const write = async (logged: LoggedRun): Promise<string> => `kept ${kept.push(logged)}`
  const logs = [{ name: 'here', write }]
  const told = await run({ resume: folder, logs })
  expect(told.summary).toEqual(whole.summary)
  expect(told.logged).toEqual(['kept 1'])
  expect(bytesOf(folder)).toEqual(bytesOf(whole.folder))
  const { outcome, resumedAt } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'))
  expect(outcome).toEqual({ how: 'finished' })
  expect(resumedAt).toHaveLength(1)
  // It has ended, and is kept elsewhere as it was at its end.
  expect(await run({ resume: folder, logs })).toMatchObject({ logged: ['kept 2'], unlogged: [] })
  const [first, second] = kept.map(({ rows, summary }) => ({
    summary,
    rows: rows.map(({ evaluation: { accuracy }, ...row }) => ({ ...row, accuracy })),
  }))
  expect(second).toEqual(first)
}, 300_000)

test('a run that has ended is given as it is, and what its end left of its jobs goes', async () => {
  mkdirSync(join(whole.folder, 'jobs'))
  const again = await run({ resume: whole.folder })
  expect(again).toEqual(whole)
  expect(readdirSync(whole.folder)).not.toContain('jobs')
}, 300_000)

test('a job that failed is done again', async () => {
  const folder = await cutAfter(2)
  const failed = join(folder, 'jobs/cell-0-seed-4')
  writeFileSync(join(failed, 'result.json'), '{"failed":"its process 1 was ended by SIGKILL"}')
  await run({ resume: folder })
  expect(bytesOf(folder)).toEqual(bytesOf(whole.folder))
}, 300_000)

test('another scenario, engine or version, and what was asked for besides, is refused with the difference', async () => {
  const refused = expect.objectContaining({ code: 'differs' })
  await expect(run({ resume: whole.folder, overrides: ['rounds=2'] })).rejects.toThrow(/rounds: 1 → 2/)
  await expect(run({ resume: whole.folder, trace: true })).rejects.toThrow(/--trace: false → true/)
  const other = join(root, 'other')
  cpSync(whole.folder, other, { recursive: true })
  const manifest = JSON.parse(readFileSync(join(other, 'manifest.json'), 'utf8'))
  const older = { ...manifest, version: '0.0.1' }
  writeFileSync(join(other, 'manifest.json'), JSON.stringify(older))
  expect((await run({ resume: other })).summary).toEqual(whole.summary)
  writeFileSync(join(other, 'manifest.json'), JSON.stringify({ ...older, engine: 'native (9)', outcome: null }))
  const error = await run({ resume: other }).catch((reason: unknown) => reason)
  expect(error).toEqual(refused)
  expect((error as Error).message).toMatch(/version: 0\.0\.1 → .*\n {2}engine: native \(9\) → wasm/)
}, 300_000)

test('a folder that is none of a run, and one that another process is at, are refused', async () => {
  await expect(run({ resume: root })).rejects.toMatchObject({ code: 'no-run' })
  const release = lockRun(whole.folder)
  await expect(run({ resume: whole.folder })).rejects.toMatchObject({ code: 'busy' })
  release()
}, 300_000)
