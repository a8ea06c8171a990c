import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Cells, startCells } from './testing/cells.ts'

let cells: Cells

beforeAll(async () => {
  cells = await startCells()
})

afterAll(() => cells.close())

const virtual = ['network=virtual', 'learning.localSteps=1']

test('without agreement all take in the updates of all, and come to the model that exact agreement on all of them gives', async () => {
  const trusted = await cells.run([...virtual, 'agreement=trusted'])
  const exact = await cells.run(virtual)
  expect(trusted.measures).toMatchObject({
    liveness: { ended: 3 },
    disagreement: { distance: 0, forks: 0 },
    stalled: false,
  })
  const agreed = exact.events.filter((event) => event.kind === 'agreed')
  expect(agreed.every(({ members }) => members.length === 4)).toBe(true)
  expect(trusted.head.digest).toBe(exact.head.digest)
  expect(trusted.measures.bytes.sent).toBeLessThan(exact.measures.bytes.sent)
  expect(new Set(trusted.events.map(({ kind }) => kind))).not.toContain('certified')
})

test('it goes on after losses and a crash, and over libp2p', async () => {
  const network = '{ transport: virtual, loss: 0.05, crashes: [{ peer: 1, round: 2, restartAfterMs: 300 }] }'
  for (const over of [`network=${network}`, 'network=memory']) {
    const { measures } = await cells.run([over, 'agreement=trusted', 'learning.localSteps=1'])
    expect(measures).toMatchObject({ liveness: { ended: 3 }, disagreement: { distance: 0 }, stalled: false })
  }
})

test('it protects from nothing: one silent peer stops it, and one that equivocates parts it', async () => {
  const liar = (behaviour: string) => [
    ...virtual,
    'agreement=trusted',
    `adversaries={ count: 1, behaviour: ${behaviour} }`,
  ]
  expect((await cells.run(liar('silent'))).measures).toMatchObject({ liveness: { ended: 0 }, stalled: true })
  const { measures } = await cells.run([...liar('equivocate'), 'peers=7', 'tolerated=2'])
  expect(measures.stalled || measures.disagreement.distance! > 0).toBe(true)
  // The same liar against exact agreement.
  const exact = await cells.run([
    ...virtual,
    'adversaries={ count: 1, behaviour: equivocate }',
    'peers=7',
    'tolerated=2',
  ])
  expect(exact.measures).toMatchObject({ liveness: { ended: 3 }, disagreement: { distance: 0 } })
})

test('rule and agreement tolerate each their own f', async () => {
  // A trimmed mean of 7 that drops one of each end, and agreement among 5 to 7.
  const { measures } = await cells.run([
    'network=virtual',
    'peers=7',
    'tolerated=2',
    'aggregation={ rule: trimmed-mean, tolerated: 1 }',
    'adversaries={ count: 2, behaviour: sign-flip, scale: 100 }',
  ])
  const own = await cells.run([
    'network=virtual',
    'peers=7',
    'tolerated=2',
    'adversaries={ count: 2, behaviour: sign-flip, scale: 100 }',
  ])
  expect(measures.evaluation.accuracy!.least!).toBeLessThan(own.measures.evaluation.accuracy!.least! - 0.1)
})

test('on a ring updates come by others, and the model is the same', async () => {
  const run = (...more: string[]) => cells.run(['network=virtual', 'agreement=trusted', 'peers=6', ...more])
  const ring = await run('topology={ kind: ring }')
  expect(ring.measures.liveness).toEqual({ ended: 3, rounds: 3 })
  expect(ring.head.digest).toBe((await run()).head.digest)
})

test('momentum of workers lasts over rounds, through a crash', async () => {
  const run = (...more: string[]) => cells.run(['learning.localSteps=1', 'network=virtual', ...more])
  const without = await run()
  const momentum = await run('learning.workerMomentum=0.9')
  const again = await run('learning.workerMomentum=0.9')
  expect(momentum.head.digest).not.toBe(without.head.digest)
  expect(again.head.digest).toBe(momentum.head.digest)
  // A tenth, 0.19 and 0.271 of a gradient, in place of three.
  const { model: start } = (await run('learning.learningRate=0.000001')).head
  const moved = ({ head }: typeof without): number => Math.hypot(...head.model.map((value, i) => value - start[i]!))
  expect(moved(momentum) / moved(without)).toBeGreaterThan(0.1)
  expect(moved(momentum) / moved(without)).toBeLessThan(0.3)
  const crash = 'network={ transport: virtual, crashes: [{ peer: 1, round: 2, restartAfterMs: 300 }] }'
  const crashed = await run(crash, 'agreement=trusted', 'learning.workerMomentum=0.9')
  expect(crashed.head.digest).toBe(momentum.head.digest)
})

test('centred clipping goes on from its last output, also where a peer took the model from others', async () => {
  const clipping = 'aggregation={ rule: centered-clipping, radius: 0.05 }'
  const down = 'network={ transport: virtual, crashes: [{ peer: 1, round: 2, restartAfterMs: 4000 }] }'
  const rounds = 'rounds=8'
  const exact = await cells.run([clipping, rounds, 'network=virtual', 'learning.localSteps=1'])
  const trusted = await cells.run([clipping, rounds, 'network=virtual', 'learning.localSteps=1', 'agreement=trusted'])
  expect(trusted.head.digest).toBe(exact.head.digest)
  // Without a last output each round adds at most the radius; with it, what is left of the way is made up for.
  const { model: start } = (await cells.run(['network=virtual', 'learning.learningRate=0.000001', 'rounds=1'])).head
  expect(Math.hypot(...exact.head.model.map((value, i) => value - start[i]!))).toBeGreaterThan(8 * 0.05)
  const behind = await cells.run([clipping, rounds, down, 'learning.localSteps=1'])
  expect(behind.measures).toMatchObject({ liveness: { ended: 8 }, disagreement: { distance: 0 } })
  expect(behind.events.filter((event) => event.kind === 'differs')).toEqual([])
})
