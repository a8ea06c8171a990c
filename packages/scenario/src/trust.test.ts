import { expect, test } from 'vitest'
import { liarShare } from './adversaries.ts'
import { loadScenario } from './load.ts'

const text = (trust: string, more = '') => `name: trusted
question: Who weighs how much?
peers: 5
adversaries: { count: 2, behaviour: silent }
aggregation: { rule: mean }
rounds: 1
trust: ${trust}
${more}`
const load = (trust: string, more?: string) => loadScenario(text(trust, more), { file: 'x.yaml' })

test('trust gives the weights, and as many liars are tolerated as they allow', () => {
  const { cells, resolved } = load('{ preTrusted: [0, 1], vouches: [[0, 2], [1, 2, 0.5]] }')
  const { weights, tolerated, trust } = cells[0]!.parameters
  // 0.8 · 0.8 · 1.5 / 6; liars whom nobody vouches for weigh 1.
  expect([weights, tolerated]).toEqual([[800, 800, 160, 1, 1], 587])
  expect(trust).toMatchObject({ method: 'lipschitrust', decay: 0.8, bought: 0 })
  expect(liarShare(cells[0]!.parameters, 'weight')).toBe(2 / 1762)
  expect(liarShare(cells[0]!.parameters, 'heads')).toBe(0.4)
  // What is resolved says both, and loads to the same.
  expect(loadScenario(resolved, { file: 'x.yaml' }).cells[0]!.parameters).toEqual(cells[0]!.parameters)
})

test('liars buy vouches one by one, and vouch for each other', () => {
  const { cells } = load('{ method: lipschitrust, preTrusted: [0, 1, 2] }', 'sweep: { trust.bought: [0, 1, 4, 99] }\n')
  const shares = cells.map(({ parameters }) => liarShare(parameters, 'weight'))
  expect(shares).toEqual(shares.toSorted((a, b) => a - b))
  expect(new Set(shares).size).toBe(4)
  expect(cells[1]!.parameters.weights).toEqual([812, 800, 800, 110, 12])
})

test.each([
  ['{ preTrusted: [5] }', /7:23: trust\.preTrusted\.0: there are peers 0 to 4, found 5/],
  ['{ preTrusted: [0], vouches: [[0, 0]] }', /7:37: trust\.vouches\.0: peer 0 vouches for itself/],
  ['{ preTrusted: [0], vouches: [[0, 1], [0, 1]] }', /7:45: trust\.vouches\.1: peer 0 vouches for 1 twice/],
  ['{ preTrusted: [0], vouches: [[0, 1, 2]] }', /trust: lipschitrust takes vouches of a weight up to 1, found 2/],
  ['{ preTrusted: [0], vouches: [[0]] }', /trust\.vouches\.0/],
  ['{ preTrusted: [] }', /trust\.preTrusted/],
  ['{ method: pagerank, preTrusted: [0] }', /trust\.method/],
  ['{ preTrusted: [0], decay: 2 }', /trust\.decay/],
])('trust %s is refused at its place', (trust, message) => {
  expect(() => load(trust)).toThrow(message)
})

test('weights beside trust are refused unless they are the same', () => {
  expect(() => load('{ preTrusted: [0] }', 'weights: [1, 1, 1, 1, 1]\n')).toThrow(/weights: trust gives the weights/)
  expect(load('{ preTrusted: [0] }', 'weights: [800, 1, 1, 1, 1]\n').cells).toHaveLength(1)
})

test('a panel stands against the share of weight', () => {
  const sweep = 'sweep: { trust.bought: [0, 1] }\n'
  const panel = (against: string) => `${sweep}plot: { lines: peers, against: ${against} }\n`
  expect(load('{ preTrusted: [0] }', panel('weight')).plot).toHaveLength(1)
  expect(() => load('{ preTrusted: [0] }', panel('heads'))).toThrow(/are in one place of a line/)
})
