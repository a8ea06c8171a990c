import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadScenario } from '@hearsay/scenario'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Progress } from './progress.ts'
import { runScenario } from './run-scenario.ts'
import { allCertified, filesFound, smallText } from './testing/cells.ts'

const text = `${smallText.replace('rounds: 3', 'rounds: 2')}network: virtual
seeds: [3, 4]
sweep:
  - { label: nobody lies, adversaries.count: 0 }
  - { label: "one, who equivocates", adversaries: { count: 1, behaviour: equivocate } }
${allCertified}`

let root: string
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'hearsay-parallel-'))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

async function run(
  parallel: number,
  more: { onProgress?: (progress: Progress, job?: string) => void; pictures?: boolean } = {},
) {
  const scenario = loadScenario(text, { file: 'small.yaml' })
  return runScenario({ scenario, engine: 'wasm', root, commandLine: [], parallel, ...more })
}

test('several jobs at once, in processes of their own, change no byte of what a run finds', async () => {
  const told: [string, string | undefined][] = []
  const onProgress = ({ kind }: Progress, job?: string): void => {
    if (kind === 'done') told.push([kind, job])
  }
  const [one, two] = [await run(1), await run(2, { onProgress })]
  expect(two.summary).toEqual(one.summary)
  for (const name of filesFound)
    expect(readFileSync(join(two.folder, name)).equals(readFileSync(join(one.folder, name))), name).toBe(true)
  expect(readdirSync(two.folder).sort()).toEqual(readdirSync(one.folder).sort())
  const ledgers = ({ folder }: typeof one) => readdirSync(join(folder, 'ledgers'), { recursive: true }).sort()
  expect(ledgers(two)).toEqual(ledgers(one))
  expect(told.sort()).toEqual([0, 1].flatMap((cell) => [3, 4].map((seed) => ['done', `cell-${cell}-seed-${seed}`])))
}, 300_000)

const linux = process.platform === 'linux'

/** Processes that a process has begun, by the kernel's books. */
const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)

test.runIf(linux)(
  'a process of jobs that is killed fails the job that it was at, and the next has another',
  async () => {
    let killed: string | undefined
    const ours = new Set(childrenOf(process.pid))
    const onProgress = ({ kind }: Progress, job?: string): void => {
      if (killed !== undefined || kind !== 'round') return
      killed = job
      for (const pid of childrenOf(process.pid)) if (!ours.has(pid)) process.kill(pid, 'SIGKILL')
    }
    const { summary, folder } = await run(2, { onProgress, pictures: false })
    const failed = summary.failed!.map(({ cell, seed }) => `cell-${cell}-seed-${seed}`)
    expect(failed).toContain(killed)
    expect(summary.failed![0]!.reason).toMatch(/^its process \d+ was ended by SIGKILL/)
    const done = summary.cells.flatMap(({ bySeed }) => bySeed)
    expect(done.length + failed.length).toBe(4)
    expect(done.length).toBeGreaterThan(0)
    // For whoever goes on with it.
    expect(readdirSync(join(folder, 'jobs')).filter((name) => !name.includes('.part'))).toHaveLength(4)
  },
  300_000,
)
