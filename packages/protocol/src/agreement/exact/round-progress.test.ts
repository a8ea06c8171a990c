import { expect, it } from 'vitest'
import type { Peer } from '../../shell/peer.ts'
import type { Participant } from '../../shell/step.ts'
import { wrap } from '../../shell/wrap.ts'
import { silent } from '../../testing/liars.ts'
import { type Liar, Swarm, type SwarmOptions } from '../../testing/swarm.ts'
import { digestOf } from '../../words/digest.ts'

/** What the first peer says of its round when nothing happens any more, but asks. */
function progressOf(options: Partial<SwarmOptions>): Peer['progress'] {
  const swarm = new Swarm({ peers: 4, tolerated: 1, seed: 1, rounds: 9, ...options })
  swarm.run(5000)
  return (swarm.participants[0] as Peer).progress
}

/** Honest, but that some of what it does comes to nothing. */
const without =
  (kind: 'train' | 'aggregate') =>
  ({ honest }: Liar): Participant => {
    const peer = honest()
    return wrap(peer, {
      handle: (events, nowMs) => {
        const step = peer.handle(events, nowMs)
        return { ...step, work: step.work.filter((work) => work.kind !== kind) }
      },
    })
  }

it('names those whose updates are waited for', () => {
  const liars = new Map([2, 3].map((peer) => [peer, silent] as const))
  expect(progressOf({ liars })).toEqual({ round: 1, awaits: 'updates', missing: [2, 3] })
  const slow = new Map([1, 3].map((peer) => [peer, without('train')] as const))
  expect(progressOf({ liars: slow })).toEqual({ round: 1, awaits: 'updates', missing: [1, 3] })
})

it('names those whose updates are in, and not held', () => {
  // Everybody else holds the update of peer 3, which it serves to all but peer 0.
  const digest = (text: string) => digestOf(new TextEncoder().encode(text))
  const withheld = digest(`update 3 1 ${digest('initial model')}`)
  const liars = new Map([1, 2].map((peer) => [peer, without('aggregate')] as const))
  const options = { liars, withheld: (what: string, by: number) => what === withheld && by === 0 }
  expect(progressOf(options)).toEqual({ round: 1, awaits: 'fetching', missing: [3] })
})

it('names those who have not signed', () => {
  const liars = new Map([1, 3].map((peer) => [peer, without('aggregate')] as const))
  expect(progressOf({ liars })).toEqual({ round: 1, awaits: 'checkpoints', missing: [1, 3] })
})

it('says of whose updates it is not decided whether they are in', () => {
  // All updates are delivered, and the votes of two are lost.
  const liars = new Map(
    [2, 3].map((peer) => [
      peer,
      (liar: Liar): Participant => {
        const inner = liar.honest()
        return wrap(inner, {
          answer: () => undefined,
          handle: (events, nowMs) => {
            const step = inner.handle(events, nowMs)
            const sends = step.sends.filter(({ envelope }) => !envelope.statements.some((said) => 'instance' in said))
            return { ...step, sends }
          },
        })
      },
    ]),
  )
  const progress = progressOf({ liars, relay: false })
  expect(progress).toMatchObject({ round: 1, awaits: 'agreement' })
  expect(progress?.missing.length).toBeGreaterThan(0)
})

it('says that the time of a round is not over, and nothing before the start or after the end', () => {
  expect(progressOf({ roundMs: 100_000 })).toEqual({ round: 2, awaits: 'pace', missing: [] })
  const swarm = new Swarm({ peers: 4, tolerated: 1, seed: 1, rounds: 1, ends: true })
  expect((swarm.participants[0] as Peer).progress).toBeUndefined()
  swarm.run(5000)
  expect(swarm.ended.has(0)).toBe(true)
  expect((swarm.participants[0] as Peer).progress).toBeUndefined()
})
