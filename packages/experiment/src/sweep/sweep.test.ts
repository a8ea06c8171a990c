import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadScenario } from '@hearsay/scenario'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runScenario } from '../run-scenario.ts'
import { allCertified, filesFound, smallText } from '../testing/cells.ts'
import { collectSweep, forgetFailed } from './collect-sweep.ts'
import { doJob } from './do-job.ts'
import { planSweep } from './plan-sweep.ts'
import { sweepStatus, toBeDone } from './sweep-status.ts'

const text = `${smallText.replace('rounds: 3', 'rounds: 1')}network: virtual
seeds: [3, 4]
${allCertified}`
const scenario = loadScenario(text, { file: 'small.yaml' })

let root: string
/** Of a sweep of two jobs, of which nothing is done. */
let planned: string
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'hearsay-sweep-'))
  planned = join(root, 'planned')
  const { jobs, engine } = await planSweep({ scenario, engine: 'wasm', commandLine: [], folder: planned })
  expect(jobs.map(({ index, seed }) => [index, seed])).toEqual([
    [0, 3],
    [1, 4],
  ])
  expect(engine).toMatch(/^wasm/)
}, 300_000)
afterAll(() => rmSync(root, { recursive: true, force: true }))

function copy(name: string): string {
  const folder = join(root, name)
  cpSync(planned, folder, { recursive: true })
  return folder
}

test('jobs that are done one by one, twice and by two at once come to the run that does them all', async () => {
  const folder = copy('done')
  await expect(collectSweep(folder)).rejects.toThrow(/2 of 2 jobs are not done \(0, 1\)/)
  const twice = await Promise.all([doJob({ folder, index: 1 }), doJob({ folder, index: 1 })])
  expect(twice[0]).toEqual(twice[1])
  await doJob({ folder, index: 0 })
  expect(await doJob({ folder, index: 0 })).toMatchObject({ name: 'cell-0-seed-3' })
  const status = sweepStatus(folder)
  expect(status.jobs.map(({ state }) => state)).toEqual(['done', 'done'])
  expect(status.meanMs).toBeGreaterThan(0)
  const { summary } = await collectSweep(folder)
  const whole = await runScenario({ scenario, engine: 'wasm', root, commandLine: [] })
  expect(summary).toEqual(whole.summary)
  for (const name of filesFound)
    expect(readFileSync(join(folder, name)).equals(readFileSync(join(whole.folder, name))), name).toBe(true)
  expect(readdirSync(folder)).not.toContain('jobs')
  expect(await collectSweep(folder)).toEqual({ summary, folder, bugs: [] })
  expect(sweepStatus(folder)).toMatchObject({ collected: true })
  // A worker that comes late makes nothing again.
  expect(await doJob({ folder, index: 0 })).toMatchObject({ measures: { seed: 3 } })
  expect(readdirSync(folder)).not.toContain('jobs')
}, 300_000)

test('status tells who is at a job, who is lost, and what failed and why; a failed one is done again once it is forgotten', async () => {
  const folder = copy('status')
  const nowMs = Date.now()
  const under = join(folder, 'jobs/cell-0-seed-3.part-aaaaaa')
  mkdirSync(under, { recursive: true })
  for (const [name, value] of Object.entries({
    'job.json': {},
    'worker.json': { host: 'node7', pid: 12, at: { round: 30, after: 10, rounds: 50 } },
  }))
    writeFileSync(join(under, name), JSON.stringify(value))
  const failed = join(folder, 'jobs/cell-0-seed-4')
  mkdirSync(failed)
  writeFileSync(join(failed, 'result.json'), '{"failed":"no memory"}')
  expect(sweepStatus(folder, nowMs).jobs).toMatchObject([
    { index: 0, state: 'running', host: 'node7', pid: 12, round: 30, rounds: 50 },
    { index: 1, state: 'failed', reason: 'no memory' },
  ])
  // Twenty rounds took ten seconds, so that twenty more take as long, and a job as much as both.
  const begunAt = new Date(nowMs - 10_000)
  utimesSync(join(under, 'job.json'), begunAt, begunAt)
  const { meanMs, leftMs } = sweepStatus(folder, nowMs)
  expect([meanMs, leftMs]).toEqual([20_000, 10_000])
  expect(toBeDone(sweepStatus(folder, nowMs))).toEqual([])
  const longAgo = new Date(nowMs - 61_000)
  utimesSync(join(under, 'worker.json'), longAgo, longAgo)
  expect(sweepStatus(folder, nowMs).jobs[0]).toMatchObject({ state: 'lost' })
  expect(toBeDone(sweepStatus(folder, nowMs))).toEqual([0])
  expect(await doJob({ folder, index: 1 })).toMatchObject({ failed: 'no memory' })
  expect(forgetFailed(folder)).toEqual([0, 1])
  expect(await doJob({ folder, index: 1 })).toHaveProperty('measures')
}, 300_000)

test('a number that is none, a folder that is there, and another engine than the sweep has are refused', async () => {
  const folder = copy('refused')
  await expect(doJob({ folder, index: 2 })).rejects.toThrow(/no job 2; its 2 jobs are 0 to 1/)
  await expect(planSweep({ scenario, engine: 'wasm', commandLine: [], folder })).rejects.toThrow(/is there already/)
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'))
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ ...manifest, engine: 'wasm (0.1)' }))
  await expect(doJob({ folder, index: 0 })).rejects.toThrow(/engine: wasm \(0\.1\) → wasm/)
}, 300_000)
