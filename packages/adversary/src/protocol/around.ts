import { digestOf, type Envelope, type Event, type Participant, type Step, wrap } from '@hearsay/protocol'

/** What becomes of an honest peer's step; with `wakeAtMs`, there is a next one then at the latest. */
export type Changed = Step & { readonly wakeAtMs?: number }

/**
 * An honest peer whose steps are changed on their way out. Timers are shared out by parity: even ids are those of the
 * honest peer, odd ones wake the liar.
 */
export function around(
  honest: Participant,
  change: (step: Step, seen: { readonly events: readonly Event[]; readonly nowMs: number }) => Changed,
): Participant {
  let wakes = 0
  let wakesAtMs = Number.POSITIVE_INFINITY
  return wrap(honest, {
    handle: (events, nowMs) => {
      const own = events.flatMap((event): Event[] => {
        if (event.kind !== 'timer') return [event]
        if (event.id % 2 === 0) return [{ kind: 'timer', id: event.id / 2 }]
        if (event.id === 2 * wakes - 1) wakesAtMs = Number.POSITIVE_INFINITY
        return []
      })
      const { wakeAtMs, ...step } = change(honest.handle(own, nowMs), { events: own, nowMs })
      const timers = step.timers.map(({ id, atMs }) => ({ id: 2 * id, atMs }))
      if (wakeAtMs !== undefined && wakeAtMs < wakesAtMs) {
        wakesAtMs = wakeAtMs
        timers.push({ id: 2 * wakes++ + 1, atMs: wakeAtMs })
      }
      return { ...step, timers }
    },
  })
}

/** Gives no answers: those of an honest peer hold what it would have said, when it would have said it. */
export function unanswering(participant: Participant): Participant {
  return wrap(participant, { answer: () => undefined })
}

const answerMs = 500

/** Takes in few of the answers that it asks for: enough to keep up with the rounds. */
export function sparing(honest: Participant): Participant {
  let heardMs = Number.NEGATIVE_INFINITY
  return wrap(honest, {
    handle: (events, nowMs) => {
      const wanted = events.filter(({ kind }) => {
        if (kind !== 'answer') return true
        if (nowMs < heardMs + answerMs) return false
        heardMs = nowMs
        return true
      })
      return honest.handle(wanted, nowMs)
    },
  })
}

/** Takes in what it hears, and passes nothing on. */
export function unrelaying(participant: Participant): Participant {
  return wrap(participant, {
    open: (bytes) => {
      const opened = participant.open(bytes)
      return opened.verdict === 'accept' ? { verdict: 'ignore', envelope: opened.envelope } : opened
    },
  })
}

/** A step in which nothing is done. */
export const nothing: Step = { sends: [], asks: [], timers: [], work: [], outputs: [], faults: [] }

/** An envelope of these bytes, whatever they are: of what is sent, only they travel. */
export function carrying(bytes: Uint8Array, like: Envelope): Envelope {
  return { ...like, bytes, id: digestOf(bytes) }
}
