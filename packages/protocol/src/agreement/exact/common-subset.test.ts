import { describe, expect, it } from 'vitest'
import { Quorums } from '../../roster/quorums.ts'
import { Exchange, type Random, randomFrom } from '../../testing/exchange.ts'
import { type Digest, digestOf } from '../../words/digest.ts'
import type { Member } from '../../words/member.ts'
import type { Bit, BitSet, Statement } from '../../words/statements.ts'
import { CommonSubset } from './common-subset.ts'

const digest = (text: string): Digest => digestOf(new TextEncoder().encode(text))

/** Honest peers 0 to n−b−1, each with its own subset; every update is held a little after it is wanted. */
class Assembly {
  readonly subsets: CommonSubset[]
  readonly exchange: Exchange

  constructor(n: number, f: number, b: number, lie: (phase: number, assembly: Assembly) => void = () => {}) {
    const hear = new Map<number, (from: number, statement: Statement) => void>()
    this.exchange = new Exchange(hear)
    let spoken = -1
    this.subsets = Array.from({ length: n - b }, (_, self) => {
      const subset: CommonSubset = new CommonSubset(self, Quorums.equal(n, f), {
        say: (statement) => {
          this.exchange.say(self, statement)
          const phase = 'phase' in statement ? statement.phase : 0
          while (spoken < phase) lie(++spoken, this)
        },
        timer: (timer) => this.exchange.timers.push(() => subset.onTimer(timer)),
        want: (member) => this.exchange.act(self, () => subset.onHeld(member)),
      })
      hear.set(self, (from, statement) => subset.onStatement(from, statement))
      return subset
    })
  }

  start(slow: readonly number[] = []): this {
    for (const self of this.subsets.keys())
      if (!slow.includes(self)) this.exchange.say(self, { kind: 'init', digest: digest(`update ${self}`) })
    return this
  }
}

/** Phase 0 is the reliable broadcast. */
function liars(n: number, b: number, random: Random): (phase: number, assembly: Assembly) => void {
  const digests = [digest('a lie'), digest('another')] as const
  return (phase, { exchange }) => {
    for (let liar = n - b; liar < n; liar++)
      for (let to = 0; to < n - b; to++) {
        if (phase === 0 && random(3) > 0) exchange.tell(liar, to, { kind: 'init', digest: digests[random(1) as Bit] })
        for (let instance = 0; instance < n; instance++) {
          const told = instance < n - b ? digest(`update ${instance}`) : digests[random(1) as Bit]
          for (const kind of ['echo', 'ready'] as const)
            if (phase === 0 && random(3) > 0) exchange.tell(liar, to, { kind, sender: instance, digest: told })
          if (phase === 0 || random(1) === 0) continue
          const value = random(1) as Bit
          exchange.tell(liar, to, { kind: 'estimate', instance, phase, value })
          exchange.tell(liar, to, { kind: 'coordinate', instance, phase, value })
          exchange.tell(liar, to, { kind: 'auxiliary', instance, phase, values: (1 + random(2)) as BitSet })
        }
      }
  }
}

describe('a common subset', () => {
  it.each([
    [4, 1, 250],
    [5, 1, 60],
    [7, 2, 40],
  ])('is the same at all honest peers and holds n−f, n = %i with %i liars, in any order', (n, b, runs) => {
    const sizes = new Set<number>()
    for (let seed = 0; seed < runs; seed++) {
      const random = randomFrom(seed)
      const assembly = new Assembly(n, b, b, liars(n, b, random)).start()
      assembly.exchange.run(random, seed % 2 === 0)
      const [result] = assembly.subsets.map((subset) => subset.result)
      expect(result, `seed ${seed}`).toBeDefined()
      for (const subset of assembly.subsets) expect(subset.result, `seed ${seed}`).toEqual(result)
      expect(result!.length).toBeGreaterThanOrEqual(n - b)
      for (const { peer, digest: agreed } of result!) if (peer < n - b) expect(agreed).toBe(digest(`update ${peer}`))
      sizes.add(result!.length)
    }
    expect(sizes.size).toBeGreaterThan(1)
  })

  it.each([4, 7, 10])('takes in every honest update when the grace time outlasts delays, n = %i', (n) => {
    for (let seed = 0; seed < 20; seed++) {
      const assembly = new Assembly(n, Math.floor((n - 1) / 3), 0).start()
      assembly.exchange.run(randomFrom(seed))
      const all = Array.from({ length: n }, (_, peer): Member => ({ peer, digest: digest(`update ${peer}`) }))
      for (const subset of assembly.subsets) expect(subset.result).toEqual(all)
    }
  })

  it.each([4, 7, 10])('goes on without f silent ones after the grace time, n = %i', (n) => {
    const f = Math.floor((n - 1) / 3)
    const assembly = new Assembly(n, f, f).start()
    assembly.exchange.run(randomFrom(n))
    for (const subset of assembly.subsets)
      expect(subset.result?.map(({ peer }) => peer)).toEqual([...Array(n - f).keys()])
  })

  it('waits when more than f are silent', () => {
    const assembly = new Assembly(7, 2, 2).start([0])
    assembly.exchange.run(randomFrom(7))
    for (const subset of assembly.subsets) expect(subset.result).toBe(undefined)
  })

  it('waits the grace time for a slow peer, and not before n−f are in', () => {
    const said: Statement[] = []
    const timers: unknown[] = []
    const subset = new CommonSubset(0, new Quorums([1, 1, 1, 1], 1), {
      say: (statement) => void said.push(statement),
      timer: (timer) => void timers.push(timer),
      want: () => {},
    })
    for (const sender of [0, 1, 2]) {
      expect(timers).toEqual([])
      decide(subset, sender, true)
    }
    expect(timers).toEqual(['grace'])
    const zeros = (): Statement[] => said.filter((statement) => statement.kind === 'estimate' && statement.value === 0)
    expect(zeros()).toEqual([])
    subset.onTimer('grace')
    expect(zeros()).toEqual([{ kind: 'estimate', instance: 3, phase: 1, value: 0 }])
    expect(subset.result).toBe(undefined)
  })

  it('waits for nobody who is proven to lie', () => {
    const said: Statement[] = []
    const timers: unknown[] = []
    const subset = new CommonSubset(0, new Quorums([1, 1, 1, 1], 1), {
      say: (statement) => void said.push(statement),
      timer: (timer) => void timers.push(timer),
      want: () => {},
      proven: (peer) => peer === 3,
    })
    for (const sender of [0, 1, 2]) decide(subset, sender, true)
    expect(timers).toEqual([])
    const zeros = said.flatMap((each) => (each.kind === 'estimate' && each.value === 0 ? [each.instance] : []))
    expect(zeros).toEqual([3])
  })

  it.each([5, 6])('waits as long for the honest beside one that is proven to lie, peer %i', (liar) => {
    const timers: unknown[] = []
    const subset = new CommonSubset(0, Quorums.equal(7, 2), {
      say: () => {},
      timer: (timer) => void timers.push(timer),
      want: () => {},
      proven: (peer) => peer === liar,
    })
    for (const sender of [0, 1, 2, 3, 4]) decide(subset, sender, true, 6)
    expect(timers).toEqual(['grace'])
  })

  const watched = (quorums: Quorums) => {
    const timers: unknown[] = []
    const said: Statement[] = []
    const subset = new CommonSubset(0, quorums, {
      say: (statement) => void said.push(statement),
      timer: (timer) => void timers.push(timer),
      want: () => {},
    })
    const zeros = (): number[] =>
      said.flatMap((statement) => (statement.kind === 'estimate' && statement.value === 0 ? [statement.instance] : []))
    return { subset, timers, zeros }
  }

  it('gives 0 to nobody before n−f are decided in, however many are delivered', () => {
    // Each honest peer may have delivered other n−f: with 0 for the rest, hardly any would be in.
    const { subset, timers, zeros } = watched(new Quorums([1, 1, 1, 1], 1))
    for (const sender of [0, 1, 2])
      for (const from of [1, 2, 3])
        subset.onStatement(from, { kind: 'ready', sender, digest: digest(`update ${sender}`) })
    subset.onTimer('grace')
    expect([timers, zeros()]).toEqual([[], []])
    for (const sender of [0, 1]) decide(subset, sender, false)
    expect([timers, zeros()]).toEqual([[], []])
    decide(subset, 2, false)
    expect(zeros()).toEqual([3])
  })

  it('gives 0 to nobody when 2f+1 are decided in, but n−f are not', () => {
    const { subset, timers, zeros } = watched(Quorums.equal(6, 1))
    for (const sender of [0, 1, 2, 3]) decide(subset, sender, true, 5)
    expect([timers, zeros()]).toEqual([[], []])
    decide(subset, 4, true, 5)
    expect([timers, zeros()]).toEqual([['grace'], []])
  })

  it('counts those that are in by weight', () => {
    const { subset, timers } = watched(new Quorums([1, 1, 1, 1, 3], 2))
    for (const sender of [0, 1, 2, 3]) decide(subset, sender, true, 4)
    expect(timers).toEqual([])
    const heavy = watched(new Quorums([1, 1, 1, 1, 3], 2))
    for (const sender of [4, 0]) decide(heavy.subset, sender, true, 4)
    expect(heavy.timers).toEqual([])
    decide(heavy.subset, 2, true, 4)
    expect(heavy.timers).toEqual(['grace'])
  })

  it('waits the grace time once, and for nobody when all have been delivered', () => {
    const { subset, timers } = watched(new Quorums([1, 1, 1, 1], 1))
    for (const sender of [0, 1, 2]) decide(subset, sender, true)
    subset.onTimer({ instance: 0, phase: 1 })
    expect(timers).toEqual(['grace'])
    const quick = watched(new Quorums([1, 1, 1, 1], 1))
    for (const sender of [0, 1, 2, 3])
      for (const from of [1, 2, 3])
        quick.subset.onStatement(from, { kind: 'ready', sender, digest: digest(`update ${sender}`) })
    for (const sender of [0, 1, 2]) decide(quick.subset, sender, false)
    expect(quick.timers).toEqual([])
  })

  it('leaves out what is decided out, though it was delivered', () => {
    const { subset } = watched(new Quorums([1, 1, 1, 1], 1))
    for (const sender of [0, 1, 2]) decide(subset, sender, true)
    subset.onTimer('grace')
    for (const from of [1, 2, 3]) subset.onStatement(from, { kind: 'estimate', instance: 3, phase: 1, value: 0 })
    for (const from of [1, 2, 3]) subset.onStatement(from, { kind: 'auxiliary', instance: 3, phase: 1, values: 1 })
    for (const from of [1, 2, 3]) subset.onStatement(from, { kind: 'ready', sender: 3, digest: digest('late') })
    for (const from of [1, 2, 3]) subset.onStatement(from, { kind: 'estimate', instance: 3, phase: 2, value: 0 })
    subset.onTimer({ instance: 3, phase: 2 })
    for (const from of [1, 2, 3]) subset.onStatement(from, { kind: 'auxiliary', instance: 3, phase: 2, values: 1 })
    expect(subset.result?.map(({ peer }) => peer)).toEqual([0, 1, 2])
  })

  it('holds a peer whose agreement decides 1 at the moment that it is given 0', () => {
    const subset = new CommonSubset(0, new Quorums([1, 1, 1, 1], 1), { say: () => {}, timer: () => {}, want: () => {} })
    for (const sender of [0, 1, 2]) decide(subset, sender, true)
    decide(subset, 3, false)
    subset.onTimer('grace')
    // The others decided 1; its digest is still to be delivered here.
    expect(subset.result).toBe(undefined)
    for (const from of [1, 2, 3]) subset.onStatement(from, { kind: 'ready', sender: 3, digest: digest('update 3') })
    expect(subset.result?.map(({ peer }) => peer)).toEqual([0, 1, 2, 3])
  })

  it('lists its members in the order of the roster, whatever the order of deliveries', () => {
    const subset = new CommonSubset(0, new Quorums([1, 1, 1, 1], 1), { say: () => {}, timer: () => {}, want: () => {} })
    for (const sender of [2, 0, 3, 1]) decide(subset, sender, true)
    expect(subset.result?.map(({ peer }) => peer)).toEqual([0, 1, 2, 3])
  })
})

/** Peers from 1 on, three unless given, say what makes an agreement decide 1, and what delivers the digest. */
function decide(subset: CommonSubset, sender: number, delivered: boolean, count = 3): void {
  const all = Array.from({ length: count }, (_, at) => at + 1)
  for (const from of delivered ? all : [])
    subset.onStatement(from, { kind: 'ready', sender, digest: digest(`update ${sender}`) })
  for (const from of all) subset.onStatement(from, { kind: 'estimate', instance: sender, phase: 1, value: 1 })
  for (const from of all) subset.onStatement(from, { kind: 'auxiliary', instance: sender, phase: 1, values: 2 })
}
