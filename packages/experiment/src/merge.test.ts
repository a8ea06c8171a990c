import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRunFolder, type RunFolder, readJob } from '@hearsay/results'
import { loadScenario } from '@hearsay/scenario'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { failJob, type Job, jobsOf, runJob } from './job.ts'
import { Merger } from './merge.ts'
import { Tasks } from './tasks.ts'
import { smallText } from './testing/cells.ts'

const text = `${smallText.replace('rounds: 3', 'rounds: 2')}network: virtual
seeds: [3, 4]
sweep:
  - { label: nobody lies, adversaries.count: 0 }
  - { label: one equivocates, adversaries: { count: 1, behaviour: equivocate } }
  - { label: another graph, topology: { kind: ring }, peers: 4, tolerated: 0 }
expect:
  - { text: all is certified, check: liveness.certified == liveness.rounds }
`
const scenario = loadScenario(text, { file: 'small.yaml' })
const jobs = jobsOf(scenario)

let root: string
let tasks: Tasks
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'hearsay-merge-'))
  tasks = new Tasks('auto', { ...scenario, cells: [] }, undefined)
})
afterAll(async () => {
  await tasks.end()
  rmSync(root, { recursive: true, force: true })
})

function begin(): RunFolder {
  const { name, seeds, resolved, extensions, base } = scenario
  const measures = ['accuracy', 'loss', 'backdoor', 'overBound']
  const made = { root, scenario: name, engine: 'x', seeds, commandLine: [], resolved, extensions, base, measures }
  return createRunFolder({ ...made, cells: scenario.cells, startedAt: new Date(0) })
}

async function run(job: Job, folder: RunFolder): Promise<void> {
  const { digest, version, engine } = folder.manifest
  const head = { scenario: scenario.name, digest, version, engine }
  await runJob(job, { run: folder.path, head, extensions: [], tasks })
}

/** Of all files of a run, by path; its time and commit are in the manifest and the report. */
function filesOf(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
  const paths = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const kept = paths.filter((path) => !/manifest\.json|report\.html/.test(path)).sort()
  return Object.fromEntries(kept.map((path) => [path.slice(folder.length), readFileSync(path, 'base64')]))
}

/** A run whose jobs are done in this order. */
async function done(order: readonly Job[]): Promise<RunFolder> {
  const folder = begin()
  for (const job of order) await run(job, folder)
  return folder
}

test('a summary of many jobs is written a hundred times, and once more when the run is cut off', () => {
  const many = loadScenario(text.replace('seeds: [3, 4]', `seeds: [${[...Array(35).keys()].join(', ')}]`), {
    file: 'x.yaml',
  })
  const all = jobsOf(many)
  const folder = begin()
  const written = () => (JSON.parse(readFileSync(join(folder.path, 'summary.json'), 'utf8')).failed ?? []).length
  const merger = new Merger(many, all, 'x', folder)
  const seen = new Set<number>()
  for (const job of all) {
    failJob(
      job,
      { run: folder.path, head: { scenario: 'x', digest: '', version: '', engine: '' }, extensions: [] },
      new Error('no'),
    )
    merger.take(job)
    seen.add(written())
  }
  expect([...seen]).toEqual(Array.from({ length: 53 }, (_, at) => 2 * at))
  merger.end({ how: 'interrupted', why: 'enough' })
  expect(written()).toBe(105)
})

test('in whatever order jobs are done, and merged, the run has the same bytes', async () => {
  const [forwards, backwards] = [await done(jobs), await done(jobs.toReversed())]
  const merged = async (jobsOf: RunFolder, order: readonly Job[], whole: boolean) => {
    const folder = begin()
    cpSync(join(jobsOf.path, 'jobs'), join(folder.path, 'jobs'), { recursive: true })
    const merger = new Merger(scenario, jobs, 'x', folder)
    for (const job of order) merger.take(job)
    if (whole) await merger.finish(new Date(0))
    else merger.end({ how: 'interrupted', why: 'enough' })
    return filesOf(folder.path)
  }
  const expected = await merged(forwards, jobs, true)
  expect(await merged(backwards, jobs.toReversed(), true)).toEqual(expected)
  const names = Object.keys(expected)
  expect(names).toContain('/rounds.parquet')
  expect(names).toContain('/ledgers/cell-1-seed-4/genesis.json')
  expect(names.filter((name) => name.startsWith('/jobs'))).toEqual([])
  const unfinished = await merged(forwards, jobs, false)
  const anyOrder = fc.shuffledSubarray([...jobs], { minLength: jobs.length })
  const same = async (order: Job[]) => {
    expect(await merged(backwards, order, false)).toEqual(unfinished)
  }
  await fc.assert(fc.asyncProperty(anyOrder, same), { numRuns: 20 })
}, 120_000)

test('what is done by the end is in the files of the run, without what waits for it', async () => {
  const folder = begin()
  const merger = new Merger(scenario, jobs, 'x', folder)
  for (const at of [3, 1]) {
    await run(jobs[at]!, folder)
    merger.take(jobs[at]!)
  }
  const seedsIn = (file: string) =>
    new Set(
      readFileSync(join(folder.path, file), 'utf8')
        .trimEnd()
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line))
        .map(({ cell, seed }) => `${cell} ${seed}`),
    )
  expect([...seedsIn('events.jsonl')]).toEqual([])
  merger.end({ how: 'interrupted', why: 'enough' })
  expect([...seedsIn('events.jsonl')]).toEqual(['0 4', '1 4'])
  expect(merger.summary().cells).toMatchObject([
    { label: 'nobody lies', bySeed: [{ seed: 4 }] },
    { label: 'one equivocates', bySeed: [{ seed: 4 }] },
  ])
  expect(readdirSync(join(folder.path, 'jobs')).sort()).toEqual(['cell-0-seed-4', 'cell-1-seed-4'])
})

test('a job says what it is one of, and done twice counts once', async () => {
  const folder = begin()
  const [job] = jobs
  await Promise.all([run(job!, folder), run(job!, folder)])
  const path = join(folder.path, 'jobs')
  expect(readdirSync(path)).toEqual(['cell-0-seed-3'])
  const head = JSON.parse(readFileSync(join(path, job!.name, 'job.json'), 'utf8'))
  const { digest, version } = folder.manifest
  expect(head).toEqual({ scenario: 'small', digest, version, engine: 'x', cell: 0, label: 'nobody lies', seed: 3 })
  expect(readJob(folder.path, job!.name)).toMatchObject({ measures: { liveness: { ended: 2 } } })
})

test('a job that is cut off is none, and is done from nothing', async () => {
  const folder = begin()
  const [job] = jobs
  const controller = new AbortController()
  const { digest, version } = folder.manifest
  const head = { scenario: scenario.name, digest, version, engine: 'x' }
  const onProgress = () => controller.abort(new Error('enough'))
  const { signal } = controller
  const cut = runJob(job!, { run: folder.path, head, extensions: [], tasks, onProgress, signal })
  await expect(cut).rejects.toThrow('enough')
  expect(readdirSync(join(folder.path, 'jobs'))).toEqual([expect.stringMatching(/^cell-0-seed-3\.part-/)])
  expect(readJob(folder.path, job!.name)).toBeUndefined()
  await run(job!, folder)
  const [a, b] = [begin(), folder]
  await run(job!, a)
  const eventsOf = ({ path }: RunFolder) => readFileSync(join(path, 'jobs', job!.name, 'events.jsonl'), 'utf8')
  expect(eventsOf(b)).toBe(eventsOf(a))
})
