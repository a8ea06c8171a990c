import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CellRun, type Cells, startCells } from './testing/cells.ts'

let cells: Cells

beforeAll(async () => {
  cells = await startCells()
})

afterAll(() => cells.close())

const trust =
  'trust={ every: 1, preTrusted: [0, 1, 2], vouches: [[0, 1], [1, 2], [2, 0]], bought: 1, boughtIn: 2, ' +
  'roster: [{ round: 1, join: [3], by: [0, 1] }, { round: 4, leave: [2] }] }'
const shared = [
  trust,
  'tolerated=922',
  'peers=6',
  'rounds=8',
  'adversaries={ count: 2, behaviour: sign-flip }',
  'aggregation={ rule: median }',
]

/** In each round who has an update in, by scenario index. */
const setsOf = ({ events }: CellRun): number[][] =>
  events.flatMap((event) =>
    event.kind === 'agreed' && event.peer === 0 ? [event.members.map(({ peer }) => Number(peer))] : [],
  )

test.each(['network=virtual', 'network=memory', 'network=virtual checkpointEvery=2'])(
  'peers join and leave by vouches, with %s, and liars who vouch for each other gain little',
  async (overrides) => {
    const run = await cells.run([...shared, ...overrides.split(' ')])
    expect(run.measures).toMatchObject({
      disagreement: { distance: 0, forks: 0 },
      liveness: { ended: 8, rounds: 8 },
      evidence: { culprits: 0, falseAccusations: 0 },
    })
    const sets = setsOf(run)
    const joined = (peer: number): number => 1 + sets.findIndex((set) => set.includes(peer))
    expect(sets[0]).toEqual([0, 1, 2])
    // Vouched for in round 1 it takes part in 3, and who is bought in 2 in 4.
    expect(joined(3)).toBe(3)
    expect(joined(4)).toBe(4)
    expect(sets.slice(5).flat()).not.toContain(2)
    expect(run.measures.weight!.most).toBeLessThan(0.15)
    expect(run.measures.weight!.most).toBeGreaterThan(0)
    // A peer that starts knows by whom it counts, and tells of no change.
    if (overrides.includes('checkpointEvery')) return
    const eras = run.events.flatMap((event) => (event.kind === 'era' && event.peer === 3 ? [event.round] : []))
    expect(eras.slice(0, 2)).toEqual([3, 4])
  },
)

test.each(['network=memory', 'network=tcp', 'network=memory checkpointEvery=1'])(
  'who is proven to lie is evicted by the next round, with %s, and the others go on without it',
  async (overrides) => {
    const run = await cells.run([
      'rounds=5',
      'agreement={ kind: exact, graceMs: 200, evictEvery: 1 }',
      'adversaries={ count: 1, behaviour: equivocate }',
      ...overrides.split(' '),
    ])
    expect(run.measures).toMatchObject({
      disagreement: { distance: 0, forks: 0 },
      liveness: { ended: 5, rounds: 5 },
      evidence: { culprits: 1, falseAccusations: 0 },
    })
    if (overrides.includes('checkpointEvery')) return
    const eras = run.events.flatMap((event) => (event.kind === 'era' && event.peer === 0 ? [event] : []))
    expect(eras).toHaveLength(1)
    expect(eras[0]).toMatchObject({ tolerated: 0, weights: [0, 1, 2].map((peer) => ({ peer, weight: 1 })) })
    expect(eras[0]!.round).toBeLessThanOrEqual(4)
  },
)
