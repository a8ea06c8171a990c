import { describe, expect, it } from 'vitest'
import { Quorums } from '../../roster/quorums.ts'
import { Exchange, type Random, randomFrom } from '../../testing/exchange.ts'
import type { Statement } from '../../words/statements.ts'
import { WitnessedGathering } from './witnessed-gathering.ts'

/** Honest peers and f liars that say anything to anybody, in any order. */
function exchange(peers: number, tolerated: number, seed: number, lie?: (random: Random, exchange: Exchange) => void) {
  const quorums = Quorums.equal(peers, tolerated)
  const random = randomFrom(seed)
  const honest = [...Array(lie === undefined ? peers : peers - tolerated).keys()]
  const machines = new Map<number, WitnessedGathering>()
  const all: Exchange = new Exchange(
    new Map(honest.map((peer) => [peer, (from, statement) => machines.get(peer)!.onStatement(from, statement)])),
  )
  for (const peer of honest)
    machines.set(
      peer,
      new WitnessedGathering(quorums, {
        say: (statement) => all.say(peer, { ...statement, stage: 1 } as Statement),
        want: (member) => all.act(peer, () => machines.get(peer)!.onHeld(member)),
        timer: () => expect.unreachable('RB-TM needs no clock'),
      }),
    )
  for (const peer of honest) all.say(peer, { kind: 'init', stage: 1, digest: `v${peer}` })
  lie?.(random, all)
  all.run(random)
  return { honest, machines, said: all.said }
}

function lies(peers: number, tolerated: number) {
  return (random: Random, all: Exchange): void => {
    for (let liar = peers - tolerated; liar < peers; liar++)
      for (let to = 0; to < peers - tolerated; to++) {
        const digest = (): string => `lie ${random(1)}`
        all.tell(liar, to, { kind: 'init', stage: 1, digest: digest() })
        for (let sender = 0; sender < peers; sender++)
          for (const kind of ['echo', 'ready'] as const)
            if (random(3) > 0)
              all.tell(liar, to, { kind, stage: 1, sender, digest: random(1) ? `v${sender}` : digest() })
        const members = [...Array(peers).keys()].filter((peer) => peer >= tolerated || random(1) === 0)
        if (random(1) === 0) all.tell(liar, to, { kind: 'witness', stage: 1, members })
      }
  }
}

describe('reliable broadcast and witnesses', () => {
  it.each([
    [4, 1],
    [7, 2],
    [10, 3],
  ])('end for every honest peer, and any two share n−f vectors and contradict each other in none: n = %i', (n, f) => {
    for (let seed = 0; seed < 40; seed++) {
      const { honest, machines } = exchange(n, f, seed, seed % 4 === 0 ? undefined : lies(n, f))
      const results = honest.map((peer) => new Map(machines.get(peer)!.result?.map((each) => [each.peer, each.digest])))
      for (const a of results)
        for (const b of results) {
          const both = [...a.keys()].filter((peer) => b.has(peer))
          expect(both.length, `seed ${seed}`).toBeGreaterThanOrEqual(n - f)
          for (const peer of both) expect(a.get(peer)).toBe(b.get(peer))
        }
    }
  })

  it('say one witness each, of n−f peers or more', () => {
    const { honest, said } = exchange(7, 2, 9, lies(7, 2))
    const witnesses = said.flatMap(({ from, statement }) =>
      statement.kind === 'witness' ? [{ from, ...statement }] : [],
    )
    expect(witnesses.map(({ from }) => from).sort()).toEqual(honest)
    for (const { members } of witnesses) expect(members.length).toBeGreaterThanOrEqual(5)
  })

  it('does not go on by witnesses of what it has not delivered', () => {
    const quorums = new Quorums([1, 1, 1, 1], 1)
    const machine = new WitnessedGathering(quorums, { say: () => {}, want: () => {}, timer: () => {} })
    const deliver = (sender: number): void => {
      for (const from of [0, 1, 2]) machine.onStatement(from, { kind: 'ready', stage: 1, sender, digest: `v${sender}` })
    }
    const witness = (from: number, members: number[]): void =>
      machine.onStatement(from, { kind: 'witness', stage: 1, members })
    for (const sender of [0, 1, 2]) deliver(sender)
    witness(0, [0, 1, 2])
    witness(1, [0, 1, 2])
    expect(machine.result).toBeUndefined()
    witness(1, [0, 1, 2])
    witness(2, [1, 2, 3])
    expect(machine.result).toBeUndefined()
    // The first word of a peer counts.
    witness(2, [0, 1, 2])
    expect(machine.result).toBeUndefined()
    deliver(3)
    expect(machine.result).toHaveLength(4)
  })
})
