import { expect, test } from 'vitest'
import { published } from '../testing/solidago-values.ts'
import { type Comparison, scoresOf } from './bradley-terry.ts'
import { collective, collectiveOfScores } from './collective.ts'
import { mehestan, type Rater } from './mehestan.ts'
import { resilientDeviation, resilientMean, resilientMedian, resilientQuantile, type Voter } from './resilient.ts'
import type { Score } from './score.ts'

const near = (found: number | undefined, golden: number, what = ''): void =>
  expect(Math.abs(found! - golden), `${what}: ${found}, not ${golden}`).toBeLessThan(1e-6)

const votersOf = (values: readonly number[], weight = 1, left = 0, right = left): Voter[] =>
  values.map((value) => ({ value, weight, left, right }))

test('primitives: what solidago tests of them', () => {
  const unsure = [
    { value: -10, weight: 1, left: 1e-3, right: 1e-5 },
    { value: 5, weight: 1, left: 1e-7, right: 1e-3 },
    { value: 10, weight: 1, left: 1e-3, right: 1e-4 },
  ]
  near(resilientMedian(unsure, { resilience: 1 }), 1)
  near(resilientMedian(votersOf([-10, 1, 10], 1, 1e6), { resilience: 1 }), 0)
  expect(resilientQuantile(votersOf([0, 1, 2, 5], 1, 1e-6, 1e-4), 0.25, { resilience: 0.1, otherwise: 1 })).toBeCloseTo(
    1,
    3,
  )
  const ten = votersOf([0, 1, 2, 6, 9, 5, 3, 5, 4, 7], 1, 1e-6, 1e-4)
  expect(resilientQuantile(ten, 0.21, { resilience: 1e9 })).toBeCloseTo(2, 3)
  const halves = (low: number, delta: number) =>
    votersOf([...Array(low).fill(-1), ...Array(1000 - low).fill(1)], 1, delta)
  for (const quantile of [0.1, 0.5, 0.9])
    near(resilientQuantile(votersOf([0], 0.1, 0.1), quantile, { resilience: 0.1 }), 0)
  near(resilientQuantile(halves(500, 0.1), 0.1, { resilience: 0.1 }), -0.986816)
  expect(resilientQuantile(halves(100, 1e-6), 0.1, { resilience: 0.1 })).toBeCloseTo(0, 4)
  expect(resilientQuantile(halves(102, 1e-6), 0.01, { resilience: 10_000 })).toBeCloseTo(-1, 4)
  const thousand = votersOf(
    Array.from({ length: 1000 }, (_, k) => 1000 + k),
    1000,
    1e-6,
  )
  expect(resilientQuantile(thousand, 0.9, { resilience: 1e12 })).toBeCloseTo(1899.1817, 3)
  near(resilientDeviation(votersOf([-4, -2, 0, 2, 4]), { resilience: 1 }), 2)
  expect(resilientDeviation([], { resilience: 0.5, otherwise: 3 })).toBe(3)
  near(resilientDeviation(votersOf([-6, 0, 15], 1e5), { resilience: 0.5 }), 6)
})

test('primitives: medians and means of 1, 2, 6, 9, 50', () => {
  const values = [1, 2, 6, 9, 50]
  for (const [resilience, whole, half] of [
    [0.1, 0.5, 0.25],
    [1, 2, 1.5],
    [10, 6, 5],
  ] as const) {
    near(resilientMedian(votersOf(values), { resilience }), whole)
    near(resilientMedian(votersOf(values, 0.5), { resilience }), half)
  }
  near(resilientMean(votersOf(values), { resilience: 1 }), 1.95)
  near(resilientMean(votersOf(values), { resilience: 100 }), 13.6)
  expect([resilientMedian([], { resilience: 1, otherwise: 4 }), resilientMean([], { resilience: 1 })]).toEqual([4, 0])
})

const comparisonsOf = (...pairs: [a: number, b: number, preference: number][]): Comparison[] =>
  pairs.map(([a, b, preference]) => ({ a, b, preference }))

test.each([
  [-0.5, 0.8543147],
  [-0.8, 2.0611004],
  [-1, 4.9497473],
])('scores of one comparison of %d', (preference, score) => {
  const scores = scoresOf(comparisonsOf([1, 2, preference]))
  near(scores.get(1)!.score, score)
  near(scores.get(2)!.score, -score)
})

test('scores: nothing compared, no preference, and a chain', () => {
  expect(scoresOf([]).size).toBe(0)
  expect(() => scoresOf(comparisonsOf([1, 1, 0]))).toThrow(RangeError)
  expect(() => scoresOf(comparisonsOf([1, 2, 1.1]))).toThrow(RangeError)
  const level = scoresOf(comparisonsOf([1, 2, 0], [1, 3, 0]))
  expect(level.get(1)!.score).toBe(0)
  expect(level.get(1)!.left).toBeCloseTo(1.8, 1)
  expect(level.get(2)!.right).toBeCloseTo(2.7, 1)
  const chain = scoresOf(Array.from({ length: 20 }, (_, k) => ({ a: k, b: k + 1, preference: 1 })))
  const inChain = Array.from({ length: 21 }, (_, k) => chain.get(k)!.score)
  expect(inChain).toEqual(inChain.toSorted((a, b) => a - b))
  near(inChain[10], 0)
  near(inChain[3]! + inChain[17]!, 0)
})

const listed = <T>(pairs: readonly (readonly [number, T])[]) => new Map(pairs)

test.each(published.map((each, at) => [at + 1, each] as const))('what solidago publishes, input %d', (_, input) => {
  const judges = input.trust.map((trust, user) => ({
    trust,
    private: new Set(input.privately[user]),
    comparisons: input.comparisons.flatMap(([of, a, b, preference]) => (of === user ? { a, b, preference } : [])),
  }))
  const raters = judges.map(({ trust, private: privately }, user): Rater => {
    const scores = listed(
      input.learned[user]!.map(([item, score, left, right]): [number, Score] => [item, { score, left, right }]),
    )
    return { trust, private: privately, scores }
  })
  for (const [user, { comparisons }] of judges.entries()) {
    const found = scoresOf(comparisons)
    for (const [item, score] of input.scores[user]!) near(found.get(item)!.score, score, `${user} of ${item}`)
    // Published with two digits, of a root that was found to 0.01 for three of them.
    for (const [item, { left, right }] of raters[user]!.scores) {
      expect(Math.abs(found.get(item)!.left - left)).toBeLessThan(0.1)
      expect(Math.abs(found.get(item)!.right - right)).toBeLessThan(0.1)
    }
  }
  const { items, rights } = collectiveOfScores(raters, { leastActivity: 0.1, resilience: 10 })
  for (const [item, user, right] of input.rights) near(rights.get(item)!.get(user), right, `${user} on ${item}`)
  for (const [item, score, off] of input.items) {
    near(items.get(item)!.score, score)
    near(items.get(item)!.left, off)
  }
  expect([...collective(judges).items.keys()]).toEqual([...items.keys()])
})

// Six users who see one truth on scales of their own, of whom the last sees its contrary.
const sixUsers: [
  trust: number,
  privately: number[],
  scores: [item: number, score: number, left: number, right: number][],
][] = [
  [
    0.9,
    [],
    [
      [0, -2.11, 0.05, 0.06],
      [1, -1.073, 0.07, 0.07],
      [2, -0.483, 0.09, 0.08],
      [3, 0.355, 0.05, 0.09],
      [4, 0.845, 0.07, 0.06],
      [5, 1.683, 0.09, 0.07],
      [6, 2.373, 0.05, 0.08],
      [7, 3.21, 0.07, 0.09],
    ],
  ],
  [
    0.8,
    [2],
    [
      [0, -2.917, 0.07, 0.08],
      [1, -1.228, 0.09, 0.09],
      [2, 0.31, 0.05, 0.06],
      [3, 1.6, 0.07, 0.07],
      [4, 2.69, 0.09, 0.08],
      [5, 4.228, 0.05, 0.09],
      [6, 5.718, 0.07, 0.06],
    ],
  ],
  [
    0.7,
    [],
    [
      [1, -1.232, 0.05, 0.07],
      [2, -0.745, 0.07, 0.08],
      [3, -0.505, 0.09, 0.09],
      [4, -0.067, 0.05, 0.06],
      [5, 0.173, 0.07, 0.07],
      [6, 0.71, 0.09, 0.08],
      [7, 0.95, 0.05, 0.09],
    ],
  ],
  [
    0.2,
    [0, 4],
    [
      [0, -4.027, 0.05, 0.08],
      [2, 0.8, 0.09, 0.06],
      [3, 2.79, 0.05, 0.07],
      [4, 4.728, 0.07, 0.08],
      [5, 6.718, 0.09, 0.09],
      [6, 9.255, 0.05, 0.06],
      [7, 11.245, 0.07, 0.07],
    ],
  ],
  [
    0.1,
    [],
    [
      [0, -4.082, 0.07, 0.06],
      [1, -2.595, 0.09, 0.07],
      [4, 0.323, 0.09, 0.06],
      [5, 1.51, 0.05, 0.07],
      [6, 2.6, 0.07, 0.08],
      [7, 3.54, 0.09, 0.09],
    ],
  ],
  [
    0,
    [1],
    [
      [0, 2.61, 0.09, 0.08],
      [1, 1.6, 0.05, 0.09],
      [2, 0.79, 0.07, 0.06],
      [3, 0.228, 0.09, 0.07],
      [4, -0.483, 0.05, 0.08],
      [5, -1.045, 0.07, 0.09],
      [6, -1.955, 0.09, 0.06],
      [7, -2.518, 0.05, 0.07],
    ],
  ],
]
const six = sixUsers.map(
  ([trust, privately, scores]): Rater => ({
    trust,
    private: new Set(privately),
    scores: listed(scores.map(([item, score, left, right]): [number, Score] => [item, { score, left, right }])),
  }),
)

// Multiplier, translation, and how far off; then item by item the score of all and how far off: by solidago at f8110b95, with roots
// found by halving.
const ofSix = [
  {
    resilience: 0.1,
    scalings: [
      [1, 0.0003125, 0.794665402, 0.987281834],
      [0.997447202, -0.005963354, 0.792437496, 0.995926164],
      [1.014197271, 0.006980211, 0.806334873, 0.995408952],
      [1, -0.013439568, 0.8, 1.014225525],
      [1, 0.005967155, 0.8, 0.998892212],
      [1, 0.010081464, 0.8, 0.997531015],
    ],
    items: [
      [-0.182645949, 1.179631479],
      [-0.178235428, 0.992538075],
      [-0.03441378, 0.850676676],
      [0.013830867, 0.914800561],
      [0.013310589, 0.873189265],
      [0.019706831, 1.065287927],
      [0.018085299, 1.163841818],
      [0.003766144, 1.157246408],
    ],
  },
  {
    resilience: 20,
    scalings: [
      [1, -0.1404876, 0.480566725, 0.553103855],
      [0.553040772, -0.702048176, 0.326845733, 0.515467638],
      [1.857990055, 0.984578184, 0.857990055, 0.633655399],
      [1, -2.512411436, 0.8, 0.658785426],
      [1, 0.407535178, 0.8, 0.203714045],
      [1, 0.675574229, 0.8, 0.396666889],
    ],
    items: [
      [-0.224551216, 1.204326859],
      [-0.233736349, 1.001450296],
      [-0.124356332, 0.86868743],
      [0.037729262, 0.757649262],
      [0.067935279, 0.817535268],
      [0.053539018, 1.025878801],
      [0.036452045, 1.193141866],
      [0.018324415, 1.221240684],
    ],
  },
]

test.each(ofSix)(
  'six users, three of whom scale, with the resilience $resilience',
  ({ resilience, scalings, items }) => {
    const options = { resilience, leastActivity: 1, mostScalers: 3 }
    for (const [user, found] of mehestan(six, options).entries()) {
      const { multiplier, translation, multiplierOff, translationOff } = found
      for (const [k, value] of [multiplier, translation, multiplierOff, translationOff].entries())
        near(value, scalings[user]![k]!, `${k} of ${user}`)
    }
    const found = collectiveOfScores(six, options)
    for (const [item, [score, off]] of items.entries()) {
      near(found.items.get(item)!.score, score!, `${item}`)
      near(found.items.get(item)!.right, off!, `${item}`)
    }
  },
)
