import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasSlurm, type Slurm, startSlurm } from './testing/slurm.ts'

const program = join(import.meta.dirname, 'hearsay.ts')
const root = mkdtempSync(join(tmpdir(), 'hearsay-sweep-cli-'))
const file = join(root, 'small.yaml')
writeFileSync(
  file,
  `name: small
question: Is a sweep done on a cluster what it is here?
peers: 4
tolerated: 1
network: { transport: virtual, signatures: modelled }
task: { model: logistic, trainSamples: 400, testSamples: 100 }
learning: { localSteps: 2 }
agreement: { graceMs: 50 }
rounds: 1
seeds: [1, 2, 3]
expect:
  - { text: all is certified, check: liveness.certified == liveness.rounds }
`,
)
afterAll(() => rmSync(root, { recursive: true, force: true }))

let env: NodeJS.ProcessEnv = process.env
const hearsay = (...words: string[]) =>
  promisify(execFile)(process.execPath, [program, 'sweep', ...words], { env }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  )

test('a sweep is planned once, tells what is missing of it, and what would be submitted', async () => {
  const folder = join(root, 'planned')
  const planned = await hearsay('plan', file, '--out', folder, '--engine', 'wasm', '--json')
  expect(JSON.parse(planned.stdout)).toMatchObject({ folder, jobs: [{ index: 0, seed: 1 }, { seed: 2 }, { seed: 3 }] })
  const status = await hearsay('status', folder)
  expect(status).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('3 jobs; 0 done, 0 running, 0 failed, 0 lost, 3 missing'),
  })
  const dry = await hearsay('submit', folder, '--to', 'slurm', '--at-once', '2', '--dry-run')
  expect(dry.stdout).toMatch(/#SBATCH --array=0-2%2\n[\s\S]*\$ sbatch submit\/slurm-0\.sh/)
  expect(existsSync(join(folder, 'submit'))).toBe(false)
  expect(await hearsay('submit', folder, '--to', 'kubernetes')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--image'),
  })
  expect(await hearsay('retry', folder)).toMatchObject({
    code: 0,
    stdout: '3 jobs to be done (0-2): hearsay sweep run, or submit\n',
  })
}, 300_000)

describeOn('Slurm', () => {
  let slurm: Slurm
  beforeAll(async () => {
    slurm = await startSlurm()
    env = slurm.env
  }, 300_000)
  afterAll(() => slurm.stop())

  /** Until the job that collects, which is the last that was submitted, has ended. */
  const collected = (folder: string): void => {
    const submitted = readFileSync(join(folder, 'submissions.jsonl'), 'utf8').trim().split('\n').at(-1)!
    const { ids } = JSON.parse(submitted) as { ids: string[] }
    slurm.command('sbatch', '--wait', `--dependency=afterany:${ids.at(-1)}`, '--output=/dev/null', '--wrap=true')
  }

  test('an array does all jobs but one that is cancelled, which is done when it is tried again', async () => {
    const folder = join(root, 'cluster')
    await hearsay('plan', file, '--out', folder, '--engine', 'wasm')
    // Held, so that what is cancelled has not begun.
    slurm.command('scontrol', 'update', 'partition=all', 'state=down')
    const { stdout, stderr } = await hearsay(
      'submit',
      folder,
      '--to',
      'slurm',
      '--at-once',
      '2',
      '--time',
      '10',
      '--memory',
      '500',
    )
    const [, id] = /3 jobs are submitted to slurm, as (\d+), (\d+)/.exec(stdout) ?? [stderr]
    slurm.command('scancel', `${id}_1`)
    slurm.command('scontrol', 'update', 'partition=all', 'state=up')
    collected(folder)
    const status = await hearsay('status', folder, '--json')
    const { jobs } = JSON.parse(status.stdout) as { jobs: { state: string }[] }
    expect(jobs.map(({ state }) => state)).toEqual(['done', 'missing', 'done'])
    expect(await hearsay('collect', folder)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('1 of 3 jobs are not done (1)'),
    })
    expect((await hearsay('retry', folder)).stdout).toMatch(/^1 job is submitted to slurm/)
    collected(folder)
    const summary = JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8'))
    expect(summary.cells[0].bySeed).toHaveLength(3)
    expect(summary.expectations).toMatchObject([{ held: true }])
    expect(existsSync(join(folder, 'report.html'))).toBe(true)
  }, 600_000)
})

/** What Debian's slurm-wlm is there for, and root; else it says that it is skipped. */
function describeOn(name: string, tests: () => void): void {
  if (!hasSlurm) console.warn(`${name} is not tried: slurm-wlm is not installed, or this is not root`)
  describe.skipIf(!hasSlurm)(`${name}${hasSlurm ? '' : ' (slurm-wlm is not installed, or this is not root)'}`, tests)
}
