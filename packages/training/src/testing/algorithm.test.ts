import { expect, test } from 'vitest'
import { type Asked, type Taught, teachUntil } from './algorithm.ts'

const start: Asked = { neurons: 1, variance: 1e-6, smoothness: 1e-4, balance: 1e-3 }
const settings = { epsilon: 0.009, delta: 1e-5, start }

/** What is taught becomes what is asked for: wider and calmer, in balance and smooth where that is asked for. */
const teach = ({ neurons, variance, smoothness, balance }: Asked): Taught => ({
  probability: 0.01,
  neurons,
  balance: balance >= 1e-2 ? 0.05 : 0.001,
  mean: 0.001,
  variance: 1e-9 / (variance * neurons),
  slope: smoothness >= 1e-3 ? 50 : 150,
})

test('each condition has its remedy, in the order of the source, and 21 copies come out of its formula', () => {
  const { steps, copies } = teachUntil(teach, settings)
  expect(steps.map(({ asked }) => [asked.neurons, asked.variance, asked.smoothness, asked.balance])).toEqual(
    [
      [1, 1e-6, 1e-4, 1e-3],
      [1, 1e-6, 1e-4, 1e-2],
      [101, 1e-6, 1e-4, 1e-2],
      [201, 1e-6, 1e-4, 1e-2],
      [201, 1e-6, 1e-3, 1e-2],
    ].map((row) => row.map((value) => expect.closeTo(value, 12))),
  )
  expect(steps.map(({ unmet }) => unmet?.slice(0, 20))).toEqual([
    "the first layer's ro",
    'exp(−n·KL·q) = 0.99 ',
    'exp(−n·KL·q) = 0.365',
    'the derivative is 15',
    undefined,
  ])
  expect([copies.published, copies.copies]).toEqual([21, 155])
})

test('too much variance makes the next network calmer and wider', () => {
  const { steps } = teachUntil(
    (asked) => ({ ...teach(asked), slope: 1, balance: 1, variance: asked.variance < 5e-5 ? 1e-3 : 1e-6 }),
    {
      ...settings,
      start: { ...start, neurons: 401 },
    },
  )
  expect(steps.map(({ asked }) => asked.neurons)).toEqual([401, 501, 601])
})

test('where no network does, it says so', () => {
  const with_ = (more: Partial<Taught>) => () => teachUntil((asked) => ({ ...teach(asked), ...more }), settings)
  expect(with_({ probability: 0.1 })).toThrow('no network does: with p = 0.1')
  expect(with_({ balance: 1, neurons: 500, slope: 1, mean: 0.01 })).toThrow('no network does: the mean error 0.01')
  expect(with_({ balance: 0 })).toThrow('no network was found in 20 tries')
})
