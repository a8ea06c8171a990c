import { randomInt } from 'node:crypto'
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findLedgers, verifyLedger } from '@hearsay/ledger'
import type { RoundRow } from '@hearsay/results'
import { loadScenario } from '@hearsay/scenario'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { jobsOf, runJob } from './job.ts'
import { Tasks } from './tasks.ts'
import { smallText } from './testing/cells.ts'

const rounds = 7
const every = 2
const text = `${smallText.replace('rounds: 3', `rounds: ${rounds}`).replace('localSteps: 5', 'localSteps: 1, workerMomentum: 0.5')}
network: virtual
checkpointEvery: ${every}
aggregation: { rule: centered-clipping }
adversaries: { count: 1, behaviour: equivocate }
`

let root: string
let tasks: Tasks
/** What the job leaves that is never cut off, by path. */
let whole: Record<string, string>
/** Of each training of it, the round. */
let wholeTrained: number[]
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'hearsay-checkpoints-'))
  tasks = new Tasks('wasm', { ...loadScenario(text, { file: 'small.yaml' }), cells: [] }, undefined)
  wholeTrained = (await doJob('whole')).trained
  whole = filesOf('whole')
}, 300_000)
afterEach(() => void vi.restoreAllMocks())
afterAll(async () => {
  await tasks.end()
  rmSync(root, { recursive: true, force: true })
})

interface Doing {
  readonly overrides?: readonly string[]
  readonly version?: string
  /** The job is cut off when so many trainings have begun. */
  readonly until?: number
}

/** Does the one job of the scenario: what it came to, what was told, and of each training that began the round. */
async function doJob(run: string, { overrides = [], version = '1', until }: Doing = {}) {
  const [job] = jobsOf(loadScenario(text, { file: 'small.yaml', overrides }))
  const stop = new AbortController()
  const notes: string[] = []
  const trained: number[] = []
  const open = tasks.open.bind(tasks)
  vi.spyOn(tasks, 'open').mockImplementation(async (...which) => {
    const task = await open(...which)
    const train = task.train.bind(task)
    return {
      ...task,
      train: (peer, round, ...what) => {
        if (trained.push(round) === until) stop.abort(new Error('enough'))
        return train(peer, round, ...what)
      },
    }
  })
  const done = runJob(job!, {
    run: join(root, run),
    head: { scenario: 'small', digest: overrides.join(), version, engine: '' },
    extensions: [],
    tasks,
    archive: true,
    signal: stop.signal,
    onProgress: (told) => {
      if (told.kind === 'note') notes.push(told.text)
    },
  })
  const result = await done.catch((error: unknown) => {
    if (until === undefined) throw error
    return undefined
  })
  vi.restoreAllMocks()
  return { result, notes, trained }
}

function filesOf(run: string): Record<string, string> {
  const folder = join(root, run, 'jobs/cell-0-seed-1')
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort()
  return Object.fromEntries(paths.map((path) => [path.slice(folder.length), readFileSync(path, 'base64')]))
}

/** Folders of the job that was cut off. */
function partsOf(run: string): string[] {
  const jobs = join(root, run, 'jobs')
  return readdirSync(jobs).flatMap((name) => (name.includes('.part-') ? join(jobs, name) : []))
}

/** After which round was the newest checkpoint when this training began. */
const before = (training: number): number =>
  every * Math.floor((Math.max(...wholeTrained.slice(0, training)) - 1) / every)

test('on the virtual network a job that is cut off and gone on with leaves the bytes of one that was not', async () => {
  const most = wholeTrained.length
  const instants = [most, randomInt(1, most), randomInt(1, most)]
  for (const [index, until] of instants.entries()) {
    const run = `cut-${index}`
    await doJob(run, { until })
    expect(partsOf(run), `cut off in training ${until}`).toHaveLength(1)
    // A line that was cut off, and what came after the checkpoint.
    appendFileSync(join(partsOf(run)[0]!, 'events.jsonl'), '{"cell":0,"se')
    const { notes, trained } = await doJob(run)
    const from = before(until)
    expect(notes).toEqual(from === 0 ? [] : [`goes on after round ${from}, its newest checkpoint`])
    expect(trained).toEqual(wholeTrained.filter((round) => round > from))
    expect(filesOf(run), `cut off in training ${until}`).toEqual(whole)
  }
  expect(Object.keys(whole).filter((path) => path.includes('checkpoint'))).toEqual([])
}, 300_000)

test.each([
  ['', []],
  // The last of them before a checkpoint is in a round that is not learnt from.
  [' by prune', ['agreement.pauses=prune', 'agreement.pauseBudget=1', 'agreement.pauseWindow=2']],
  [' by reweigh', ['agreement.pauses=reweigh']],
])(
  'nothing that learning goes on with is lost%s: where all take part, models are those without checkpoints',
  async (how, pauses) => {
    const pausing = pauses.length === 0 ? [] : ['pauses=[{ peers: [3], rounds: [2, 3] }]']
    const overrides = ['adversaries={ count: 0 }', 'rounds=5', 'agreement.graceMs=2000', ...pauses, ...pausing]
    await doJob(`with${how}`, { overrides })
    const worth = (run: string): unknown[] =>
      JSON.parse(Buffer.from(filesOf(run)['/rounds.json']!, 'base64').toString()).map(
        ({ round, peer, evaluation }: RoundRow) => ({ round, peer, evaluation }),
      )
    const last = 'checkpointEvery=5'
    await doJob(`without${how}`, { overrides: [...overrides, last] })
    expect(worth(`with${how}`)).toHaveLength(20)
    expect(worth(`with${how}`)).toEqual(worth(`without${how}`))
  },
  300_000,
)

test('a checkpoint that is torn, or lacks a part of a file, is passed over for the one before', async () => {
  await doJob('torn', { until: wholeTrained.length })
  const [part] = partsOf('torn')
  expect(
    readdirSync(part!)
      .filter((name) => name.startsWith('checkpoint-'))
      .sort(),
  ).toEqual(['checkpoint-4', 'checkpoint-6'])
  const newest = join(part!, 'checkpoint-6')
  const bytes = readFileSync(newest)
  truncateSync(newest, bytes.length - 1)
  const torn = await doJob('torn', { until: 2 })
  expect(torn.notes[0]).toMatch(/after round 4/)
  bytes[bytes.length - 1]! ^= 1
  writeFileSync(newest, bytes)
  expect((await doJob('torn', { until: 2 })).notes[0]).toMatch(/after round 4/)
  truncateSync(join(part!, 'events.jsonl'), 10)
  for (const other of partsOf('torn')) if (other !== part) rmSync(other, { recursive: true })
  const { notes, trained } = await doJob('torn')
  expect(notes).toEqual([])
  expect(trained).toEqual(wholeTrained)
  expect(filesOf('torn')).toEqual(whole)
}, 300_000)

test('a checkpoint of another scenario or version is not gone on from', async () => {
  await doJob('other', { until: wholeTrained.length })
  for (const other of [{ version: '2' }, { overrides: ['stallMs=30000'] }])
    expect((await doJob('other', { ...other, until: 5 })).notes).toEqual([])
  expect((await doJob('other', { until: 5 })).notes).toHaveLength(1)
}, 300_000)

test.each(['memory', 'tcp'])(
  'on libp2p, by %s, a job goes on from its newest certificate, on one chain',
  async (by) => {
    const overrides = [`network=${by}`, 'adversaries={ count: 0 }']
    await doJob(by, { overrides, until: 4 * rounds })
    const { result, notes, trained } = await doJob(by, { overrides })
    expect(notes[0]).toMatch(/goes on after round 6/)
    expect(trained).toEqual([7, 7, 7, 7])
    expect(result).toMatchObject({
      measures: { liveness: { ended: rounds, rounds }, disagreement: { distance: 0, forks: 0 }, stalled: false },
    })
    const places = findLedgers(join(root, by, 'jobs/cell-0-seed-1'))
    expect(places).toHaveLength(4)
    for (const place of places) {
      const { broken, aggregates } = verifyLedger(place)
      expect({ broken, aggregates }).toEqual({ broken: undefined, aggregates: { recomputed: rounds } })
    }
  },
  300_000,
)
