import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'hearsay-claims-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const script = join(import.meta.dirname, 'check-claims.ts')
const run = (...args: string[]) =>
  promisify(execFile)(process.execPath, [script, ...args]).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  )

test('each claim is told with the cell and seed that came nearest to failing, and one that fails ends it with 1', async () => {
  const file = join(folder, 'small.yaml')
  const scenario = `name: small
question: Which of two claims holds?
peers: 4
tolerated: 1
task: { model: logistic, trainSamples: 400, testSamples: 100 }
learning: { localSteps: 2 }
rounds: 1
sweep: { adversaries.behaviour: silent, adversaries.count: [0, 1] }
expect:
  - { text: rounds are certified, check: liveness.certified == 1 }
  - { text: all is learnt at once, check: accuracy.least >= 1 }
`
  writeFileSync(file, scenario)
  const { code, stdout } = await run(file, '--seeds', '2', '--from', '7', '--engine', 'wasm', '--json')
  expect(code).toBe(1)
  const [certified, learnt] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(certified).toMatchObject({ scenario: 'small', engine: 'wasm', text: 'rounds are certified', held: true })
  expect(certified?.found).toBe('1 == 1')
  expect(learnt).toMatchObject({ text: 'all is learnt at once', held: false })
  expect(learnt?.where).toMatch(/, seed [78]$/)
  expect(learnt?.slack).toBeLessThan(0)
})

test('what is wrong with the command is told, with exit code 2', async () => {
  expect(await run('--seeds', 'many')).toMatchObject({ code: 2, stderr: expect.stringContaining('--seeds many') })
  expect(await run('nowhere.yaml')).toMatchObject({ code: 2, stderr: expect.stringContaining('nowhere.yaml') })
})
