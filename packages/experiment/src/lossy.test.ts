import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Cells, smallCell, startCells } from './testing/cells.ts'

let cells: Cells

beforeAll(async () => {
  cells = await startCells()
})

afterAll(() => cells.close())

const trusted = ['agreement=trusted', 'learning.localSteps=1', 'peers=5', 'aggregation={ rule: median, tolerated: 1 }']
const loss = (more: string) => `exchange={ loss: { rate: 0.3, chunk: 500, ${more} } }`

test('each receiver fills for itself, by the seed alone, on the virtual network and on libp2p alike', async () => {
  const virtual = await cells.run([...trusted, loss('fill: skip'), 'network=virtual'])
  const libp2p = await cells.run([...trusted, loss('fill: skip'), 'network=memory'])
  const whole = await cells.run([...trusted, 'network=virtual'])
  for (const { measures } of [virtual, libp2p])
    expect(measures).toMatchObject({ liveness: { ended: 3 }, stalled: false })
  expect(virtual.measures.disagreement.distance).toBeGreaterThan(0)
  expect(libp2p.measures.disagreement.distance).toBe(virtual.measures.disagreement.distance)
  expect(whole.measures.disagreement.distance).toBe(0)
  const other = await cells.run([...trusted, loss('fill: skip, seed: 7'), 'network=virtual'])
  expect(other.measures.disagreement.distance).not.toBe(virtual.measures.disagreement.distance)
})

test.each(['zero', 'scale', 'last', 'garbage', 'normal', 'drop'])('rounds go on with fill %s', async (fill) => {
  const { measures } = await cells.run([...trusted, loss(`fill: ${fill}`), 'network=virtual'])
  expect(measures).toMatchObject({ liveness: { ended: 3 }, stalled: false })
})

test('links that do not lose take in what was sent, and nothing is lost of what a peer sent itself', async () => {
  const none = await cells.run([...trusted, loss('links: []'), 'network=virtual'])
  expect(none.measures.disagreement.distance).toBe(0)
  // Of peer 4 everything is lost, to all but peer 0 and itself.
  const links = 'links: [[4, 1], [4, 2], [4, 3]], unit: update, rate: 1, fill: garbage'
  const mean = ['aggregation={ rule: mean, tolerated: 0 }']
  const one = await cells.run([...trusted, `exchange={ loss: { ${links} } }`, ...mean, 'network=virtual', 'rounds=1'])
  expect(one.measures.disagreement.distance).toBeGreaterThan(1e6)
})

test('averaging loses updates, and what it averages afterwards arrives whole', async () => {
  const averaging = ['agreement=averaging', 'learning.localSteps=1', 'network=virtual']
  const whole = await cells.run(averaging)
  const { measures, head } = await cells.run([...averaging, loss('fill: scale')])
  expect(measures).toMatchObject({ liveness: { ended: 3 }, stalled: false })
  expect(head.digest).not.toBe(whole.head.digest)
  expect(measures.disagreement.distance).toBeLessThan(1)
})

test('what does not fit is told with a remedy before anything runs', () => {
  const wrong =
    (...overrides: string[]) =>
    () =>
      smallCell(['agreement=trusted', ...overrides])
  expect(wrong(loss('fill: skip'), 'aggregation={ rule: krum }', 'peers=5')).toThrow(
    /exchange\.loss\.fill: .*"krum" compares whole updates/,
  )
  expect(wrong(loss('links: [0, [1, 9]]'))).toThrow(/links.*found 9/)
  expect(wrong(loss('fill: skp'))).toThrow(/exchange\.loss\.fill/)
})
