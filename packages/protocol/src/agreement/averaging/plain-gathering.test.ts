import { describe, expect, it } from 'vitest'
import { Quorums } from '../../roster/quorums.ts'
import type { Member } from '../../words/member.ts'
import { PlainGathering } from './plain-gathering.ts'
import type { AveragingMode } from './settings.ts'

function gathering(mode: AveragingMode, self: number | undefined = 0, peers = 7, tolerated = 2) {
  const wanted: Member[] = []
  let timers = 0
  const machine = new PlainGathering(self, mode, Quorums.equal(peers, tolerated), {
    say: () => expect.unreachable('plain sends need no answers'),
    want: (member) => wanted.push(member),
    timer: () => timers++,
  })
  return {
    machine,
    wanted,
    timers: () => timers,
    hear: (peer: number, digest = `v${peer}`) => machine.onStatement(peer, { kind: 'init', stage: 1, digest }),
    hold: (peer: number, digest = `v${peer}`) => machine.onHeld({ peer, digest }),
    authors: () => machine.result?.map(({ peer }) => peer),
  }
}

describe('asynchronous plain sends', () => {
  it('takes in the first n−f that it holds, by position', () => {
    const { hold, authors } = gathering('asynchronous')
    for (const peer of [6, 0, 3, 5]) hold(peer)
    expect(authors()).toBeUndefined()
    hold(2)
    expect(authors()).toEqual([0, 2, 3, 5, 6])
    hold(1)
    expect(authors()).toEqual([0, 2, 3, 5, 6])
  })

  it('waits for its own vector, and takes in no more than n−f for that', () => {
    const { hold, authors } = gathering('asynchronous')
    for (const peer of [6, 4, 3, 5, 2, 1]) hold(peer)
    expect(authors()).toBeUndefined()
    hold(0)
    expect(authors()).toEqual([0, 3, 4, 5, 6])
  })

  it('needs nothing of its own when it joins late', () => {
    const machine = new PlainGathering(undefined, 'asynchronous', new Quorums([1, 1, 1, 1], 1), {
      say: () => {},
      want: () => {},
      timer: () => {},
    })
    for (const peer of [3, 2, 1]) machine.onHeld({ peer, digest: `v${peer}` })
    expect(machine.result).toHaveLength(3)
  })
})

describe('synchronous plain sends', () => {
  it('waits the stated time for the rest, once', () => {
    const { machine, hold, authors, timers } = gathering('synchronous')
    for (const peer of [0, 1, 2, 3]) hold(peer)
    expect(timers()).toBe(0)
    hold(4)
    hold(5)
    expect([timers(), authors()]).toEqual([1, undefined])
    machine.onTimer()
    expect(authors()).toEqual([0, 1, 2, 3, 4, 5])
  })

  it('waits no longer when all are there', () => {
    const { hold, authors } = gathering('synchronous')
    for (let peer = 0; peer < 7; peer++) hold(peer)
    expect(authors()).toEqual([0, 1, 2, 3, 4, 5, 6])
  })

  it('does not go on with less than n−f, however late', () => {
    const { machine, hold, authors } = gathering('synchronous')
    for (const peer of [0, 1, 2, 3]) hold(peer)
    machine.onTimer()
    expect(authors()).toBeUndefined()
    hold(6)
    expect(authors()).toEqual([0, 1, 2, 3, 6])
  })
})

describe('an author that says many things', () => {
  it('is fetched twice and no more; what is held first counts', () => {
    const { machine, hear, hold, wanted } = gathering('asynchronous')
    for (const digest of ['a', 'b', 'a', 'c', 'd']) hear(6, digest)
    expect(wanted).toEqual([
      { peer: 6, digest: 'a' },
      { peer: 6, digest: 'b' },
    ])
    hold(6, 'b')
    hold(6, 'a')
    for (const peer of [0, 1, 2, 3]) hold(peer)
    expect(machine.result?.at(-1)).toEqual({ peer: 6, digest: 'b' })
  })

  it('is looked for at all who have spoken, for what it said and nothing else', () => {
    const { machine, hear } = gathering('asynchronous')
    for (const peer of [6, 1, 3]) hear(peer)
    expect(machine.holders({ peer: 6, digest: 'v6' })).toEqual([1, 3])
    expect(machine.holders({ peer: 6, digest: 'v1' })).toEqual([])
  })
})
