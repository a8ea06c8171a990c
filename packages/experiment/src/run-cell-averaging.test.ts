import { attacks } from '@hearsay/adversary'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accuracyOf, type CellRun, type Cells, sparing, startCells } from './testing/cells.ts'

let cells: Cells

beforeAll(async () => {
  cells = await startCells()
})

afterAll(() => cells.close())

const liars = (count: number, behaviour: string): string => `adversaries={ count: ${count}, behaviour: ${behaviour} }`

/** Rows of the first and the last round, by peer. */
function distances({ rows }: CellRun): (number | null)[] {
  return [1, 2, 3].map((round) => rows.find((row) => row.round === round)?.distance ?? null)
}

function expectFinished({ measures, rows }: CellRun): void {
  expect(measures).toMatchObject({
    disagreement: { forks: 0 },
    liveness: { ended: 3, rounds: 3 },
    evidence: { falseAccusations: 0 },
    stalled: false,
  })
  for (const row of rows) expect(row).toMatchObject({ ended: true, forked: false })
}

describe.each([
  ['memory', 'rb-tm', 'asynchronous', 4],
  ['memory', 'trimmed-mean', 'synchronous', 4],
  ['virtual', 'rb-tm', 'asynchronous', 4],
  ['virtual', 'trimmed-mean', 'synchronous', 4],
  ['virtual', 'trimmed-mean', 'asynchronous', 6],
  ['virtual', 'mda', 'asynchronous', 7],
  ['virtual', 'nna', 'synchronous', 6],
])('averaging on the %s network by %s, %s', (transport, method, mode, peers) => {
  const agreement = `agreement={ kind: averaging, method: ${method}, mode: ${mode}, graceMs: 300 }`
  const settings = [agreement, `peers=${peers}`, `network=${transport}`]

  it('every honest peer ends every round with a model of its own, close to the others', async () => {
    const run = await cells.run(settings)
    expectFinished(run)
    const { disagreement } = run.measures
    expect(accuracyOf(run).least).toBeGreaterThan(0.4)
    expect(disagreement.distance).toBeLessThan(0.5)
    for (const distance of distances(run)) expect(distance).not.toBeNull()
    const averaged = run.events.filter((event) => event.kind === 'averaged')
    expect(averaged.length).toBeGreaterThan(0)
    for (const { members } of averaged) expect(members.length).toBeGreaterThanOrEqual(peers - 1)
  })

  it('a silent peer stops nothing, two stop everything', async () => {
    expectFinished(await cells.run([...settings, liars(1, 'silent')]))
    const { measures } = await cells.run([...settings, liars(2, 'silent'), 'stallMs=1500', 'rounds=1'])
    expect(measures).toMatchObject({ liveness: { ended: 0 }, stalled: true })
  })

  it('a peer that equivocates is named and cut off, and honest models stay close', async () => {
    const run = await cells.run([...settings, liars(1, 'equivocate')])
    expectFinished(run)
    expect(run.measures.evidence.culprits).toBe(1)
    expect(sparing(run)).toEqual([])
    expect(accuracyOf(run).least).toBeGreaterThan(0.4)
    expect(run.measures.disagreement.distance).toBeLessThan(1)
  })

  it('an attack on updates that knows those of honest peers is averaged away', async () => {
    const run = await cells.run([...settings, liars(1, 'little-is-enough')])
    expectFinished(run)
    expect(accuracyOf(run).least).toBeGreaterThan(0.4)
  })
})

it('a liar knows the updates of all honest peers, though each trained on a model of its own', async () => {
  const known: number[] = []
  attacks.add({
    name: 'overhear',
    summary: 'send zeros, and count who is heard',
    paper: '',
    options: {},
    colludes: () => true,
    create: () => (context) => {
      known.push(context.honest.length)
      return new Float32Array(context.own.length)
    },
  })
  const agreement = 'agreement={ kind: averaging, method: mda }'
  const run = await cells.run([agreement, 'peers=7', 'network=virtual', liars(1, 'overhear')])
  expect(run.measures.disagreement.distance).toBeGreaterThan(0)
  expect(known).toEqual([6, 6, 6])
})

describe('a peer that lags', () => {
  const virtual = (more: string): string => `network={ transport: virtual, ${more} }`

  it('goes on where it was after a crash, though others have gone on', async () => {
    const crashes = 'crashes: [{ peer: 1, round: 2, afterMs: 60, restartAfterMs: 1500 }]'
    const { measures, events } = await cells.run(['agreement=averaging', 'rounds=6', virtual(crashes)])
    expect(measures).toMatchObject({ liveness: { ended: 6 }, evidence: { falseAccusations: 0 }, stalled: false })
    const finished = events.flatMap((event) => (event.kind === 'averaged' && event.peer === 1 ? [event.round] : []))
    expect(finished[0]).toBe(1)
    // It has joined the others, and did not go through all of what it missed.
    expect(finished.length).toBeLessThan(6)
    expect(finished.at(-1)).toBe(6)
  })

  it('gets from others what the network loses', async () => {
    const { measures } = await cells.run([
      'agreement=averaging',
      'stallMs=100000',
      virtual('loss: 0.1, duplication: 0.1, reordering: 0.3'),
    ])
    expect(measures).toMatchObject({ liveness: { ended: 3 }, evidence: { culprits: 0, falseAccusations: 0 } })
  })

  it('gives the same run for the same seed', async () => {
    const network = virtual('duplication: 0.1, reordering: 0.3')
    const settings = ['agreement=averaging', network, liars(1, 'equivocate')]
    const [one, again, other] = [
      await cells.run(settings),
      await cells.run(settings),
      await cells.run(settings, { seed: 2 }),
    ]
    expect(one.events).toEqual(again.events)
    expect(one.measures).toEqual(again.measures)
    expect(one.events).not.toEqual(other.events)
  })
})
