import { expect, it } from 'vitest'
import { Swarm } from '../testing/swarm.ts'
import type { Participant } from './step.ts'
import { wrap } from './wrap.ts'

const swarm = new Swarm({ peers: 4, tolerated: 1, seed: 1, rounds: 1 })

it('forwards every method of an instance of a class but those that are given', () => {
  const inner: Participant = swarm.participants[0]!
  const wrapped = wrap(inner, { answer: () => Uint8Array.of(7) })
  expect(wrapped.answer(new Uint8Array(60), 1)).toEqual(Uint8Array.of(7))
  expect(wrapped.open(new Uint8Array(3))).toEqual(inner.open(new Uint8Array(3)))
  expect(wrapped.holders(1, { peer: 1, digest: 'a' })).toEqual([])
  expect(wrapped.handle([{ kind: 'start' }], 0).work).toMatchObject([{ kind: 'train', round: 1 }])
})

it('is the way to change one: a spread has lost the methods of its class, and does not compile', () => {
  const inner: Participant = swarm.participants[1]!
  // @ts-expect-error: open, handle and holders are missing.
  const spread: Participant = { ...inner, answer: () => undefined }
  expect(spread.handle).toBeUndefined()
})
