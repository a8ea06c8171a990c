/** Liars that are most of the heads and weigh F at most do nothing to a rule that counts weight, whatever the network. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Cells, startCells } from './testing/cells.ts'

let cells: Cells

beforeAll(async () => {
  cells = await startCells()
})

afterAll(() => cells.close())

const modelOf = ({ events }: Awaited<ReturnType<Cells['run']>>): ReadonlySet<string> =>
  new Set(events.flatMap((event) => (event.kind === 'certified' && event.round === 2 ? [event.model] : [])))

// W = 22, F = 7: four liars of seven have 4 of it.
const heavy = 'weights=[6, 6, 6, 1, 1, 1, 1]'
const seven = ['peers=7', 'rounds=2', 'learning.localSteps=25', 'agreement.graceMs=10000']
const attack = (behaviour: string): string => `adversaries={ count: 4, ${behaviour} }`

test.each(['median', 'geometric-median'])(
  '%s counts weight: four of seven peers that send ruin do not ruin, and do by heads',
  async (rule) => {
    const ruled = [
      ...seven,
      'network=virtual',
      `aggregation={ rule: ${rule} }`,
      attack('behaviour: sign-flip, scale: 1e6'),
    ]
    const weighed = await cells.run([...ruled, heavy, 'tolerated=7'])
    expect(weighed.measures).toMatchObject({ liveness: { ended: 2 }, disagreement: { distance: 0, forks: 0 } })
    expect(weighed.measures.evaluation.accuracy!.median).toBeGreaterThan(0.5)
    const counted = await cells.run([...ruled, 'tolerated=2'])
    expect(counted.measures.evaluation.accuracy!.median).toBeLessThan(0.3)
  },
)

test('on libp2p it is the same model, bit by bit', async () => {
  const same = [...seven, 'aggregation={ rule: trimmed-mean }', heavy, 'tolerated=7', attack('behaviour: sign-flip')]
  const [virtual, libp2p] = [await cells.run([...same, 'network=virtual']), await cells.run(same)]
  expect(modelOf(virtual).size).toBe(1)
  expect(modelOf(libp2p)).toEqual(modelOf(virtual))
})

test('an attack that tries the rule tries it with weights', async () => {
  const tried = [...seven, 'network=virtual', 'aggregation={ rule: krum, neighbours: n-f-1 }', heavy, 'tolerated=7']
  for (const behaviour of ['fang', 'optimal-inner-product, evaluations: 4']) {
    const { measures } = await cells.run([...tried, attack(`behaviour: ${behaviour}`)])
    expect(measures).toMatchObject({ liveness: { ended: 2 }, stalled: false })
    expect(measures.evaluation.accuracy!.median).toBeGreaterThan(0.35)
  }
})
