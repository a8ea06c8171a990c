import {
  checkpointToSign,
  digestOf,
  type Envelope,
  type Event,
  encodeCheckpoint,
  mostPhasesAhead,
  type Statement,
  sealEnvelopes,
} from '@hearsay/protocol'
import type { Powers } from '../adversary.ts'
import { around, type Changed, sparing, unanswering, unrelaying } from './around.ts'
import type { ProtocolAttack } from './attack.ts'

const everyMs = 20

/**
 * Says all that the protocol lets it say: in each round every slot once, each in an envelope of its own, so that each costs
 * a signature; an update that nobody has, echoes of others, votes for both bits in four phases of every agreement, a
 * checkpoint of its own invention. And it asks all honest peers for all they have, again and again.
 *
 * At most f of them: a peer keeps one statement a slot, within the phases and rounds it can reach, and passes on only what is
 * new, so a flood ends after 2 + 2n + 4·4·n envelopes a liar and round, whatever the liar does; saying more is
 * saying it twice, and is neither kept nor passed on. Answers to one neighbour are rationed. Honest envelopes are fewer, and in
 * answers they take turns with those of others, so none is crowded out.
 *
 * More than f: rounds stop, as with silence; the bound on what a peer keeps is the same for each liar.
 *
 * Evidence: none. It fills each slot once, and what an honest peer would not say is no contradiction.
 */
export const flood: ProtocolAttack<'flood'> = {
  name: 'flood',
  summary: 'say all that the protocol lets it say, and ask for everything',
  deed: 'flooded the others',
  options: {
    perSecond: {
      kind: 'integer',
      summary: 'envelopes a second, as long as there is a free slot',
      least: 100,
      most: 1_000_000,
      default: 10_000,
    },
  },
  create: ({ perSecond }) => ({
    participant: (powers) => {
      const victims = powers.coalition.halves.flat()
      const perWake = Math.ceil(((perSecond as number) * everyMs) / 1000)
      let round = 0
      let slots: Iterator<Envelope> | undefined
      let question: Uint8Array | undefined
      let wokenMs = Number.NEGATIVE_INFINITY
      const inner = around(sparing(powers.honest()), (step, { events, nowMs }): Changed => {
        for (const output of step.outputs) {
          if (output.kind !== 'round' || output.round === round) continue
          round = output.round
          slots = undefined
        }
        // What an honest peer asks first is for all that there is.
        question ??= step.asks[0]?.bytes
        slots ??= slotsAfter(round, [...envelopesIn(events), ...step.sends.map(({ envelope }) => envelope)], powers)
        const quiet = { ...step, sends: [], work: step.work.filter(({ kind }) => kind !== 'train') }
        if (nowMs < wokenMs + everyMs) return { ...quiet, wakeAtMs: wokenMs + everyMs }
        wokenMs = nowMs
        const sends =
          slots === undefined ? [] : take(slots, perWake).map((envelope) => ({ to: 'all', envelope }) as const)
        const asks = question === undefined ? [] : victims.map((to) => ({ to, bytes: question! }))
        return { ...quiet, sends, asks: [...step.asks, ...asks], wakeAtMs: nowMs + everyMs }
      })
      return unanswering(unrelaying(inner))
    },
  }),
}

function envelopesIn(events: readonly Event[]): Envelope[] {
  return events.flatMap((event) => (event.kind === 'envelope' ? [event.envelope] : []))
}

function take<T>(from: Iterator<T>, most: number): T[] {
  const taken: T[] = []
  for (let next = from.next(); next.done !== true; next = from.next()) if (taken.push(next.value) === most) break
  return taken
}

/** All that can be said in a round, once somebody was heard in it: so it builds on what the others build on. */
function slotsAfter(round: number, heard: readonly Envelope[], powers: Powers): Iterator<Envelope> | undefined {
  const previous = heard.find((envelope) => envelope.round === round)?.previous
  return previous === undefined ? undefined : envelopesOf(round, previous, powers)
}

function* envelopesOf(round: number, previous: string, powers: Powers): Generator<Envelope> {
  const { self, network } = powers
  for (const statement of statementsOf(round, previous, powers))
    yield* sealEnvelopes({ author: self, round, previous, statements: [statement] }, network)
}

function* statementsOf(round: number, previous: string, { self, network }: Powers): Generator<Statement> {
  const digest = digestOf(new TextEncoder().encode(`flood of ${self} in ${round}`))
  const peers = [...Array(network.peers).keys()]
  yield { kind: 'init', digest }
  const members = peers.map((peer) => ({ peer, digest }))
  const checkpoint = encodeCheckpoint({ round, previous, members, rule: network.rule, model: digest })
  yield { kind: 'checkpoint', checkpoint, signature: network.keys.sign(checkpointToSign(checkpoint, network)) }
  for (const kind of ['echo', 'ready'] as const) for (const sender of peers) yield { kind, sender, digest }
  for (let phase = 1; phase <= mostPhasesAhead; phase++) {
    for (const instance of peers) {
      for (const value of [0, 1] as const) yield { kind: 'estimate', instance, phase, value }
      yield { kind: 'coordinate', instance, phase, value: 0 }
      yield { kind: 'auxiliary', instance, phase, values: 3 }
    }
  }
}
