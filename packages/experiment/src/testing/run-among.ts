/** Runs on the virtual network among liars of one behaviour, and what peers said and heard in them. */
import { createAdversary } from '@hearsay/adversary'
import type { Envelope, Event } from '@hearsay/protocol'
import { ModelledSwarm, type ModelledSwarmOptions } from './modelled-swarm.ts'

export interface Among extends Omit<ModelledSwarmOptions, 'liars' | 'rounds' | 'onStep'> {
  readonly behaviour: string
  readonly options?: Readonly<Record<string, unknown>>
  readonly liarCount: number
  readonly rounds?: number
  readonly untilMs?: number
}

export interface Told {
  readonly swarm: ModelledSwarm
  /** What each peer sent, in order. */
  readonly sent: readonly Envelope[][]
  /** What each was handed. */
  readonly events: readonly Event[][]
}

export const rounds = 3

/** Liars are at odd positions, so that they are among the first and the last; runs until all honest peers have all rounds. */
export function runAmong({ behaviour, options, liarCount, untilMs = 60_000, ...rest }: Among): Told {
  const positions = Array.from({ length: liarCount }, (_, at) => (2 * at + 1) % rest.peers)
  const sent = Array.from({ length: rest.peers }, (): Envelope[] => [])
  const events = sent.map((): Event[] => [])
  const swarm = new ModelledSwarm({
    rounds,
    ...rest,
    liars: new Map(positions.map((self) => [self, createAdversary({ behaviour, ...options }, self)])),
    onStep: (peer, { sends }, handed) => {
      sent[peer]!.push(...sends.map(({ envelope }) => envelope))
      events[peer]!.push(...handed)
    },
  })
  swarm.network.run(() => swarm.allCertified(rest.rounds ?? rounds), untilMs)
  return { swarm, sent, events }
}

/** How many envelopes of an author a peer handled. */
export function handledOf({ events }: Told, peer: number, author: number): number {
  return events[peer]!.filter((event) => event.kind === 'envelope' && event.envelope.author === author).length
}

/** Whose updates each round took in. */
export function membersOf({ swarm }: Told): number[][] {
  const chain = swarm.certified[swarm.honest[0]!]!
  return chain.map(({ checkpoint }) => checkpoint.members.map(({ peer }) => peer))
}
