import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RoundRow } from '@hearsay/results'
import { loadScenario } from '@hearsay/scenario'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { jobsOf, runJob } from './job.ts'
import { Tasks } from './tasks.ts'
import { smallText } from './testing/cells.ts'

const text = `${smallText.replace('localSteps: 5', 'localSteps: 1')}network: virtual
adversaries: { count: 1, behaviour: mimic }
`

let root: string
let tasks: Tasks
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'hearsay-kept-'))
  tasks = new Tasks('auto', { ...loadScenario(text, { file: 'small.yaml' }), cells: [] }, undefined)
})
afterAll(async () => {
  await tasks.end()
  rmSync(root, { recursive: true, force: true })
})

/** What the one job of the scenario leaves, changed as by `--set`. */
async function kept(name: string, ...overrides: string[]) {
  const scenario = loadScenario(text, { file: 'small.yaml', overrides })
  const [job] = jobsOf(scenario)
  const run = join(root, name)
  const head = { scenario: 'small', digest: '', version: '', engine: '' }
  const result = await runJob(job!, { run, head, extensions: [], tasks })
  const read = (file: string): string => readFileSync(join(run, 'jobs', job!.name, file), 'utf8')
  const events = read('events.jsonl').split('\n').slice(0, -1)
  return {
    trace: 'measures' in result ? result.measures.traceDigest : result.failed,
    rows: JSON.parse(read('rounds.json')) as RoundRow[],
    kinds: new Set(events.map((line) => (JSON.parse(line) as { kind: string }).kind)),
    holdings: JSON.parse(read('holdings.json')) as { counts: number[][]; sizes: number[]; liars: number[] },
  }
}

test('what is looked at and kept changes nothing of the run', async () => {
  const all = await kept('all')
  const few = await kept('few', 'evaluateEvery=2', 'events=rounds')
  const none = await kept('none', 'events=none')
  expect([few.trace, none.trace]).toEqual([all.trace, all.trace])
  const evaluated = ({ rows }: typeof all) =>
    rows.map(({ round, evaluation }) => `${round} ${evaluation.accuracy !== undefined}`)
  expect(new Set(evaluated(all))).toEqual(new Set(['1 true', '2 true', '3 true']))
  // The last, too.
  expect(new Set(evaluated(few))).toEqual(new Set(['1 false', '2 true', '3 true']))
  expect([...few.kinds]).toEqual(['certified'])
  expect([...none.kinds]).toEqual([])
  expect(all.kinds.size).toBeGreaterThan(4)
})

test('data may be divided among the honest only, and who has what is kept', async () => {
  const all = await kept('everybody', 'task.partition={ kind: sorted }')
  const honest = await kept('honest', 'task.partition={ kind: sorted }', 'dataAmong=honest')
  expect(all.holdings).toMatchObject({ sizes: [200, 200, 200, 200], liars: [3] })
  expect(honest.holdings.sizes).toEqual([267, 266, 267, 267])
  // The liar has what an honest peer has, and no class is in two of three pieces but where they meet.
  expect(honest.holdings.counts[3]).toEqual(honest.holdings.counts[0])
  const holders = honest.holdings.counts[0]!.map(
    (_, column) => honest.holdings.counts.slice(0, 3).filter((row) => row[column]! > 0).length,
  )
  expect(holders.filter((count) => count > 1).length).toBeLessThanOrEqual(2)
  expect(honest.trace).not.toBe(all.trace)
})
