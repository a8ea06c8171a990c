/** Ways to misbehave that no scenario needs. */
import { type Adversary, around, nothing, type Powers, unanswering } from '@hearsay/adversary'
import { type Digest, type Envelope, mostPhasesAhead, type Statement, sealEnvelopes, wrap } from '@hearsay/protocol'
import { randomStream } from '@hearsay/virtual'
import { modelledLength } from '@hearsay/virtual/testing/modelled-vectors'

/** An update of numbers that are all the same, and can be fetched. */
export function offered({ offer }: Powers, round: number, number: number): Digest {
  return offer(round, new Float32Array(modelledLength).fill(number))
}

/** As an honest peer, and with each step some random statements, well signed, to a random few. */
export const junk: Adversary = {
  participant: (powers) => {
    const random = randomStream(powers.self, 'junk')
    let seen: Envelope | undefined
    return around(powers.honest(), (step, { events }) => {
      for (const event of events) if (event.kind === 'envelope') seen = event.envelope
      if (seen === undefined) return step
      const round = Math.max(1, seen.round + random.below(6) - 1)
      const previous = random.below(10) === 0 ? offered(powers, round, 7) : seen.previous
      const statements = Array.from({ length: 1 + random.below(6) }, () => randomStatement(powers, round, random.below))
      const envelopes = sealEnvelopes({ author: powers.self, round, previous, statements }, powers.network)
      const to = [...Array(powers.network.peers).keys()].filter(() => random.below(2) === 0)
      return { ...step, sends: [...step.sends, ...envelopes.map((envelope) => ({ to, envelope }))] }
    })
  },
}

function randomStatement(powers: Powers, round: number, below: (count: number) => number): Statement {
  const peer = below(powers.network.peers)
  const digest = offered(powers, round, below(2))
  const vote = { instance: peer, phase: 1 + below(below(2) === 0 ? 3 : mostPhasesAhead + 4) }
  const any: Statement[] = [
    { kind: 'init', digest },
    { kind: 'echo', sender: peer, digest },
    { kind: 'ready', sender: peer, digest },
    { kind: 'estimate', ...vote, value: below(2) === 0 ? 0 : 1 },
    { kind: 'coordinate', ...vote, value: below(2) === 0 ? 0 : 1 },
    { kind: 'auxiliary', ...vote, values: (below(3) + 1) as 1 | 2 | 3 },
  ]
  return any[below(any.length)]!
}

/**
 * Tells every peer another vector, as likely as not one of an honest peer, the least or greatest of all in every column, or
 * one far off; not a word of it at times. `known` gives what honest peers made of a stage.
 */
export function twoFaced(known: (round: number, stage: number) => readonly Float32Array[]): Adversary {
  return {
    participant: (powers) => {
      const { self, network, honest } = powers
      const random = randomStream(self, 'faces')
      const faceOf = (statement: Statement, round: number): Statement[] => {
        if (statement.kind !== 'init') return [statement]
        const { stage = 0 } = statement
        const choice = random.below(6)
        if (choice === 0) return []
        const face = extreme(stage === 0 ? [] : known(round, stage - 1), choice, random.below)
        return [{ ...statement, digest: powers.offer(round, face) }]
      }
      return around(unanswering(honest()), (step) => ({
        ...step,
        sends: step.sends.flatMap(({ envelope }) =>
          [...Array(network.peers).keys()].flatMap((to) => {
            const statements = envelope.statements.flatMap((statement) => faceOf(statement, envelope.round))
            return sealEnvelopes({ ...envelope, statements }, network).map((other) => ({ to: [to], envelope: other }))
          }),
        ),
      }))
    },
  }
}

function extreme(known: readonly Float32Array[], choice: number, below: (count: number) => number): Float32Array {
  if (known.length === 0 || choice === 1) return new Float32Array(modelledLength).fill(below(2) === 0 ? 1e6 : -1e6)
  if (choice === 2) return known[below(known.length)]!
  const most = choice === 3 ? Math.max : Math.min
  return Float32Array.from({ length: modelledLength }, (_, at) => most(...known.map((numbers) => numbers[at]!)))
}

/** Answers every ask with bytes that are no answer, or with envelopes whose signatures are wrong. */
export const garble: Adversary = {
  participant: ({ honest }) => {
    const inner = honest()
    return wrap(inner, {
      answer: (ask, from) => {
        const answer = inner.answer(ask, from)
        if (answer === undefined || answer.length === 0) return answer
        return answer.map((byte, index) => (index === answer.length >> 1 ? byte ^ 1 : byte))
      },
    })
  },
}

/** Takes no part, but has something new to say to everybody ten times a second, for as long as it has free slots. */
export const chatter: Adversary = {
  participant: ({ self, network, honest }) => {
    let said = 0
    return wrap(honest(), {
      open: () => ({ verdict: 'ignore' }),
      answer: () => undefined,
      handle: (_events, nowMs) => {
        const slot = said++
        const instance = (slot >> 2) % network.peers
        const vote = { instance, phase: 1 + Math.floor((slot >> 2) / network.peers) }
        const votes: readonly Statement[] = [
          { kind: 'estimate', ...vote, value: 0 },
          { kind: 'estimate', ...vote, value: 1 },
          { kind: 'coordinate', ...vote, value: 0 },
          { kind: 'auxiliary', ...vote, values: 1 },
        ]
        const statements = [votes[slot % 4]!]
        const envelopes = sealEnvelopes({ author: self, round: 1, previous: network.genesis, statements }, network)
        const sends = envelopes.map((envelope) => ({ to: 'all', envelope }) as const)
        return { ...nothing, sends, timers: [{ id: said, atMs: nowMs + 100 }] }
      },
    })
  },
}
