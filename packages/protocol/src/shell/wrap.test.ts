import { expect, it } from 'vitest'
import { digest, networksOf } from '../testing/network.ts'
import { Peer } from './peer.ts'
import type { Participant } from './step.ts'
import { wrap } from './wrap.ts'

const [network] = networksOf(4, 1)
const timing = { graceMs: 200, timeoutMs: 100, askMs: 300 }
const peer = (): Participant =>
  new Peer({ network: network!, self: 0, initial: digest('initial'), timing, memory: 'whole' })

it('forwards every method of an instance of a class but those that are given', () => {
  const inner = peer()
  const wrapped = wrap(inner, { answer: () => Uint8Array.of(7) })
  expect(wrapped.answer(new Uint8Array(60), 1)).toEqual(Uint8Array.of(7))
  expect(wrapped.open(new Uint8Array(3))).toEqual(inner.open(new Uint8Array(3)))
  expect(wrapped.holders(1, { peer: 1, digest: 'a' })).toEqual([])
  expect(wrapped.handle([{ kind: 'start' }], 0).work).toMatchObject([{ kind: 'train', round: 1 }])
})

it('is the way to change one: a spread has lost the methods of its class, and does not compile', () => {
  const inner = peer()
  // @ts-expect-error: open, handle and holders are missing.
  const spread: Participant = { ...inner, answer: () => undefined }
  expect(spread.handle).toBeUndefined()
})
