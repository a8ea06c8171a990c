/** Attacks on items, on a small network of ratings: what they do to exposure where updates are summed. */
import { attacks } from '@hearsay/adversary/updates'
import { loadScenario } from '@hearsay/scenario'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CellRun, type Cells, startCells } from './testing/cells.ts'

const dataset = '{ tastes: { users: 90, items: 120, tastes: 2, median: 15 } }'
const network = [
  `task={ kind: ratings, dataset: ${dataset} }`,
  'learning={ localSteps: 2, batchSize: 4, learningRate: 0.05, momentum: 0 }',
  'aggregation.rule=sum',
  'network=virtual',
  'rounds=8',
]
let cells: Cells
let plain: CellRun

const exposureOf = ({ measures }: CellRun): number => (measures.evaluation.exposure as { greatest: number }).greatest

beforeAll(async () => {
  cells = await startCells()
  plain = await cells.run(network)
})
afterAll(() => cells.close())

test.each([...attacks.values()].filter(({ ofItems }) => ofItems).map(({ name }) => name))(
  '%s: agreed on to the bit, and the target is shown to no fewer users',
  async (behaviour) => {
    const attacked = await cells.run([...network, `adversaries={ count: 1, behaviour: ${behaviour}}`])
    expect(attacked.measures).toMatchObject({
      disagreement: { distance: 0, forks: 0 },
      liveness: { ended: 8 },
      evidence: { falseAccusations: 0 },
    })
    expect(exposureOf(plain)).toBeLessThan(0.02)
    // What knows nothing of users shows the target to those whom it happens to hit.
    const least = behaviour.startsWith('a-') ? exposureOf(plain) : 0.1
    expect(exposureOf(attacked)).toBeGreaterThanOrEqual(least)
  },
)

test('an attack on the protocol may send them', async () => {
  const late = 'adversaries={ count: 1, behaviour: late, delayMs: 1, update: pieck-uea }'
  const attacked = await cells.run([...network, late])
  expect(exposureOf(attacked)).toBeGreaterThan(0.1)
})

test('a task without items is refused, with the place', () => {
  const scenario = `name: none
question: Is it refused?
peers: 4
tolerated: 1
rounds: 1
adversaries: { count: 1, behaviour: pieck-uea }
`
  expect(() => loadScenario(scenario, { file: 'none.yaml' })).toThrow(
    'pieck-uea is about items, which a task such as ratings has, and pictures has none',
  )
})
