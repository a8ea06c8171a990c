import { createAdversary } from '@hearsay/adversary'
import { describe, expect, it } from 'vitest'
import type { ModelledSwarmOptions } from '../testing/modelled-swarm.ts'
import { RecordedSwarm } from '../testing/recorded-swarm.ts'

const rounds = 3
const timing = { graceMs: 200, timeoutMs: 100, askMs: 300 }

/** Messages take up to 10 ms, so that all that is said at once arrives long before the grace time is over. */
function swarmOf(n: number, options: Partial<ModelledSwarmOptions> = {}): RecordedSwarm {
  const swarm = new RecordedSwarm({
    ...{ peers: n, tolerated: Math.floor((n - 1) / 3), seed: n, rounds, timing },
    links: { latency: { uniform: [0, 10] } },
    training: { ms: 5 },
    ...options,
  })
  swarm.runRounds(rounds)
  expect(swarm.allCertified(rounds)).toBe(true)
  return swarm
}

const membersOf = (swarm: RecordedSwarm): number[][] =>
  swarm.honest.flatMap((peer) =>
    swarm.certified[peer]!.slice(0, rounds).map(({ checkpoint }) => checkpoint.members.map((member) => member.peer)),
  )

/** The last peer takes so long to train, the others 5 ms. */
const withSlow =
  (n: number, ms: number) =>
  (peer: number): { ms: number } => ({ ms: peer === n - 1 ? ms : 5 })

describe('when all is well', () => {
  it.each([4, 7])('every update is in, by votes for 1 in phase 1 alone: 4n+2 statements, n = %i', (n) => {
    const swarm = swarmOf(n)
    for (const members of membersOf(swarm)) expect(members).toEqual([...Array(n).keys()])
    for (const peer of swarm.honest) {
      const said = swarm.sent[peer]!.filter(({ round }) => round <= rounds).flatMap(({ statements }) => statements)
      // One CHECKPOINT less in a round that the others certified first.
      expect(said.length).toBeLessThanOrEqual(rounds * (4 * n + 2))
      expect(said.length).toBeGreaterThanOrEqual(rounds * (4 * n + 1))
      for (const statement of said) if ('phase' in statement) expect(statement.phase).toBe(1)
      for (const statement of said) if (statement.kind === 'estimate') expect(statement.value).toBe(1)
    }
  })

  it.each([4, 7])('no timer is waited for: a round is over within the time of its messages, n = %i', (n) => {
    // Training, INIT, a question for a payload, its answer, ECHO, READY, EST, AUX and CHECKPOINT, each up to 10 ms.
    expect(swarmOf(n).network.nowMs()).toBeLessThan(rounds * 9 * 10 + 10)
  })

  it.each([4, 7])('with f silent each round waits the grace time, and decides by phase 2, n = %i', (n) => {
    const f = Math.floor((n - 1) / 3)
    const silent = Array.from({ length: f }, (_, at) => n - 1 - at)
    const swarm = swarmOf(n, {
      liars: new Map(silent.map((peer) => [peer, createAdversary({ behaviour: 'silent' }, 1)])),
    })
    for (const members of membersOf(swarm)) expect(members).toEqual([...Array(n - f).keys()])
    const phases = swarm.honest.flatMap((peer) =>
      swarm.sent[peer]!.flatMap(({ statements }) => statements.flatMap((said) => ('phase' in said ? said.phase : []))),
    )
    expect(Math.max(...phases)).toBe(2)
    expect(swarm.network.nowMs()).toBeGreaterThan(rounds * timing.graceMs)
  })
})

describe('a slow honest peer', () => {
  it.each([4, 7])('has its update in, when it is ready within the grace time, n = %i', (n) => {
    // Longer than a whole round of the others, and in all rounds.
    const swarm = swarmOf(n, { training: withSlow(n, 150) })
    for (const members of membersOf(swarm)) expect(members).toEqual([...Array(n).keys()])
  })

  it.each([
    // It begins a round a message later than the others, too.
    [45, 'has its update in, when four of its messages take no longer than the grace time'],
    [190, 'is left out, though one of its messages takes no longer than the grace time'],
  ])('with links of %i ms %s', (ms, what) => {
    const slow = 3
    const furtherMs = (from: number, to: number): number => (from === slow || to === slow ? ms - 1 : 0)
    const swarm = swarmOf(4, { links: { latency: { ms: 1 }, furtherMs }, training: { ms: 50 } })
    const others = [0, 1, 2]
    const expected = what.startsWith('has') ? [...others, slow] : others
    for (const members of membersOf(swarm)) expect(members).toEqual(expected)
  })

  it.each([4, 7])('is not waited for any longer, and takes part when it can, n = %i', (n) => {
    const swarm = swarmOf(n, { training: withSlow(n, 2000) })
    for (const members of membersOf(swarm)) expect(members).toEqual([...Array(n - 1).keys()])
    expect(swarm.network.nowMs()).toBeLessThan(2000)
    expect(swarm.culprits()).toEqual([])
  })
})
