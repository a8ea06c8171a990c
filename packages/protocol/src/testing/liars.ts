/** Ways to misbehave in a swarm, each around an honest peer under the liar's identity. */
import { checkpointToSign, decodeCheckpoint, encodeCheckpoint } from '../chain/checkpoint.ts'
import type { Event, Participant, Step } from '../shell/step.ts'
import { wrap } from '../shell/wrap.ts'
import { sealEnvelopes } from '../words/envelope.ts'
import { type BitSet, mostPhasesAhead, type Statement } from '../words/statements.ts'
import type { Envelope } from '../words/words.ts'
import { type Random, randomFrom } from './exchange.ts'
import type { Liar } from './swarm.ts'

export type Lie = (liar: Liar) => Participant

/** An honest peer whose steps are replaced. */
function around(inner: Participant, replace: (step: Step, events: readonly Event[]) => Step): Participant {
  return wrap(inner, { handle: (events, nowMs) => replace(inner.handle(events, nowMs), events) })
}

export const silent: Lie = (liar) =>
  around(wrap(liar.honest(), { answer: () => undefined }), (step) => ({ ...step, sends: [], asks: [] }))

/** Tells peers of even positions what an honest peer says, and the others the opposite, well signed. */
export const equivocate: Lie = (liar) => {
  const everybody = [...Array(liar.network.peers).keys()]
  return around(liar.honest(), (step) => ({
    ...step,
    sends: step.sends.flatMap(({ envelope }) => [
      { to: everybody.filter((peer) => peer % 2 === 0), envelope },
      ...sealEnvelopes(
        { ...envelope, statements: envelope.statements.map((said) => opposite(said, liar)) },
        liar.network,
      ).map((other) => ({ to: everybody.filter((peer) => peer % 2 === 1), envelope: other })),
    ]),
  }))
}

function opposite(statement: Statement, liar: Liar): Statement {
  switch (statement.kind) {
    case 'init':
    case 'echo':
    case 'ready':
      return { ...statement, digest: liar.offer(`not ${statement.digest}`) }
    case 'estimate':
    case 'coordinate':
      return { ...statement, value: statement.value === 0 ? 1 : 0 }
    case 'auxiliary':
      return { ...statement, values: statement.values === 1 ? 2 : 1 }
    case 'witness':
      return { ...statement, members: [...Array(liar.network.peers).keys()] }
    case 'word':
      return { ...statement, content: statement.content === '00' ? '01' : '00' }
    case 'checkpoint': {
      const checkpoint = decodeCheckpoint(statement.checkpoint, liar.network)
      if (checkpoint === undefined) throw new Error('an honest peer signs well-formed checkpoints')
      const other = encodeCheckpoint({ ...checkpoint, model: liar.offer('another model') })
      return {
        kind: 'checkpoint',
        checkpoint: other,
        signature: liar.network.keys.sign(checkpointToSign(other, liar.network)),
      }
    }
  }
}

/** As an honest peer, and with each step some random statements, well signed, to a random few. */
export const junk: Lie = (liar) => {
  const random = randomFrom(liar.self)
  let seen: Envelope | undefined
  return around(liar.honest(), (step, events) => {
    for (const event of events) if (event.kind === 'envelope') seen = event.envelope
    if (seen === undefined) return step
    const round = Math.max(1, seen.round + random(5) - 1)
    const previous = random(9) === 0 ? liar.offer('another chain') : seen.previous
    const statements = Array.from({ length: 1 + random(5) }, () => randomStatement(liar, random))
    const envelopes = sealEnvelopes({ author: liar.self, round, previous, statements }, liar.network)
    const to = [...Array(liar.network.peers).keys()].filter(() => random(1) === 0)
    return { ...step, sends: [...step.sends, ...envelopes.map((envelope) => ({ to, envelope }))] }
  })
}

function randomStatement(liar: Liar, random: Random): Statement {
  const peer = random(liar.network.peers - 1)
  const digest = liar.offer(`junk ${random(1)}`)
  const vote = { instance: peer, phase: 1 + random(random(1) === 0 ? 2 : mostPhasesAhead + 3) }
  const any: Statement[] = [
    { kind: 'init', digest },
    { kind: 'echo', sender: peer, digest },
    { kind: 'ready', sender: peer, digest },
    { kind: 'estimate', ...vote, value: random(1) === 0 ? 0 : 1 },
    { kind: 'coordinate', ...vote, value: random(1) === 0 ? 0 : 1 },
    { kind: 'auxiliary', ...vote, values: (1 + random(2)) as BitSet },
  ]
  return any[random(any.length - 1)]!
}

/** As an honest peer, and says again what it has heard from anybody in any round. */
export const replay: Lie = (liar) => {
  const random = randomFrom(liar.self)
  const heard: Envelope[] = []
  return around(liar.honest(), (step, events) => {
    for (const event of events) if (event.kind === 'envelope') heard.push(event.envelope)
    const envelope = heard[random(Math.max(0, heard.length - 1))]
    return envelope === undefined ? step : { ...step, sends: [...step.sends, { to: 'all', envelope }] }
  })
}

/** Answers every ask with bytes that are no answer, or with envelopes whose signatures are wrong. */
export const garble: Lie = (liar) => {
  const inner = liar.honest()
  return wrap(inner, {
    answer: (ask, from) => {
      const answer = inner.answer(ask, from)
      if (answer === undefined || answer.length === 0) return answer
      return answer.map((byte, index) => (index === answer.length >> 1 ? byte ^ 1 : byte))
    },
  })
}

/** Takes no part, but has something new to say to everybody ten times a second, for as long as it has free slots. */
export const chatter: Lie = (liar) => {
  let said = 0
  const nothing = { asks: [], work: [], outputs: [], faults: [] }
  return wrap(liar.honest(), {
    open: () => ({ verdict: 'ignore' }),
    answer: () => undefined,
    handle: (_events, nowMs) => {
      const slot = said++
      const instance = (slot >> 2) % liar.network.peers
      const vote = { instance, phase: 1 + Math.floor((slot >> 2) / liar.network.peers) }
      const votes: readonly Statement[] = [
        { kind: 'estimate', ...vote, value: 0 },
        { kind: 'estimate', ...vote, value: 1 },
        { kind: 'coordinate', ...vote, value: 0 },
        { kind: 'auxiliary', ...vote, values: 1 },
      ]
      const statements = [votes[slot % 4]!]
      const envelopes = sealEnvelopes(
        { author: liar.self, round: 1, previous: liar.network.genesis, statements },
        liar.network,
      )
      const sends = envelopes.map((envelope) => ({ to: 'all', envelope }) as const)
      return { ...nothing, sends, timers: [{ id: said, atMs: nowMs + 100 }] }
    },
  })
}
