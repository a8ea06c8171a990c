import { openEnvelope, type Participant, type Position, type Twin, twins, wrap } from '@hearsay/protocol'
import type { Powers } from '../adversary.ts'
import type { ProtocolAttack } from './attack.ts'

/**
 * A coalition that tells two halves of the honest peers two consistent stories, and passes nothing between them.
 *
 * Each liar is two honest peers under one identity, one a half: what a half says is heard by its twin only, and what
 * a twin says goes to its half and to the same twins of the other liars. While the liars are the only link between the
 * halves, each half sees a network in which nobody misbehaves. A half of h honest peers and b liars certifies on its
 * own when h + b > (n+f)/2; both do, and the chain forks, only when b > f.
 *
 * At most f of them: at best one half goes on and the other waits. When the halves meet, the one that waited verifies
 * the certificates and adopts the chain; nothing that was certified is lost.
 *
 * More than f: both halves certify, and the chain forks.
 *
 * Evidence: when the halves meet, every honest peer holds two certificates of one round. All who signed both are named, at
 * least f+1 of them, which with b = f+1 is the whole coalition; no honest peer signs two.
 */
export const splitBrain: ProtocolAttack<'split-brain'> = {
  name: 'split-brain',
  summary: 'tell two halves of the network two consistent stories and relay nothing between them',
  deed: 'told two halves two stories',
  options: {},
  sendsUpdates: () => true,
  create: () => ({ participant: twoStories }),
}

const halves = [0, 1] as const

function twoStories({ self, network, coalition, honest }: Powers): Participant {
  const pair = [honest(), honest()] as const
  const rounds: [number, number] = [0, 0]
  let asked = 0
  const halfOf = (peer: Position): Twin | undefined => halves.find((half) => coalition.halves[half].includes(peer))
  /** Which twins hear an envelope: that of its author's half, or those of the stories it belongs to. */
  const halvesOf = (author: Position, id: string): readonly number[] => {
    const half = halfOf(author)
    return half === undefined ? [...(coalition.stories.get(id) ?? [])] : [half]
  }
  /** A member of the half, in turn: a twin asks nobody of the other. */
  const next = (half: Twin): number => {
    const members = coalition.halves[half]
    return members[asked++ % members.length] ?? 0
  }
  const inner = twins(pair, {
    hears: (event, half) => {
      if (event.kind === 'start') return true
      if (event.kind === 'envelope') return halvesOf(event.envelope.author, event.envelope.id).includes(half)
      return halfOf(event.kind === 'answer' ? event.from : event.peer) === half
    },
    says: (step, half) => {
      const audience = [...coalition.halves[half], ...coalition.liars.filter((liar) => liar !== self)]
      for (const { envelope } of step.sends) {
        const told = coalition.stories.get(envelope.id) ?? new Set()
        coalition.stories.set(envelope.id, told.add(half))
      }
      for (const output of step.outputs) if (output.kind === 'round') rounds[half] = output.round
      return {
        ...step,
        sends: step.sends.map(({ envelope }) => ({ to: audience, envelope })),
        asks: step.asks.map(({ to, bytes }) => ({ to: to ?? next(half), bytes })),
      }
    },
  })
  return wrap(inner, {
    open: (bytes) => {
      const envelope = openEnvelope(bytes, network)
      if (typeof envelope === 'string') return { verdict: 'reject', reason: envelope }
      const heard = halvesOf(envelope.author, envelope.id)
      const wanted = halves.some((half) => heard.includes(half) && pair[half].open(bytes).verdict === 'accept')
      return wanted ? { verdict: 'ignore', envelope } : { verdict: 'ignore' }
    },
    handle: (events, nowMs) => {
      const step = inner.handle(events, nowMs)
      // What either story still needs is kept.
      const round = Math.min(...rounds)
      const outputs = step.outputs.map((output) => (output.kind === 'round' ? { ...output, round } : output))
      return { ...step, outputs }
    },
    answer: (ask, from) => {
      const half = halfOf(from)
      return half === undefined ? undefined : pair[half].answer(ask, from)
    },
  })
}
