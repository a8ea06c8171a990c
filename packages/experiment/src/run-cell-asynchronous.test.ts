import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accuracyOf, type CellRun, type Cells, startCells } from './testing/cells.ts'

let cells: Cells

beforeAll(async () => {
  cells = await startCells()
})

afterAll(() => cells.close())

const liars = (behaviour: string): string => `adversaries={ count: 1, behaviour: ${behaviour} }`
const agreement = (more = ''): string => `agreement={ kind: asynchronous, graceMs: 20${more} }`
const judgedOf = ({ events }: CellRun) => events.filter((event) => event.kind === 'judged')

function expectFinished({ measures }: CellRun, rounds: number): void {
  expect(measures).toMatchObject({
    liveness: { ended: rounds, rounds },
    evidence: { falseAccusations: 0 },
    stalled: false,
  })
}

describe.each(['memory', 'virtual'])('asynchronous agreement on the %s network', (transport) => {
  it('every honest peer judges, applies and learns, and no round is waited for', async () => {
    const rounds = transport === 'memory' ? 10 : 8
    const run = await cells.run([agreement(), `rounds=${rounds}`, 'aggregation.rule=median', `network=${transport}`])
    expectFinished(run, rounds)
    // Of ten classes; after the rounds of the rule some 0.5.
    expect(accuracyOf(run).median).toBeGreaterThan(0.4)
    expect(accuracyOf(run).least).toBeGreaterThan(0.3)
    const judged = judgedOf(run)
    // Everybody judged what everybody announced, and something of another passed.
    for (const peer of [0, 1, 2, 3])
      expect(new Set(judged.filter((event) => event.peer === peer).map(({ other }) => other)).size).toBe(4)
    expect(judged.some(({ peer, other, factor }) => peer !== other && factor > 0)).toBe(true)
    // Of 2f + 1 in a row that pass at a peer no two are of one author.
    for (const peer of [0, 1, 2, 3]) {
      const passed = judged.filter((event) => event.peer === peer && event.factor > 0).map(({ other }) => other)
      for (let i = 2; i < passed.length; i++) expect(new Set(passed.slice(i - 2, i + 1)).size).toBe(3)
    }
  })
})

describe('asynchronous agreement on the virtual network', () => {
  const settings = ['aggregation.rule=median', 'network=virtual', 'rounds=6']

  it('goes on with f silent, and on a ring', async () => {
    expectFinished(await cells.run([...settings, agreement(), liars('silent')]), 6)
    expectFinished(await cells.run([...settings, agreement(), 'peers=7', 'topology={ kind: ring }']), 6)
  })

  it('trains in each round, also of the rule, where a training has to wait for the one before', async () => {
    expectFinished(await cells.run([...settings, agreement(', bootstrap: 3, roundMs: 1000')]), 6)
  })

  it('goes on after a partition, also who was cut off while it pulled what nobody holds any more', async () => {
    const parted = 'partitions={ groups: [[0], [1, 2, 3]], fromRound: 2, untilRound: 5 }'
    const slow = 'network={ transport: virtual, training: { ms: 1000 }, latency: { uniform: [50, 400] } }'
    const { events } = await cells.run(['aggregation.rule=median', 'rounds=16', slow, agreement(), parted])
    const healed = events.findLast(({ kind, peer }) => kind === 'connected' && peer === 0)!.atMs
    const ended = events.filter(({ kind, peer, atMs }) => kind === 'averaged' && peer === 0 && atMs > healed)
    expect(ended.length).toBeGreaterThan(5)
  })

  it('refuses what changes too fast', async () => {
    const run = await cells.run([...settings, agreement(), liars('sign-flip, scale: 100')])
    expectFinished(run, 6)
    const ofLiar = judgedOf(run).filter(({ other }) => other === 3)
    expect(ofLiar.length).toBeGreaterThan(0)
    expect(ofLiar.every(({ factor }) => factor === 0)).toBe(true)
    expect(run.measures.gradients!.liars).toBe(0)
    expect(run.measures.gradients!.honest).toBeGreaterThan(0.1)
  })

  it('pulls two gradients of who floods in a round', async () => {
    const run = await cells.run([...settings, agreement(), liars('gradient-flood')])
    expectFinished(run, 6)
    const ofLiar = judgedOf(run).filter(({ other }) => other === 3)
    // What was pulled in one round may be judged in the next.
    for (const [, each] of Map.groupBy(ofLiar, ({ peer, round }) => `${peer} ${round}`))
      expect(each.length).toBeLessThanOrEqual(4)
  })

  it('names who announces two gradients by one number', async () => {
    const run = await cells.run([...settings, agreement(), liars('equivocate')])
    expectFinished(run, 6)
    expect(run.measures.evidence.culprits).toBe(1)
  })

  it('models that liars name move nobody far, by a robust rule, and by the mean all', async () => {
    const [robust, mean] = await Promise.all(
      ['median', 'mean'].map((rule) =>
        cells.run([
          ...settings,
          agreement(', mixEvery: 1'),
          liars('false-model, scale: 1000'),
          `aggregation.rule=${rule}`,
          'rounds=10',
        ]),
      ),
    )
    expectFinished(robust!, 10)
    expect(robust!.measures.evidence.culprits).toBe(0)
    expect(judgedOf(robust!).some(({ other }) => other === 3)).toBe(true)
    expect(accuracyOf(robust!).least).toBeGreaterThan(0.4)
    expect(accuracyOf(mean!).median).toBeLessThan(accuracyOf(robust!).least)
    const distances = [robust!, mean!].map(({ measures }) => measures.disagreement.distance ?? Number.POSITIVE_INFINITY)
    expect(distances[0]).toBeLessThan(distances[1]! / 10)
  })

  it('who begins late moves to where the others are, and stays behind where models are not taken in', async () => {
    const late =
      'network={ transport: virtual, training: { ms: 100 }, crashes: [{ peer: 0, round: 1, restartAfterMs: 1500 }] }'
    const [mixed, drifted] = await Promise.all(
      [2, 0].map((every) => cells.run([...settings, agreement(`, mixEvery: ${every}`), late, 'rounds=14'])),
    )
    const [together, behind] = [mixed!, drifted!].map(
      ({ rows }) => rows.flatMap(({ peer, evaluation }) => (peer === 0 ? (evaluation.accuracy ?? []) : [])).at(-1)!,
    )
    expect(together).toBeGreaterThan(behind! + 0.1)
    const distances = [mixed!, drifted!].map(({ measures }) => measures.disagreement.distance!)
    expect(distances[0]).toBeLessThan(distances[1]! / 2)
  })

  it('a peer that trains ten times slower slows no round down', async () => {
    const end = ({ events }: CellRun) =>
      events.filter(({ kind }) => kind === 'averaged' || kind === 'certified').at(-1)!.atMs
    const slow = 'network={ transport: virtual, training: { ms: 1000 }, slow: [{ peer: 0, times: 10 }] }'
    const asynchronous = await cells.run([...settings, agreement(), slow, 'rounds=9'])
    const exact = await cells.run([...settings, 'agreement={ kind: exact, graceMs: 15000 }', slow, 'rounds=3'])
    expect(end(asynchronous)).toBeLessThan(end(exact) / 2)
  })
})
