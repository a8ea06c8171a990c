/** From what users do to the certified model: who repeats itself changes nothing where each user has one voice for each item. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Cells, startCells } from './testing/cells.ts'

let cells: Cells

beforeAll(async () => {
  cells = await startCells()
})

afterAll(() => cells.close())

const dataset = 'dataset: { tastes: { users: 40, items: 60, tastes: 3, median: 10 } }'

/** The digests of the models of both rounds, and of the updates that they are made of. */
async function certified(voice: string, activity: number): Promise<string[]> {
  const { events } = await cells.run([
    ...['peers=4', 'tolerated=1', 'rounds=2', 'network=virtual', 'learning={ localSteps: 2, momentum: 0 }'],
    `task={ kind: ratings, ${dataset}, ${voice} }`,
    `adversaries={ count: 1, behaviour: hyperactive-profiles, accounts: 2, activity: ${activity}, fill: 5 }`,
  ])
  const told = events.flatMap((event) =>
    event.kind === 'certified'
      ? [`${event.round} ${event.model} ${event.members.map(({ peer, digest }) => `${peer}:${digest}`).sort()}`]
      : [],
  )
  return [...new Set(told)]
}

test('once clipped, a film that is liked fifty times over gives the updates and models of one like, bit for bit', async () => {
  const voice = 'once: true, clip: 0.5, cap: 20'
  const once = await certified(voice, 1)
  expect(once).toHaveLength(2)
  expect(await certified(voice, 50)).toEqual(once)
  const open = 'once: false'
  expect(await certified(open, 50)).not.toEqual(await certified(open, 1))
})
