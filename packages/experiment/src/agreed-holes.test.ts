/** Exact agreement where chunks are lost, from the scenario to what strangers verify. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findLedgers, verifyLedger } from '@hearsay/ledger'
import { loadScenario } from '@hearsay/scenario'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runScenario } from './run-scenario.ts'
import { type Cells, smallCell, smallText, startCells } from './testing/cells.ts'

let root: string
let cells: Cells

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'hearsay-holes-'))
  cells = await startCells()
}, 120_000)
afterAll(async () => {
  await cells.close()
  rmSync(root, { recursive: true, force: true })
})

const lossy = (rate: number, more = 'fill: skip') => [
  'agreement={ kind: exact, graceMs: 100, chunkMs: 100 }',
  'learning.localSteps=1',
  'aggregation={ rule: trimmed-mean, tolerated: 1 }',
  `exchange={ loss: { rate: ${rate}, chunk: 500, ${more} } }`,
]
const agreed = {
  liveness: { ended: 3 },
  disagreement: { distance: 0, forks: 0 },
  evidence: { culprits: 0, falseAccusations: 0 },
  stalled: false,
}

test('models are identical over libp2p, whatever arrives where', async () => {
  const { measures } = await cells.run([...lossy(0.3), 'network=memory'])
  expect(measures).toMatchObject(agreed)
}, 120_000)

test('without loss the model is that of updates that go whole, and with loss the seed alone decides', async () => {
  const whole = await cells.run(['network=virtual', 'learning.localSteps=1', lossy(0)[2]!])
  const none = await cells.run([...lossy(0), 'network=virtual'])
  expect(none.head.digest).toBe(whole.head.digest)
  const some = await cells.run([...lossy(0.5), 'network=virtual'])
  const again = await cells.run([...lossy(0.5), 'network=virtual'])
  expect(some.measures).toMatchObject(agreed)
  expect(some.head.digest).not.toBe(whole.head.digest)
  expect(again.measures.traceDigest).toBe(some.measures.traceDigest)
}, 240_000)

test('links that lose envelopes and chunks, a crash and a liar that withholds payloads stop nobody', async () => {
  const { measures } = await cells.run([
    ...lossy(0.2),
    'peers=7',
    'tolerated=2',
    'adversaries={ count: 1, behaviour: withhold }',
    'network={ transport: virtual, loss: 0.1, crashes: [{ peer: 1, round: 2, restartAfterMs: 300 }] }',
  ])
  expect(measures).toMatchObject(agreed)
}, 120_000)

test('everything lost is an update that says nothing', async () => {
  const { measures, head } = await cells.run([...lossy(1, 'fill: drop'), 'network=virtual', 'rounds=1'])
  const still = await cells.run(['network=virtual', 'learning.learningRate=0.000000001', 'rounds=1'])
  expect(measures).toMatchObject({ ...agreed, liveness: { ended: 1 } })
  const apart = head.model.map((value, i) => Math.abs(value - still.head.model[i]!))
  expect(Math.max(...apart)).toBeLessThan(1e-6)
}, 120_000)

test('who is no neighbour of an author has its list and its chunks from others', async () => {
  const run = (...more: string[]) => cells.run([...lossy(0), 'peers=7', 'network=virtual', ...more])
  const sparse = await run('topology={ kind: random, degree: 3 }')
  expect(sparse.measures.liveness).toEqual({ ended: 3, rounds: 3 })
  expect(sparse.head.digest).toBe((await run()).head.digest)
})

test('strangers compute the models again from archived heads and chunks, and find what was changed', async () => {
  const scenario = loadScenario(smallText, { file: 'small.yaml', overrides: [...lossy(0.3), 'network=virtual'] })
  const { folder } = await runScenario({ scenario, engine: 'auto', root, commandLine: [], archive: true })
  const [place] = findLedgers(folder)
  const { rounds, broken, aggregates } = verifyLedger(place!)
  expect({ rounds, broken, aggregates }).toEqual({ rounds: 3, broken: undefined, aggregates: { recomputed: 3 } })
  const payloads = place!.payloads[0]!
  const chunk = readdirSync(payloads).find((name) => statSync(join(payloads, name)).size === 2000)!
  truncateSync(join(payloads, chunk), 4)
  expect(verifyLedger(place!).broken?.reason).toMatch(new RegExp(`${chunk}, was changed`))
  rmSync(join(payloads, chunk))
  expect(verifyLedger(place!).aggregates.unknown?.reason).toMatch(/is not archived/)
}, 240_000)

test.each(['present', 'zero', 'memory', 'reweigh'])(
  'pauses by %s, with what stands in, go with holes',
  async (pauses) => {
    const overrides = [
      ...lossy(0.3),
      'network=virtual',
      `agreement.pauses=${pauses}`,
      'pauses=[{ peers: [3], rounds: [2] }]',
      'aggregation.rule=mean',
    ]
    const scenario = loadScenario(smallText, { file: 'small.yaml', overrides })
    const { folder, summary } = await runScenario({ scenario, engine: 'auto', root, commandLine: [], archive: true })
    expect(summary.cells[0]).toMatchObject({ ...agreed, pauses: { learnt: 3, share: 2 / 3 } })
    const { broken, aggregates } = verifyLedger(findLedgers(folder)[0]!)
    expect({ broken, aggregates }).toEqual({ broken: undefined, aggregates: { recomputed: 3 } })
  },
  120_000,
)

test.each([true, false])(
  'operators go back, and strangers find the model that was gone back to; in chunks: %s',
  async (chunks) => {
    const overrides = [
      ...(chunks ? lossy(0.3) : ['learning.localSteps=1']),
      ...['network=virtual', 'agreement.pauses=present', 'rounds=6', 'aggregation={ rule: centered-clipping }'],
      ...(chunks ? ['exchange.loss.fill=scale'] : []),
      'pauses=[{ peers: [1, 2, 3], rounds: [4], backTo: 1 }]',
    ]
    const scenario = loadScenario(smallText, { file: 'small.yaml', overrides })
    const { folder, summary } = await runScenario({ scenario, engine: 'auto', root, commandLine: [], archive: true })
    expect(summary.cells[0]).toMatchObject({ ...agreed, liveness: { ended: 6 }, pauses: { learnt: 5 } })
    const { broken, aggregates } = verifyLedger(findLedgers(folder)[0]!)
    expect({ broken, aggregates }).toEqual({ broken: undefined, aggregates: { recomputed: 6 } })
    const events = readFileSync(join(folder, 'events.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    const models = new Map(events.flatMap(({ kind, round, model }) => (kind === 'certified' ? [[round, model]] : [])))
    expect(models.get(4)).toBe(models.get(1))
    expect(new Set(models.values()).size).toBe(5)
  },
  120_000,
)

/** n = 7, f = 2: b peers lie, l authors have garbage in what they lose, p peers pause; and a rule that bears two. */
async function accuracyOf(b: number, l: number, p: number, pauses = 'present'): Promise<number> {
  const { measures } = await cells.run([
    ...lossy(0.95, `fill: garbage, links: [${[1, 2].slice(0, Math.max(1, l))}]`),
    ...['peers=7', 'tolerated=2', 'network=virtual', 'aggregation={ rule: trimmed-mean }', 'learning.localSteps=5'],
    `agreement.pauses=${pauses}`,
    ...(l === 0 ? ['exchange.loss.rate=0'] : []),
    ...(b === 0 ? [] : [`adversaries={ count: ${b}, behaviour: sign-flip, scale: 10 }`]),
    ...(p === 0 ? [] : [`pauses=[{ peers: [${[3, 4].slice(0, p)}] }]`]),
  ])
  expect(measures).toMatchObject({ ...agreed, pauses: { learnt: 3 } })
  return measures.evaluation.accuracy!.least!
}

test('liars and lossy authors are f together, and so are liars and who pauses; not all three', async () => {
  const well = await accuracyOf(0, 0, 0)
  expect(await accuracyOf(1, 1, 1)).toBeGreaterThan(well - 0.1)
  expect(await accuracyOf(0, 2, 2)).toBeGreaterThan(well - 0.1)
  // One lossy author more than the rule bears beside a liar; who pauses is no part of that.
  expect(await accuracyOf(1, 2, 0)).toBeLessThan(well - 0.2)
}, 240_000)

test('what cannot be agreed on is told with a remedy', () => {
  const wrong =
    (...overrides: string[]) =>
    () =>
      smallCell([...lossy(0.1), ...overrides])
  expect(wrong('agreement=exact')).toThrow(/say how long they wait for chunks/)
  expect(wrong('exchange={ loss: { rate: 0.1, unit: coordinate } }')).toThrow(/set unit to chunk or update/)
  expect(wrong('exchange={ loss: { rate: 0.1, fill: last } }')).toThrow(/take another fill/)
  expect(wrong('exchange={ loss: { rate: 0.1, chunk: 100000 } }')).toThrow(/at most 65536 coordinates/)
  expect(() => smallCell(['agreement={ kind: exact, chunkMs: 100 }'])).toThrow(/are said by exchange\.loss/)
})
