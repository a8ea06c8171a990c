import { attacks } from '@hearsay/adversary/updates'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { accuracyOf, type Cells, startCells } from './testing/cells.ts'

let cells: Cells

beforeAll(async () => {
  cells = await startCells()
})
afterAll(() => cells.close())

const certified = { disagreement: { distance: 0, forks: 0 }, liveness: { ended: 2 }, stalled: false }

/** Nobody is left out for being slow on a machine that is busy. */
const patient = ['rounds=2', 'agreement.graceMs=10000']

/** Who was in the update set of each certified round, by scenario index. */
function membersOf({ events }: Awaited<ReturnType<Cells['run']>>): number[][] {
  const rounds = new Map<number, number[]>()
  for (const event of events)
    if (event.kind === 'certified') rounds.set(event.round, event.members.map(({ peer }) => Number(peer)).sort())
  return [...rounds.values()]
}

const onVectors = [...attacks.values()].filter(({ name, ofItems }) => name !== 'non-finite' && !ofItems)

test.each(onVectors.map(({ name }) => name))(
  '%s: the liar’s update is agreed on with the honest ones, and all hold the same model',
  async (behaviour) => {
    const result = await cells.run([...patient, `adversaries={ count: 1, behaviour: ${behaviour} }`])
    expect(result.measures).toMatchObject({ ...certified, evidence: { culprits: 0, falseAccusations: 0 } })
    expect(membersOf(result)).toEqual([
      [0, 1, 2, 3],
      [0, 1, 2, 3],
    ])
  },
)

test.each([
  ['label-flip', ''],
  ['backdoor', ', target: 3'],
  ['hyperactive', ', factor: 2'],
])('%s: honest arithmetic on poisoned data', async (behaviour, options) => {
  const group = `adversaries={ count: 1, behaviour: ${behaviour}${options} }`
  const [poisoned, clean] = [await cells.run([...patient, group]), await cells.run(patient)]
  expect(poisoned.measures).toMatchObject({ ...certified, evidence: { culprits: 0, falseAccusations: 0 } })
  expect(membersOf(poisoned)).toEqual(membersOf(clean))
  const last = ({ events }: typeof clean) =>
    events.flatMap((event) => (event.kind === 'certified' && event.round === 2 ? event.model : []))[0]
  expect(last(poisoned)).not.toBe(last(clean))
  // Measured in every round, and only where there is a backdoor.
  const measured = [poisoned.measures, ...poisoned.rows].map(({ evaluation }) => evaluation.backdoor !== null)
  expect(new Set(measured)).toEqual(new Set([behaviour === 'backdoor']))
  expect(clean.measures.evaluation.backdoor).toBeNull()
})

test('a backdoor that the mean of two liars and one honest peer takes in is open', async () => {
  const backdoor = 'adversaries={ count: 2, behaviour: backdoor, target: 3, fraction: 0.5 }'
  const steps = ['peers=3', 'tolerated=0', 'aggregation.rule=mean', 'learning.localSteps=40']
  const { measures } = await cells.run([...patient, ...steps, backdoor])
  expect(measures.evaluation.backdoor!.greatest).toBeGreaterThan(0.5)
  expect(measures.evaluation.backdoor!.greatest).toBeLessThanOrEqual(1)
})

test('updates that are not finite are not agreed on', async () => {
  const result = await cells.run(['rounds=2', 'adversaries={ count: 1, behaviour: non-finite }'])
  expect(result.measures).toMatchObject(certified)
  expect(membersOf(result)).toEqual([
    [0, 1, 2],
    [0, 1, 2],
  ])
})

test('a coalition that knows the rule ruins a mean more than a trimmed mean', async () => {
  const attack = 'adversaries={ count: 1, behaviour: optimal-inner-product }'
  const robust = await cells.run([...patient, attack])
  const ruined = await cells.run([...patient, attack, 'aggregation.rule=mean'])
  for (const result of [robust, ruined]) expect(result.measures).toMatchObject(certified)
  expect(accuracyOf(ruined).greatest).toBeLessThan(accuracyOf(robust).least - 0.1)
})

test('liars do not wait for ever for honest peers that are cut off', async () => {
  // In round 2 one of four honest peers makes no update, and without the liar the others are no quorum.
  const { measures } = await cells.run([
    'peers=5',
    'rounds=3',
    'stallMs=4000',
    'adversaries={ count: 1, behaviour: mimic }',
    'partitions={ groups: [[0, 1, 2, 4], [3]], untilRound: 2 }',
  ])
  expect(measures).toMatchObject({ liveness: { ended: 3 }, stalled: false })
})
