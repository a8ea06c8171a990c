import { describe, expect, it } from 'vitest'
import { Quorums } from '../../roster/quorums.ts'
import { Exchange, randomFrom } from '../../testing/exchange.ts'
import { type Digest, digestOf } from '../../words/digest.ts'
import { asEchoed, type Statement } from '../../words/statements.ts'
import { ReliableBroadcast } from './reliable-broadcast.ts'

const digests = ['a', 'b'].map((text) => digestOf(new TextEncoder().encode(text)))
const [first, second] = digests as [Digest, Digest]

type Thresholds = Partial<Record<'echo' | 'amplify' | 'deliver', number>>

function quorumsOf(n: number, f: number, wrong: Thresholds = {}): Quorums {
  const quorums = Quorums.equal(n, f)
  for (const [name, least] of Object.entries(wrong))
    Object.defineProperty(quorums, name, { value: (weight: number) => weight >= least })
  return quorums
}

interface Broken {
  agreement: number
  totality: number
  validity: number
}

/**
 * Runs of one broadcast in which peers 0 to f−1 lie, each telling every honest peer something else; in every other
 * run one of them is the sender. Nothing is lost: what is not delivered at the end never will be.
 */
function broken(n: number, f: number, quorums: Quorums, runs: number): Broken {
  const found = { agreement: 0, totality: 0, validity: 0 }
  for (let seed = 0; seed < runs; seed++) {
    const random = randomFrom(seed)
    const sender = seed % 2 === 0 ? 0 : f
    const honest = Array.from({ length: n - f }, (_, index) => f + index)
    const hear = new Map<number, (from: number, statement: Statement) => void>()
    const exchange = new Exchange(hear)
    const broadcasts = honest.map((peer) => {
      const broadcast = new ReliableBroadcast(sender, quorums)
      let echoed: Digest | undefined
      // As a peer does that names each digest once.
      const say = (statement: Statement): void => {
        if (statement.kind === 'echo') echoed = statement.digest
        const brief = statement.kind === 'ready' && statement.digest === echoed
        exchange.say(peer, brief ? { ...statement, digest: asEchoed } : statement)
      }
      hear.set(peer, (from, statement) => {
        if (statement.kind === 'init' && from === sender && broadcast.onInit(statement.digest))
          broadcast.onHeld(statement.digest, say)
        if (statement.kind === 'echo') broadcast.onEcho(from, statement.digest, say)
        if (statement.kind === 'ready') broadcast.onReady(from, statement.digest, say)
      })
      return broadcast
    })
    if (sender === f) exchange.say(sender, { kind: 'init', digest: first })
    for (let liar = 0; liar < f; liar++)
      for (const to of honest) {
        if (liar === sender) exchange.tell(liar, to, { kind: 'init', digest: digests[random(1)]! })
        if (random(2) > 0) exchange.tell(liar, to, { kind: 'echo', sender, digest: digests[random(1)]! })
        if (random(2) > 0)
          exchange.tell(liar, to, { kind: 'ready', sender, digest: [...digests, asEchoed][random(2)]! })
      }
    exchange.run(random)
    const delivered = broadcasts.map((broadcast) => broadcast.delivered)
    if (delivered.includes(first) && delivered.includes(second)) found.agreement++
    if (delivered.includes(undefined) && delivered.some((digest) => digest !== undefined)) found.totality++
    if (sender === f && delivered.some((digest) => digest !== first)) found.validity++
  }
  return found
}

describe('reliable broadcast', () => {
  it.each([
    [4, 1],
    [5, 1],
    [7, 2],
    [10, 3],
  ])('is valid, agreed and total with n = %i, whatever f = %i liars say', (n, f) => {
    expect(broken(n, f, quorumsOf(n, f), 1500)).toEqual({ agreement: 0, totality: 0, validity: 0 })
  })

  // Most wrong thresholds never break agreement: a check of agreement alone would pass them.
  it.each<[Thresholds, keyof Broken]>([
    [{ echo: 2 }, 'totality'],
    [{ echo: 4 }, 'validity'],
    [{ amplify: 1 }, 'totality'],
    [{ amplify: 3 }, 'totality'],
    [{ deliver: 2 }, 'totality'],
    [{ deliver: 4 }, 'validity'],
    [{ deliver: 1 }, 'agreement'],
  ])('with n = 4 and the wrong %j loses its %s', (wrong, lost) => {
    expect(broken(4, 1, quorumsOf(4, 1, wrong), 1500)[lost]).toBeGreaterThan(0)
  })

  it('echoes what is held, and only the first that was announced', () => {
    const said: Statement[] = []
    const broadcast = new ReliableBroadcast(0, quorumsOf(4, 1))
    const say = (statement: Statement): void => void said.push(statement)
    broadcast.onHeld(first, say)
    expect([broadcast.onInit(first), broadcast.onInit(second)]).toEqual([true, false])
    expect(said).toEqual([])
    broadcast.onHeld(second, say)
    expect(said).toEqual([])
    broadcast.onHeld(first, say)
    broadcast.onHeld(first, say)
    expect(said).toEqual([{ kind: 'echo', sender: 0, digest: first }])
  })

  it('counts one echo and one ready a peer, and names the holders in order', () => {
    const said: Statement[] = []
    const broadcast = new ReliableBroadcast(0, quorumsOf(4, 1))
    const say = (statement: Statement): void => void said.push(statement)
    for (const from of [3, 3, 3, 1]) broadcast.onEcho(from, first, say)
    broadcast.onEcho(3, second, say)
    expect(said).toEqual([])
    expect(broadcast.holders(first)).toEqual([1, 3])
    expect(broadcast.holders(second)).toEqual([])
    for (let time = 0; time < 3; time++) expect(broadcast.onReady(2, first, say)).toBe(false)
    expect(said).toEqual([])
    expect(broadcast.onReady(1, first, say)).toBe(false)
    expect(said).toEqual([{ kind: 'ready', sender: 0, digest: first }])
    expect(broadcast.onReady(3, first, say)).toBe(true)
    expect(broadcast.onReady(0, first, say)).toBe(false)
    expect(broadcast.delivered).toBe(first)
    for (const from of [0, 1, 2, 3]) expect(broadcast.onReady(from, second, say)).toBe(false)
    expect(broadcast.delivered).toBe(first)
  })

  it('a ready of a peer that was ready for another digest is not counted', () => {
    const broadcast = new ReliableBroadcast(0, quorumsOf(4, 1))
    const say = (): void => {}
    broadcast.onReady(3, second, say)
    expect([1, 2, 3].map((from) => broadcast.onReady(from, first, say))).toEqual([false, false, false])
    expect(broadcast.onReady(0, first, say)).toBe(true)
  })

  it('takes a ready without a digest for the one that its author echoed, whichever is heard first', () => {
    for (const echoesFirst of [true, false]) {
      const broadcast = new ReliableBroadcast(0, quorumsOf(4, 1))
      const say = (): void => {}
      const echo = (from: number): boolean => broadcast.onEcho(from, first, say)
      const ready = (from: number): boolean => broadcast.onReady(from, asEchoed, say)
      const [earlier, later] = echoesFirst ? [echo, ready] : [ready, echo]
      expect([1, 2, 3].map(earlier)).toEqual([false, false, false])
      expect(broadcast.delivered).toBeUndefined()
      expect([1, 2].map(later)).toEqual([false, false])
      // Once of each, and what it is ready for stands.
      expect([earlier(1), later(1), broadcast.onEcho(1, second, say), broadcast.onReady(1, first, say)]).not.toContain(
        true,
      )
      expect(broadcast.delivered).toBeUndefined()
      expect(later(3)).toBe(true)
      expect(broadcast.delivered).toBe(first)
    }
  })

  it('is ready for one digest only', () => {
    const said: Statement[] = []
    const broadcast = new ReliableBroadcast(0, quorumsOf(7, 2))
    const say = (statement: Statement): void => void said.push(statement)
    for (const from of [0, 1, 2, 3, 4]) broadcast.onEcho(from, first, say)
    for (const from of [4, 5, 6]) broadcast.onReady(from, second, say)
    expect(said).toEqual([{ kind: 'ready', sender: 0, digest: first }])
  })
})
