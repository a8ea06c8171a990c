import { describe, expect, it } from 'vitest'
import { CommonSubset } from '../agreement/exact/common-subset.ts'
import { exactBy } from '../agreement/exact/exact.ts'
import { Quorums } from '../roster/quorums.ts'
import { Exchange, randomFrom } from '../testing/exchange.ts'
import { certificateOf, checkpointOf, digest, networksBy } from '../testing/network.ts'
import { decodeCheckpoint, encodeCertificate, encodeCheckpoint } from './checkpoint.ts'
import { outAfter } from './eras.ts'
import { LedgerCheck } from './ledger-check.ts'

const quorums = Quorums.equal(7, 2)
const networks = networksBy(quorums, digest('genesis'), exactBy({ evictEvery: 2 }))
const [network] = networks as [(typeof networks)[number]]

describe('who is out', () => {
  it('comes back from bytes, of a network that evicts, and weighs no more than F', () => {
    const read = (out: readonly number[], of = network) =>
      decodeCheckpoint(encodeCheckpoint(checkpointOf(of, { out })), of)
    for (const out of [[0], [6], [0, 6]]) expect(read(out)?.out).toEqual(out)
    expect(read([])).not.toHaveProperty('out')
    expect(read([0, 1, 2])).toBeUndefined()
    expect(read([7])).toBeUndefined()
    expect(read([0], networksBy(quorums)[0])).toBeUndefined()
  })

  it('is added to in order, as long as it may be', () => {
    expect(outAfter([5], [1, 2], network)).toEqual([1, 5])
    expect(outAfter([], [], network)).toEqual([])
    const weighted = networksBy(new Quorums([3, 1, 1, 1, 1, 1], 2), digest('genesis'), exactBy({ evictEvery: 1 }))[0]!
    expect(outAfter([], [0, 3, 4, 5], weighted)).toEqual([3, 4])
  })
})

describe('a chain of eras', () => {
  const all = [0, 1, 2, 3, 4, 5, 6]
  const members = (peers: readonly number[]) => peers.map((peer) => ({ peer, digest: digest(`update ${peer}`) }))
  /** Of each round who is out after it, whose updates are in, and who signed. */
  type Link = readonly [out: readonly number[], set: readonly number[], signers: readonly number[]]

  /** How far it is sound, and why no farther. */
  function checked(links: readonly Link[]): [height: number, reason: string | undefined] {
    const check = new LedgerCheck(network)
    for (const [at, [out, set, signers]] of links.entries()) {
      const fields = { round: at + 1, previous: check.digest, members: members(set), out }
      const next = check.next(encodeCertificate(certificateOf(networks, checkpointOf(network, fields), signers)))
      if (typeof next === 'string') return [check.height, next]
    }
    return [check.height, undefined]
  }

  const before: readonly Link[] = [
    [[], all, all],
    [[6], all, all],
    [[6], all, all],
  ]
  const five = [0, 1, 2, 3, 4]

  it('counts by the quorums of the round before the last, and by those of the genesis until then', () => {
    // W = 6 and F = 1 from round 4 on: four are more than (W + F) / 2, with whoever is out.
    expect(checked([...before, [[6], five, [0, 1, 2, 3]]])).toEqual([4, undefined])
    expect(checked([...before, [[6], five, [0, 1, 2, 6]]])).toEqual([3, 'a certificate of less than a quorum'])
    expect(checked([...before, [[6], [0, 1, 2, 3, 6], all]])).toEqual([3, 'a set of less than n−f'])
    expect(checked([...before.slice(0, 2), [[6], all, [0, 1, 2, 3]]])).toEqual([
      2,
      'a certificate of less than a quorum',
    ])
    expect(checked([...before.slice(0, 2), [[6], all, [0, 1, 2, 3, 6]]])).toEqual([3, undefined])
  })

  it('takes nobody back, and evicts in no other round', () => {
    expect(checked([...before, [[], five, five]])[1]).toMatch(/takes back/)
    expect(checked([...before.slice(0, 2), [[5, 6], all, all]])[1]).toMatch(/evicts in a round that does not/)
    expect(checked([...before, [[5, 6], five, five]])).toEqual([4, undefined])
  })
})

describe('peers that agree on who is out', () => {
  /** Of seven honest peers; `proven` says who is proven to whom. */
  function decide(proven: (self: number, peer: number) => boolean, seed: number, of = quorums): number[][] {
    const hear = new Map<
      number,
      Parameters<CommonSubset['onStatement']> extends [infer F, infer S] ? (from: F, statement: S) => void : never
    >()
    const exchange = new Exchange(hear)
    const subsets = Array.from({ length: 7 }, (_, self) => {
      const subset: CommonSubset = new CommonSubset(
        self,
        of,
        {
          say: (statement) => exchange.say(self, statement),
          timer: (timer) => exchange.timers.push(() => subset.onTimer(timer)),
          want: (member) => exchange.act(self, () => subset.onHeld(member)),
          proven: (peer) => proven(self, peer),
        },
        true,
      )
      hear.set(self, (from, statement) => subset.onStatement(from, statement))
      return subset
    })
    for (let self = 0; self < 7; self++) exchange.say(self, { kind: 'init', digest: digest(`update ${self}`) })
    exchange.run(randomFrom(seed))
    expect(subsets.every(({ result }) => result !== undefined)).toBe(true)
    for (const { result } of subsets) expect(result).toEqual(subsets[0]!.result)
    return subsets.map(({ evicted }) => [...evicted])
  }

  it('evict whoever is proven to all, nobody without evidence, and the same in between, in any order', () => {
    const outcomes = new Set<string>()
    for (let seed = 0; seed < 40; seed++) {
      const evicted = decide((self, peer) => peer === 6 || (peer === 3 && self % 2 === 0), seed)
      for (const each of evicted) expect(each).toEqual(evicted[0])
      expect(evicted[0]).toContain(6)
      for (const peer of evicted[0]!) expect([3, 6]).toContain(peer)
      outcomes.add(evicted[0]!.join())
    }
    expect(outcomes.size).toBeGreaterThan(0)
    expect(decide(() => false, 1)[0]).toEqual([])
  })

  it('leave whoever is out already out of all that they agree on', () => {
    const evicted = decide((_, peer) => peer === 6, 3, quorums.without([6]))
    expect(evicted[0]).toEqual([])
  })
})
