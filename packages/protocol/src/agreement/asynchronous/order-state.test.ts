import fc from 'fast-check'
import { expect, it } from 'vitest'
import { digest } from '../../testing/network.ts'
import { decodeState, encodeState, mostStateBytes, type OrderState, step } from './order-state.ts'

const bounds = { peers: 4, tolerated: 1, models: 5, memory: 2 }
const models = [1, 2, 3].map((round) => ({ digest: digest(`model ${round}`), updates: 2 * round }))
const [, before, newest] = models.map((model) => model.digest)
const last = { gradient: digest('last'), model: before! }

const state: OrderState = {
  judge: {
    ...{ epoch: 7, model: newest!, before: before!, authors: [3, 1], refusals: 2, last },
    workers: [
      { author: 1, sample: { gradient: digest('one'), model: newest! }, coefficients: [0.5, 1 / 3], moved: 0.1 },
      { author: 3, sample: { gradient: digest('three'), model: before! }, coefficients: [] },
    ],
  },
  models,
  anchors: [last, { gradient: step, model: newest! }],
  robust: false,
  turns: [0, 6, 0, 7],
}

it('is read as it was written, in no more bytes than are allowed', () => {
  const bytes = encodeState(state)
  expect(decodeState(bytes, bounds)).toEqual(state)
  expect(bytes.length).toBeLessThanOrEqual(mostStateBytes(bounds))
  const fullest: OrderState = {
    ...state,
    judge: {
      ...state.judge,
      workers: [0, 1, 2, 3].map((author) => ({ author, sample: last, coefficients: [1, 2], moved: 3 })),
    },
    models: [...models, ...models.slice(0, 2)],
    anchors: [last, last],
  }
  expect(encodeState(fullest).length).toBe(mostStateBytes(bounds))
})

it('is nothing else: what is cut off, too long, out of range or out of order is refused, and what is read has one encoding', () => {
  const bytes = encodeState(state)
  for (let length = 0; length < bytes.length; length++)
    expect(decodeState(bytes.subarray(0, length), bounds)).toBeUndefined()
  expect(decodeState(new Uint8Array([...bytes, 0]), bounds)).toBeUndefined()
  for (const less of [{ peers: 3 }, { models: 2 }, { memory: 1 }, { tolerated: 0 }])
    expect(decodeState(bytes, { ...bounds, ...less })).toBeUndefined()
  const none = (judge: Partial<OrderState['judge']>): void =>
    expect(decodeState(encodeState({ ...state, judge: { ...state.judge, ...judge } }), bounds)).toBeUndefined()
  none({ authors: [3, 1, 0] })
  none({ workers: state.judge.workers.toReversed() })
  none({ workers: state.judge.workers.map((worker) => ({ ...worker, author: 1 })) })
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, value) => {
      const changed = Uint8Array.from(bytes)
      changed[at] = value
      const read = decodeState(changed, bounds)
      if (read !== undefined) expect(encodeState(read)).toEqual(changed)
    }),
  )
})
