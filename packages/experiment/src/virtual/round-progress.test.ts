import { type Adversary, around, createAdversary, unanswering } from '@hearsay/adversary'
import type { Digest, Peer } from '@hearsay/protocol'
import { expect, it } from 'vitest'
import type { ModelledSwarmOptions } from '../testing/modelled-swarm.ts'
import { RecordedSwarm } from '../testing/recorded-swarm.ts'

/** What the first peer says of its round when nothing happens any more, but asks. */
function progressOf(options: Partial<ModelledSwarmOptions>): Peer['progress'] {
  const swarm = new RecordedSwarm({ peers: 4, tolerated: 1, seed: 1, rounds: 9, ...options }).runFor(5000)
  return (swarm.participants[0] as Peer).progress
}

/** Honest, but that some of what it does comes to nothing. */
const without = (kind: 'train' | 'aggregate'): Adversary => ({
  participant: ({ honest }) =>
    around(honest(), (step) => ({ ...step, work: step.work.filter((work) => work.kind !== kind) })),
})

const all = (peers: readonly number[], adversary: Adversary): Map<number, Adversary> =>
  new Map(peers.map((peer) => [peer, adversary]))

it('names those whose updates are waited for', () => {
  const liars = all([2, 3], createAdversary({ behaviour: 'silent' }, 1))
  expect(progressOf({ liars })).toEqual({ round: 1, awaits: 'updates', missing: [2, 3] })
  expect(progressOf({ liars: all([1, 3], without('train')) })).toEqual({
    ...{ round: 1, awaits: 'updates', missing: [1, 3] },
  })
})

it('names those whose updates are in, and not held', () => {
  // The others hold the update of peer 3, and none gives it to the first.
  let withheld: Digest | undefined
  const serves = (digest: Digest, to: number): boolean => to !== 0 || digest !== withheld
  const author: Adversary = {
    serves,
    participant: ({ honest }) =>
      around(honest(), (step) => {
        const init = step.sends.flatMap(({ envelope }) => envelope.statements).find(({ kind }) => kind === 'init')
        if (init?.kind === 'init') withheld ??= init.digest
        return step
      }),
  }
  const liars = all([1, 2], { ...without('aggregate'), serves }).set(3, author)
  expect(progressOf({ liars })).toEqual({ round: 1, awaits: 'fetching', missing: [3] })
})

it('names those who have not signed', () => {
  expect(progressOf({ liars: all([1, 3], without('aggregate')) })).toEqual({
    ...{ round: 1, awaits: 'checkpoints', missing: [1, 3] },
  })
})

it('says of whose updates it is not decided whether they are in', () => {
  // All updates are delivered, and the votes of two are lost.
  const voteless: Adversary = {
    participant: ({ honest }) =>
      around(unanswering(honest()), (step) => ({
        ...step,
        sends: step.sends.filter(({ envelope }) => !envelope.statements.some((said) => 'instance' in said)),
      })),
  }
  const progress = progressOf({ liars: all([2, 3], voteless), relayDegree: 0 })
  expect(progress).toMatchObject({ round: 1, awaits: 'agreement' })
  expect(progress?.missing.length).toBeGreaterThan(0)
})

it('says that the time of a round is not over, and nothing before the start or after the end', () => {
  const timing = { graceMs: 200, timeoutMs: 100, askMs: 300, roundMs: 100_000 }
  expect(progressOf({ timing })).toEqual({ round: 2, awaits: 'pace', missing: [] })
  const swarm = new RecordedSwarm({ peers: 4, tolerated: 1, seed: 1, rounds: 1, ends: true })
  expect((swarm.participants[0] as Peer).progress).toBeUndefined()
  swarm.runFor(5000)
  expect(swarm.ended.has(0)).toBe(true)
  expect((swarm.participants[0] as Peer).progress).toBeUndefined()
})
