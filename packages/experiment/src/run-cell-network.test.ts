import { afterAll, beforeAll, expect, test } from 'vitest'
import { InProcessNetwork } from './in-process-network.ts'
import { type Cells, smallCell, startCells } from './testing/cells.ts'

let cells: Cells

beforeAll(async () => {
  cells = await startCells()
})

afterAll(() => cells.close())

const allCertified = { liveness: { ended: 3 }, disagreement: { distance: 0, forks: 0 }, stalled: false }

test('over TCP, with noise', async () => {
  const { measures } = await cells.run(['network.transport=tcp'])
  expect(measures).toMatchObject(allCertified)
})

test.each([
  ['a ring', 'topology={ kind: ring }'],
  ['a random graph', 'topology={ kind: random, degree: 3 }'],
])('seven peers on %s: updates travel by those who echo them', async (_, topology) => {
  const { measures } = await cells.run(['peers=7', 'tolerated=2', topology])
  expect(measures).toMatchObject(allCertified)
})

test('a partition that begins later and heals: nobody goes on alone, everybody goes on after', async () => {
  const partition = 'partitions={ groups: [[0, 1], [2, 3]], fromRound: 2, untilRound: 3, untilMs: 1500 }'
  const { measures, progress, events } = await cells.run(['rounds=4', partition])
  expect(measures).toMatchObject({ ...allCertified, liveness: { ended: 4 } })
  const notes = progress.flatMap((each) => (each.kind === 'note' ? [each.text] : []))
  expect(notes).toEqual(['the network is cut in parts', 'the parts of the network meet'])
  // Two of four are no quorum: the third round waits for the halves to meet.
  const cut = events.find((event) => event.kind === 'round' && event.round === 2)!.atMs
  for (const event of events)
    if (event.kind === 'certified' && event.round === 3) expect(event.atMs - cut).toBeGreaterThan(1400)
})

test('a part that can go on does, and the other adopts what it missed', async () => {
  const partition = 'partitions={ groups: [[0, 1, 2], [3]], fromRound: 2, untilRound: 4 }'
  const { measures, rows, progress } = await cells.run(['rounds=6', partition])
  expect(measures).toMatchObject({ ...allCertified, liveness: { ended: 6 } })
  const late = rows.filter(({ peer }) => peer === 3)
  expect(late.map(({ round, ended }) => [round, ended])).toEqual([1, 2, 3, 4, 5, 6].map((round) => [round, true]))
  // It took these from the others, so it has no times of its own; accuracy is the model's.
  expect(late.filter(({ trainingMs }) => trainingMs === null).map(({ round }) => round)).toContain(3)
  for (const { evaluation } of late) expect(evaluation.accuracy).toBeGreaterThan(0)
  expect(progress).toContainEqual(expect.objectContaining({ kind: 'round', round: 2, ended: 3, models: 1 }))
})

test('another seed, another network; the same seed, the same peers and models to begin with', async () => {
  const [one, two] = [await cells.run(['rounds=1']), await cells.run(['rounds=1'], { seed: 2 })]
  const accuracies = [one, two].map(({ measures }) => [measures.seed, measures.liveness.ended])
  expect(accuracies).toEqual([
    [1, 1],
    [2, 1],
  ])
  const models = [one, two].map(({ events }) =>
    events.flatMap((event) => (event.kind === 'certified' ? event.model : [])),
  )
  expect(models[0]![0]).not.toBe(models[1]![0])
})

test('an interrupt ends a cell at once', async () => {
  const controller = new AbortController()
  const reason = new Error('enough')
  const run = cells.run(['rounds=1000'], {
    signal: controller.signal,
    onEvent: (event) => {
      if (event.kind === 'certified') controller.abort(reason)
    },
  })
  await expect(run).rejects.toBe(reason)
  await expect(cells.run([], { signal: controller.signal })).rejects.toBe(reason)
})

test('training that ends while peers train ends the cell with its error', async () => {
  const own = await startCells()
  const run = own.run(['rounds=1000'], {
    onEvent: (event) => {
      if (event.kind === 'certified') void own.close()
    },
  })
  await expect(run).rejects.toMatchObject({ code: 'closed' })
})

test('who lies has no say in where its id sorts, and a liar is not its position', async () => {
  const cell = smallCell(['adversaries={ count: 1, behaviour: silent }'])
  const { task, learning, peers } = cell.parameters
  const opened = await cells.pool.open({ task, learning, peers, seed: 1 })
  const network = await InProcessNetwork.create({ parameters: cell.parameters, seed: 1, task: opened })
  expect(network.honest).toEqual([0, 1, 2])
  expect([0, 1, 2, 3].map(network.indexOf).sort()).toEqual([0, 1, 2, 3])
  expect(network.indexOf(4)).toBe(-1)
  expect(network.indexOfId(network.host(2).id)).toBe(2)
  expect(network.indexOfId('nobody')).toBe(-1)
  expect(() => network.host(4)).toThrow('no peer 4')
  await network.stop()
  await opened.close()
})
