/** Networks whose task declares rows, from the scenario to what strangers verify. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findLedgers, verifyLedger } from '@hearsay/ledger'
import { headBytes } from '@hearsay/peer'
import { loadScenario } from '@hearsay/scenario'
import { readModel } from '@hearsay/training/files'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkForeseen } from './foreseen.ts'
import { replayRun } from './replay.ts'
import { runScenario } from './run-scenario.ts'
import { rowsTask, shape, spokenRows } from './testing/rows-task.ts'

const text = `name: rows
question: Are rows that nobody speaks about left alone?
extensions: [./rows-task.ts]
task: { kind: rows }
learning: { batchSize: 1 }
peers: 7
tolerated: 2
agreement: { graceMs: 300 }
rounds: 3
stallMs: 20000
`
const lying =
  'adversaries: [{ count: 1, behaviour: sign-flip }, { count: 1, behaviour: equivocate, update: min-max }]\n'

let root: string
const file = join(fileURLToPath(new URL('./testing', import.meta.url)), 'rows.yaml')
const load = (more: string) => loadScenario(text + more, { file })

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'hearsay-rows-'))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

async function run(more: string) {
  const options = { engine: 'auto', root, commandLine: [], archive: true, pictures: false } as const
  const { folder, summary } = await runScenario({ scenario: load(more), ...options })
  const { parameters } = readModel(join(folder, 'models', readdirSync(join(folder, 'models'))[0]!))
  return { folder, parameters, measures: summary.cells[0]!.bySeed[0]! }
}

const expectSound = (folder: string): void => {
  for (const place of findLedgers(folder)) {
    const { rounds, broken, aggregates } = verifyLedger(place)
    expect({ rounds, broken, aggregates }).toEqual({ rounds: 3, broken: undefined, aggregates: { recomputed: 3 } })
  }
}

/** The virtual network gives the same run again. */
async function expectRepeated(folder: string): Promise<void> {
  const { cells } = await replayRun({ folder })
  expect(cells.map(({ recorded, found }) => recorded === found)).toEqual([true])
}

/** What is done to a body afterwards is found. */
function expectFound(folder: string): void {
  const [place] = findLedgers(folder)
  const payloads = place!.payloads[0]!
  const head = readdirSync(payloads).find((name) => statSync(join(payloads, name)).size === headBytes)!
  const body = readFileSync(join(payloads, head)).subarray(4).toString('hex')
  truncateSync(join(payloads, body), 4)
  expect(verifyLedger(place!).broken?.reason).toMatch(new RegExp(`${body}, was changed`))
  rmSync(join(payloads, body))
  expect(verifyLedger(place!).aggregates.unknown?.reason).toMatch(/the update of peer \d is not archived/)
}

describe.each(['memory', 'virtual'])('on %s, two of seven liars,', (network) => {
  test('peers agree to the bit, learn what is known, and leave alone what nobody speaks about', async () => {
    const { folder, parameters, measures } = await run(`network: ${network}\n${lying}`)
    expect(measures).toMatchObject({
      disagreement: { distance: 0, forks: 0 },
      liveness: { ended: 3, rounds: 3 },
      evidence: { falseAccusations: 0 },
      diverged: 0,
    })
    const initial = rowsTask.initial({}, undefined, 1)
    const error = (model: Float32Array) =>
      (rowsTask.trainer({ shares: [] } as never).evaluate(model, []) as { error: number }).error
    expect(error(parameters)).toBeLessThan(error(initial) / 3)
    const silent = shape.width * spokenRows
    expect(parameters.subarray(silent)).toEqual(initial.subarray(silent))
    expectSound(folder)
    if (network === 'virtual') await expectRepeated(folder)
    expectFound(folder)
  })
})

test('who crashes and comes back agrees with all others to the bit, whatever liars send of rows', async () => {
  const crashes =
    'crashes: [{ peer: 4, round: 1, afterMs: 150, restartAfterMs: 3000 }, { peer: 6, round: 2, afterMs: 60, restartAfterMs: 400 }]'
  const { folder, measures } = await run(
    `network: { transport: virtual, loss: 0.02, ${crashes} }\nadversaries: [{ count: 1, behaviour: non-finite, coordinates: first }, { count: 1, behaviour: malformed }]\n`,
  )
  expect(measures).toMatchObject({
    disagreement: { distance: 0, forks: 0 },
    liveness: { ended: 3, rounds: 3 },
    evidence: { falseAccusations: 0 },
    diverged: 0,
  })
  expectSound(folder)
  await expectRepeated(folder)
})

test.each([
  ['agreement: averaging\n', /averaging is of whole vectors/],
  ['agreement: asynchronous\n', /gradients are judged as whole vectors, .*: set agreement.kind to exact/],
  ['agreement: { kind: asynchronous, variant: ordered }\n', /gradients are judged as whole vectors/],
  ['aggregation: { rule: signguard }\n', /Rule "signguard" refuses/],
])('is not run with %s', async (more, message) => {
  const given = more.startsWith('agreement') ? text.replace('agreement: { graceMs: 300 }\n', more) : text + more
  const checked = checkForeseen(loadScenario(given, { file }))
  await expect(checked).rejects.toMatchObject({ code: 'impossible', message: expect.stringMatching(message) })
})
