/** Runs of a swarm among liars of one behaviour, with all the powers that these have. */
import type { Digest, Event, Statement } from '@hearsay/protocol'
import { Swarm, type SwarmOptions } from '@hearsay/protocol/testing'
import type { Adversary } from '../adversary.ts'
import { coalitionOf } from './liars.ts'

export interface Among extends Partial<SwarmOptions> {
  readonly behaviour: string
  readonly options?: Readonly<Record<string, unknown>>
  readonly peers: number
  readonly tolerated: number
  readonly liarCount: number
  readonly seed: number
  readonly untilMs?: number
}

export const rounds = 3

/** Liars are at odd positions, so that they are among the first and the last; runs until all honest peers have all rounds. */
export function runAmong({ behaviour, options, liarCount, untilMs = 60_000, ...rest }: Among): Swarm {
  const positions = Array.from({ length: liarCount }, (_, at) => (2 * at + 1) % rest.peers)
  const { adversaries, liars } = coalitionOf(rest.peers, positions, behaviour, options)
  const all = [...adversaries.values()]
  const swarm: Swarm = new Swarm({
    rounds,
    batchMs: 10,
    ...rest,
    liars,
    delay: (hop) => Math.max(0, ...all.map((adversary) => adversary.delay?.(hop) ?? 0)),
    ...(all.some(({ serves }) => serves) && { withheld: (digest, by) => isWithheld(swarm, adversaries, digest, by) }),
  })
  swarm.run(untilMs, () => swarm.allCertified(rest.rounds ?? rounds))
  return swarm
}

/** Announced by a liar that does not serve it to this peer, and held by nobody honest. */
function isWithheld(swarm: Swarm, adversaries: ReadonlyMap<number, Adversary>, digest: Digest, by: number): boolean {
  const said = (peer: number, kind: Statement['kind']): boolean =>
    swarm.sent[peer]!.some(({ statements }) =>
      statements.some((statement) => statement.kind === kind && 'digest' in statement && statement.digest === digest),
    )
  const owner = [...adversaries].find(([self]) => said(self, 'init'))
  if (owner?.[1].serves?.(digest, by) !== false) return false
  return !swarm.honest.some((peer) => said(peer, 'echo'))
}

/** What a peer was handed. */
export function eventsOf(swarm: Swarm, peer: number): Event[] {
  return swarm.journal.filter((entry) => entry.peer === peer).flatMap(({ events }) => [...events])
}

/** Envelopes that an honest peer handled, by author. */
export function handledOf(swarm: Swarm, peer: number, author: number): number {
  return eventsOf(swarm, peer).filter((event) => event.kind === 'envelope' && event.envelope.author === author).length
}

export function membersOf(swarm: Swarm): number[][] {
  const chain = swarm.certified[swarm.honest[0]!]!
  return chain.map(({ checkpoint }) => checkpoint.members.map(({ peer }) => peer))
}
