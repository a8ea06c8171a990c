/** Participants made of others. */
import type { Event, Participant, Step } from './step.ts'

/** Does what another does, but for what is given instead. What is forwarded stands here and nowhere else. */
export function wrap(inner: Participant, instead: Partial<Participant>): Required<Participant> {
  return {
    open: (bytes) => inner.open(bytes),
    handle: (events, nowMs) => inner.handle(events, nowMs),
    answer: (ask, from) => inner.answer(ask, from),
    holders: (round, member, chunk) => inner.holders(round, member, chunk),
    ...instead,
  }
}

export type Twin = 0 | 1
const both = [0, 1] as const

/** Who hears what of two participants under one identity. */
export interface Ears {
  /** Whether a twin is told of this; of its own timers and work it always is. */
  hears(event: Exclude<Event, { kind: 'timer' | 'done' }>, twin: Twin): boolean
  /** What becomes of a twin's step. */
  says(step: Step, twin: Twin): Step
}

/**
 * Two participants under one identity. What either accepts is passed on, the two answer in turn, and ids of timers and work
 * are shared out by parity. They blame nobody.
 */
export function twins(pair: readonly [Participant, Participant], { hears, says }: Ears): Participant {
  let turn = 0
  const own = <T extends { readonly id: number }>(items: readonly T[], twin: Twin): T[] =>
    items.map((item) => ({ ...item, id: 2 * item.id + twin }))
  const eventOf = (event: Event, twin: Twin): Event[] => {
    if (event.kind !== 'timer' && event.kind !== 'done') return hears(event, twin) ? [event] : []
    return event.id % 2 === twin ? [{ ...event, id: (event.id - twin) / 2 }] : []
  }
  return {
    open: (bytes) => {
      const opened = both.map((twin) => pair[twin].open(bytes))
      return opened.find(({ verdict }) => verdict === 'accept') ?? opened[0]!
    },
    handle: (events, nowMs) => {
      const steps = both.map((twin) => {
        const heard = events.flatMap((event) => eventOf(event, twin))
        const step = says(pair[twin].handle(heard, nowMs), twin)
        return { ...step, timers: own(step.timers, twin), work: own(step.work, twin) }
      })
      const all = <T>(of: (step: Step) => readonly T[]): T[] => steps.flatMap(of)
      return {
        sends: all(({ sends }) => sends),
        asks: all(({ asks }) => asks),
        timers: all(({ timers }) => timers),
        work: all(({ work }) => work),
        outputs: all(({ outputs }) => outputs),
        faults: [],
      }
    },
    answer: (ask, from) => pair[(turn++ % 2) as Twin].answer(ask, from),
    holders: (round, member, chunk) => [...new Set(pair.flatMap((twin) => twin.holders(round, member, chunk)))],
  }
}
