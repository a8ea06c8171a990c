import { describe, expect, it } from 'vitest'
import { certificateOf, checkpointOf, digest, networksBy } from '../testing/network.ts'
import type { Member } from '../words/member.ts'
import type { Network, TrustTerms } from '../words/network.ts'
import { encodeSaid, type Said, saidIn, saidNow, type Vouch } from '../words/vouches.ts'
import { decodeCheckpoint, encodeCertificate, encodeCheckpoint } from './checkpoint.ts'
import { LedgerCheck } from './ledger-check.ts'
import { foundingOf, quorumsOf, type Standing, standingAfter, towards } from './standing.ts'

/** Peers 0 to `sure - 1` weigh 10 whatever is said; others what those say of them, up to 10 together. */
function trustOf(peers: number, sure: number, every = 1, vouches: readonly Vouch[] = []): TrustTerms {
  const weigh = (given: readonly Vouch[]): number[] => {
    const weights = Array.from({ length: peers }, (_, peer): number => (peer < sure ? 10 : 0))
    for (const { from, to, weight } of given)
      if (from < sure && to >= sure) weights[to] = Math.min(10, weights[to]! + Math.floor(weight / 20))
    return weights
  }
  return { every, vouches, weigh }
}

function networkOf(peers: number, sure: number, trust = trustOf(peers, sure)): Network {
  const quorums = quorumsOf({ weights: trust.weigh(trust.vouches), vouches: [], left: [] })
  return { ...networksBy(quorums)[0]!, trust }
}

const member = (peer: number, ...said: Said[]): Member => ({
  ...{ peer, digest: digest(`update ${peer}`) },
  ...(said.length > 0 && { behind: encodeSaid(said) }),
})

describe('vouches', () => {
  const network = networkOf(6, 4)
  const founding = foundingOf(network)!
  const after = (members: readonly Member[], before = founding, round = 1): Standing =>
    standingAfter(round, before, { members }, network)!

  it('stand after the round that hears them, and give as much weight as an era may', () => {
    const one = after([member(0, { to: 4, weight: 100 }), member(1, { to: 4, weight: 40 }, { to: 5, weight: 60 })])
    expect(one.vouches).toEqual([
      { from: 0, to: 4, weight: 100 },
      { from: 1, to: 4, weight: 40 },
      { from: 1, to: 5, weight: 60 },
    ])
    // 7 and 3 are wanted, and 4 of 40 may be gained.
    expect(one.weights).toEqual([10, 10, 10, 10, 2, 2])
    const two = after([], one)
    expect(two.weights).toEqual([10, 10, 10, 10, 5, 3])
    expect(after([], two).weights).toEqual([10, 10, 10, 10, 7, 3])
  })

  it('are taken back by whoever gave them, and count no more than may stand of a peer', () => {
    const one = after([member(0, { to: 4, weight: 100 })])
    expect(after([member(1, { to: 4, weight: 0 })], one).vouches).toEqual(one.vouches)
    expect(after([member(0, { to: 4, weight: 0 })], one).vouches).toEqual([])
    const many = networkOf(40, 30)
    const all = Array.from({ length: 39 }, (_, to) => to + 1)
    let standing = foundingOf(many)!
    for (let at = 0; at < 32; at += 8) {
      const said = all.slice(at, at + 8).map((to) => ({ to, weight: 100 }))
      standing = standingAfter(1, standing, { members: [member(0, ...said)] }, many)!
    }
    expect(standing.vouches.map(({ to }) => to)).toEqual(all.slice(0, 16))
  })

  it('are heard in no other round', () => {
    const seldom = networkOf(6, 4, trustOf(6, 4, 3))
    const members = [member(0, { to: 4, weight: 100 })]
    expect(standingAfter(2, founding, { members }, seldom)).toEqual(founding)
    expect(standingAfter(3, founding, { members }, seldom)!.vouches).toHaveLength(1)
  })

  it('of and for whoever leaves, or is out, stand no more; its weight is gone at once', () => {
    const one = after([member(0, { to: 4, weight: 100 }), member(1, { to: 5, weight: 100 })])
    const left = after([member(0, { to: 0, weight: 0 })], one)
    expect(left).toEqual({ weights: [0, 10, 10, 10, 0, 5], vouches: [{ from: 1, to: 5, weight: 100 }], left: [0] })
    const out = standingAfter(1, one, { members: [], out: [1] }, network)!
    expect([out.weights[1], out.left, out.vouches]).toEqual([0, [], [{ from: 0, to: 4, weight: 100 }]])
    expect(after([member(0, { to: 0, weight: 0 })], left).left).toEqual([0])
    // Nobody takes the last voice away.
    const alone: Standing = { weights: [10, 0, 0, 0, 0, 0], vouches: [], left: [1, 2, 3] }
    expect(after([member(0, { to: 0, weight: 0 })], alone)).toEqual(alone)
  })

  it('are bytes of one form', () => {
    const value = (said: readonly Said[]): string => digest('update') + encodeSaid(said)
    const said = [
      { to: 3, weight: 0 },
      { to: 300, weight: 100 },
    ]
    expect(saidIn(value(said.toReversed()), 7, 1000)).toEqual(said)
    expect(saidIn(value([]), 7, 1000)).toEqual([])
    expect(saidIn(value(said), 7, 300)).toBeUndefined()
    expect(saidIn(value([{ to: 3, weight: 101 }]), 7, 1000)).toBeUndefined()
    expect(saidIn(value([said[0]!, said[0]!]), 7, 1000)).toBeUndefined()
    expect(saidIn(value([{ to: 7, weight: 1 }]), 7, 1000)).toBeUndefined()
    expect(saidIn(value([{ to: 7, weight: 0 }]), 7, 1000)).toEqual([{ to: 7, weight: 0 }])
    expect(saidIn(`${value(said)}00`, 7, 1000)).toBeUndefined()
    const nine = Array.from({ length: 9 }, (_, to) => ({ to, weight: 1 }))
    expect(saidIn(value(nine), 700, 1000)).toBeUndefined()
    expect(saidIn(value(nine.slice(1)), 700, 1000)).toHaveLength(8)
  })

  it('to be said are those that a peer wishes and that do not stand, and what it no longer wishes', () => {
    const standing = [
      { from: 0, to: 1, weight: 100 },
      { from: 0, to: 2, weight: 50 },
      { from: 3, to: 4, weight: 100 },
    ]
    const wished = [1, 4, 5].map((to) => ({ to, weight: 100 }))
    expect(saidNow(0, wished, standing, [5])).toEqual([
      { to: 2, weight: 0 },
      { to: 4, weight: 100 },
    ])
    expect(saidNow(0, [...wished, { to: 0, weight: 0 }], standing, [])).toEqual([{ to: 0, weight: 0 }])
    expect(saidNow(3, [{ to: 4, weight: 100 }], standing, [])).toEqual([])
  })
})

describe('an era', () => {
  it('comes as near as a tenth up and a tenth down to what is wanted, and there in the end', () => {
    const weights = [50, 50, 0, 0, 0]
    const wanted = [0, 100, 1, 1, 1]
    let now: readonly number[] = weights
    let eras = 0
    for (; now.join() !== wanted.join(); eras++) {
      const next = towards(now, wanted)
      const moved = (sign: number): number =>
        next.reduce((sum, weight, peer) => sum + Math.max(0, sign * (weight - now[peer]!)), 0)
      const total = now.reduce((sum, weight) => sum + weight, 0)
      expect(moved(1)).toBeLessThanOrEqual(Math.floor(total / 10))
      expect(moved(-1)).toBeLessThanOrEqual(Math.floor(total / 10))
      now = next
    }
    expect(eras).toBe(6)
    expect(towards([1, 0, 0], [0, 1, 1])).toEqual([0, 0, 1])
  })

  it('shares weight with the one before in any two quorums of theirs, from W = 7 on', () => {
    for (let seed = 0; seed < 400; seed++) {
      const draw = (at: number, most: number): number => Number.parseInt(digest(`${seed} ${at}`).slice(0, 8), 16) % most
      const weights = Array.from({ length: 5 }, (_, peer) => 1 + draw(peer, 6))
      const before = quorumsOf({ weights, vouches: [], left: [] })
      if (before.total < 7) continue
      const after = quorumsOf({
        ...{ vouches: [], left: [] },
        weights: towards(
          weights,
          weights.map((_, peer) => 1 + draw(9 + peer, 12)),
        ),
      })
      for (let one = 0; one < 32; one++)
        for (let other = 0; other < 32; other++) {
          const [first, second] = [one, other].map((set) => [0, 1, 2, 3, 4].filter((peer) => (set >> peer) & 1))
          if (!before.certificate(before.weigh(first!)) || !after.certificate(after.weigh(second!))) continue
          expect(first!.some((peer) => second!.includes(peer))).toBe(true)
        }
    }
  })
})

describe('a checkpoint of such a network', () => {
  const network = networkOf(6, 4)
  const founding = foundingOf(network)!

  it('has what stands, in range, and vouches behind digests where they are heard', () => {
    const standing: Standing = {
      weights: [1, 0, 1_000_000, 0, 0, 0],
      vouches: [{ from: 1, to: 0, weight: 1 }],
      left: [3, 5],
    }
    const read = (fields: object, of = network) => decodeCheckpoint(encodeCheckpoint(checkpointOf(of, fields)), of)
    const members = [member(2, { to: 1, weight: 3 })]
    expect(read({ standing, members })).toMatchObject({ standing, members })
    expect(read({})).toBeUndefined()
    expect(read({ standing, members }, networksBy(network.quorums)[0]!)).toBeUndefined()
    expect(read({ standing, members: [{ ...member(2), behind: '0001' }] })).toBeUndefined()
    const seldom = networkOf(6, 4, trustOf(6, 4, 2))
    expect(read({ standing, members }, seldom)).toBeUndefined()
    expect(read({ standing, members, round: 2 }, seldom)).toBeDefined()
    for (const wrong of [
      { weights: [0, 0, 0, 0, 0, 0] },
      { weights: [1] },
      { weights: [1, 0, 0, 0, 0, 1_000_001] },
      { left: [6] },
      { vouches: [{ from: 1, to: 1, weight: 1 }] },
      { vouches: [{ from: 1, to: 6, weight: 1 }] },
      { vouches: [{ from: 1, to: 0, weight: 0 }] },
      { vouches: [2, 1].map((from) => ({ from, to: 0, weight: 1 })) },
    ])
      expect(read({ standing: { ...standing, ...wrong } })).toBeUndefined()
  })

  it('follows only if its weights are those that its vouches give', () => {
    const networks = networksBy(network.quorums).map((each) => ({ ...each, trust: network.trust! }))
    const members = [0, 1, 2].map((peer) => member(peer, { to: 4, weight: 100 }))
    const next = (standing: Standing | undefined): unknown => {
      const fields = { members, ...(standing && { standing }) }
      const certificate = certificateOf(networks, checkpointOf(network, fields), [0, 1, 2, 3])
      return new LedgerCheck(network).next(encodeCertificate(certificate))
    }
    const right = standingAfter(1, founding, { members }, network)!
    expect(next(right)).toMatchObject({ checkpoint: { standing: right } })
    expect(right.weights[4]).toBe(4)
    expect(next(founding)).toMatch(/other weights/)
    expect(next({ ...right, weights: right.weights.map((weight, peer) => (peer === 4 ? 5 : weight)) })).toMatch(
      /other weights/,
    )
  })
})
