import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RunEvent } from './events.ts'
import { type Cells, startCells } from './testing/cells.ts'

let cells: Cells

beforeAll(async () => {
  cells = await startCells()
})

afterAll(() => cells.close())

const virtual = 'network=virtual'
const liars = (count: number, behaviour: string): string => `adversaries={ count: ${count}, behaviour: ${behaviour} }`
const divided = 'partitions={ groups: halves, bridge: adversaries, untilRound: 2 }'

test('nobody lies: the same learning as on libp2p, and the same seed is the same run, event by event', async () => {
  const [one, two, other, libp2p] = [
    await cells.run([virtual]),
    await cells.run([virtual]),
    await cells.run([virtual], { seed: 2 }),
    // A busy machine leaves nobody's update out.
    await cells.run(['agreement.graceMs=10000']),
  ]
  expect(one.measures).toMatchObject({
    disagreement: { distance: 0, forks: 0 },
    liveness: { ended: 3, rounds: 3 },
    stalled: false,
    traceDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
  })
  expect(two.measures).toEqual(one.measures)
  expect(two.events).toEqual(one.events)
  expect(two.rows).toEqual(one.rows)
  expect(other.measures.traceDigest).not.toBe(one.measures.traceDigest)
  expect(libp2p.measures.traceDigest).toBeUndefined()
  // All four updates count on both: the same model, bit by bit.
  const models = [one, libp2p].map(({ events }) =>
    events.flatMap((event) => (event.kind === 'certified' && event.round === 3 ? [event.model] : [])),
  )
  expect(new Set(models.flat()).size).toBe(1)
  expect(new Set(one.events.map(({ kind }) => kind))).toEqual(
    new Set(['connected', 'round', 'trained', 'held', 'agreed', 'aggregated', 'certified']),
  )
  // Times are virtual: of the scenario, not of this machine.
  for (const row of one.rows) {
    expect(row.trainingMs).toBeGreaterThanOrEqual(80)
    expect(row.trainingMs).toBeLessThanOrEqual(120)
  }
})

test('the parts of a round add up to what it took', async () => {
  const { rows, events } = await cells.run([virtual])
  for (const peer of [0, 1, 2, 3]) {
    const at = (kind: RunEvent['kind']): number =>
      events.find((event) => event.peer === peer && event.kind === kind && 'round' in event && event.round === 2)!.atMs
    const row = rows.find((one) => one.peer === peer && one.round === 2)!
    const parts = row.trainingMs! + row.exchangeMs! + row.agreementMs! + row.aggregationMs!
    expect(parts).toBeCloseTo(at('certified') - at('round'))
    expect(row.trainingMs).toBeCloseTo(at('trained') - at('round'))
  }
})

test('rounds have a least time, which is not taken for training', async () => {
  const { events, rows, measures } = await cells.run([virtual, 'agreement.roundMs=5000'])
  expect(measures).toMatchObject({ liveness: { ended: 3 }, stalled: false })
  const firstTrained = [1, 2, 3].map((round) =>
    Math.min(...events.flatMap((event) => (event.kind === 'trained' && event.round === round ? [event.atMs] : []))),
  )
  for (const at of [1, 2]) expect(firstTrained[at]! - firstTrained[at - 1]!).toBeGreaterThan(4900)
  for (const row of rows) expect(row.trainingMs).toBeLessThanOrEqual(120)
})

test('one silent liar of four stops nothing; two stop everything, and the stall is of virtual time', async () => {
  const one = await cells.run([virtual, liars(1, 'silent')])
  expect(one.measures).toMatchObject({ liveness: { ended: 3 }, disagreement: { distance: 0 }, stalled: false })
  // An hour.
  const two = await cells.run([virtual, liars(2, 'silent'), 'stallMs=3600000'])
  expect(two.measures).toMatchObject({ liveness: { ended: 0 }, stalled: true })
})

test('weight counts, not peers: two silent ones of five that weigh a little stop nothing, one that weighs more stops all', async () => {
  const five = [virtual, 'peers=5', 'tolerated=2', 'aggregation={ rule: mean }', 'rounds=2']
  const light = await cells.run([...five, 'weights=[3, 1, 1, 1, 1]', liars(2, 'silent')])
  expect(light.measures).toMatchObject({ liveness: { ended: 2 }, disagreement: { forks: 0, distance: 0 } })
  const heavy = await cells.run([...five, 'weights=[1, 1, 1, 1, 3]', 'stallMs=2000', liars(1, 'silent')])
  expect(heavy.measures).toMatchObject({ liveness: { ended: 0 }, stalled: true })
  // Without weights five peers tolerate one that lies, not two.
  await expect(cells.run(five)).rejects.toThrow(/tolerated/)
})

test('split-brain: one of four forks nothing, two do and are named', async () => {
  const one = await cells.run([virtual, liars(1, 'split-brain'), divided])
  expect(one.measures).toMatchObject({ liveness: { ended: 3 }, disagreement: { forks: 0 }, stalled: false })
  const two = await cells.run([virtual, liars(2, 'split-brain'), divided])
  expect(two.measures).toMatchObject({ evidence: { culprits: 2, falseAccusations: 0 }, stalled: false })
  expect(two.measures.disagreement.forks).toBeGreaterThan(0)
})

test('attacks that wait for honest updates are the same each time', async () => {
  const attack = 'adversaries={ count: 2, behaviour: little-is-enough }'
  const runs = [
    await cells.run([virtual, 'peers=7', 'tolerated=2', 'rounds=2', attack]),
    await cells.run([virtual, 'peers=7', 'tolerated=2', 'rounds=2', attack]),
  ]
  expect(runs[0]!.measures).toMatchObject({ liveness: { ended: 2 }, stalled: false })
  expect(runs[1]!.measures).toEqual(runs[0]!.measures)
})

test('a peer that crashes starts again with what it stored, and is accused of nothing', async () => {
  const crash = 'network={ transport: virtual, crashes: [{ peer: 1, round: 2, afterMs: 60, restartAfterMs: 900 }] }'
  const { measures, events } = await cells.run([crash, 'rounds=4'])
  expect(measures).toMatchObject({
    liveness: { ended: 4 },
    disagreement: { distance: 0, forks: 0 },
    evidence: { culprits: 0, falseAccusations: 0 },
  })
  // It begins the round again that it crashed in, or a later one.
  const rounds = events.flatMap((event) => (event.peer === 1 && event.kind === 'round' ? [event] : []))
  const crashed = rounds.findIndex(({ round }) => round === 2)
  expect(rounds[crashed + 1]!.round).toBeGreaterThanOrEqual(2)
  expect(rounds[crashed + 1]!.atMs - rounds[crashed]!.atMs).toBeGreaterThanOrEqual(960)
})

test('links as the scenario has them: latency, loss, bandwidth', async () => {
  const atOf = (events: readonly RunEvent[]): number => Math.max(...events.map(({ atMs }) => atMs))
  const near = await cells.run(['network={ transport: virtual, latency: { ms: 1 } }', 'rounds=1'])
  const far = await cells.run(['network={ transport: virtual, latency: { ms: 100 } }', 'rounds=1'])
  expect(atOf(far.events)).toBeGreaterThan(atOf(near.events) + 500)
  const lossy = await cells.run(['network={ transport: virtual, loss: 0.2, bytesPerSecond: 200000 }', 'rounds=1'])
  expect(lossy.measures).toMatchObject({ liveness: { ended: 1 }, disagreement: { distance: 0 } })
  // An update of 31,400 bytes takes 157 ms.
  expect(atOf(lossy.events)).toBeGreaterThan(atOf(near.events) + 150)
})

test('an interrupt ends a cell at once', async () => {
  const controller = new AbortController()
  const reason = new Error('enough')
  const run = cells.run([virtual, 'rounds=1000'], {
    signal: controller.signal,
    onEvent: (event) => {
      if (event.kind === 'certified') controller.abort(reason)
    },
  })
  await expect(run).rejects.toBe(reason)
})
