import type { Update } from '@hearsay/aggregation'
import { machineClock } from '@hearsay/libp2p'
import { expect, test, vi } from 'vitest'
import { HonestUpdates } from './honest-updates.ts'

const vector = (value: number): Float32Array => Float32Array.of(value)
const forEver = new AbortController().signal
const first = { round: 1, model: 'a' }

function create(peers: readonly number[] = [4, 0, 2]): HonestUpdates {
  return new HonestUpdates({ peers, patienceMs: 1e6, clock: machineClock })
}

test('waits for the updates of all honest peers, and gives them in order of the peers', async () => {
  const updates = create()
  let known: ReadonlyMap<number, Update> | undefined
  const waiting = updates.of(first, forEver).then((all) => {
    known = all
  })
  updates.add(4, first, vector(4))
  updates.add(0, first, vector(0))
  await Promise.resolve()
  expect(known).toBeUndefined()
  updates.add(2, first, vector(2))
  await waiting
  expect([...known!]).toEqual([0, 2, 4].map((peer) => [peer, vector(peer)]))
  expect(await updates.of(first, forEver)).toEqual(known)
})

test('does not wait for peers that are ahead or train on another model', async () => {
  const updates = create()
  const waiting = updates.of(first, forEver)
  updates.add(0, first, vector(0))
  updates.add(2, { round: 1, model: 'b' }, vector(2))
  updates.add(4, { round: 2, model: 'c' }, vector(4))
  expect(await waiting).toEqual(new Map([[0, vector(0)]]))
  expect(await updates.of({ round: 1, model: 'b' }, forEver)).toEqual(new Map([[2, vector(2)]]))
})

test('ends with the round', async () => {
  const updates = create()
  const over = new AbortController()
  const waiting = updates.of(first, over.signal)
  const reason = new Error('over')
  over.abort(reason)
  await expect(waiting).rejects.toBe(reason)
  await expect(updates.of(first, over.signal)).rejects.toBe(reason)
})

test('has patience as long as something is made, and no longer', async () => {
  vi.useFakeTimers()
  try {
    const updates = new HonestUpdates({ peers: [0, 1, 2], patienceMs: 100, clock: machineClock })
    let known: ReadonlyMap<number, Update> | undefined
    const waiting = updates.of(first, forEver).then((all) => {
      known = all
    })
    for (const peer of [0, 1]) {
      await vi.advanceTimersByTimeAsync(90)
      updates.add(peer, first, vector(peer))
    }
    await vi.advanceTimersByTimeAsync(90)
    expect(known).toBeUndefined()
    await vi.advanceTimersByTimeAsync(20)
    await waiting
    expect(known).toEqual(new Map([0, 1].map((peer) => [peer, vector(peer)])))
    expect(vi.getTimerCount()).toBe(0)
  } finally {
    vi.useRealTimers()
  }
})

test('forgets old rounds', async () => {
  const updates = create([0])
  for (let round = 1; round <= 5; round++) updates.add(0, { round, model: 'a' }, vector(round))
  expect([...(await updates.of({ round: 3, model: 'a' }, forEver)).values()]).toEqual([vector(3)])
  expect(await updates.of({ round: 2, model: 'a' }, forEver)).toEqual(new Map())
})
