import type { Adversary } from '@hearsay/adversary'
import type { Event, Participant, Step } from '@hearsay/protocol'
import { type RandomStream, randomStream } from '../virtual/index.ts'

const both = [0, 1] as const

/**
 * Two peers under one identity, each honest as far as it knows (Bano et al., Twins: BFT systems made robust, 2020). By
 * lot, drawn anew in each round, the others hear one of them, or both; and each of them hears some of the others, or all.
 */
export function twins(seed: number): Adversary {
  return {
    participant: ({ self, network, honest }) => {
      const pair = [honest(), honest()] as const
      const others = Array.from({ length: network.peers }, (_, peer) => peer).filter((peer) => peer !== self)
      const worlds = new Map<number, readonly (readonly boolean[])[]>()
      const worldOf = (round: number): readonly (readonly boolean[])[] => {
        const known = worlds.get(round)
        if (known !== undefined) return known
        const drawn = drawWorlds(randomStream(seed, 'twins', self, round), network.peers)
        worlds.set(round, drawn)
        return drawn
      }
      const concerns = (event: Event, twin: 0 | 1): Event[] => {
        switch (event.kind) {
          case 'timer':
          case 'done':
            return event.id % 2 === twin ? [{ ...event, id: (event.id - twin) / 2 }] : []
          case 'envelope':
            return worldOf(event.envelope.round)[twin]![event.envelope.author] ? [event] : []
          default:
            return [event]
        }
      }
      const tell = (step: Step, twin: 0 | 1): Step => {
        const own = <T extends { readonly id: number }>(item: T): T => ({ ...item, id: 2 * item.id + twin })
        const audience = (round: number): number[] => others.filter((peer) => worldOf(round)[twin]![peer])
        return {
          ...step,
          sends: step.sends.map(({ envelope }) => ({ to: audience(envelope.round), envelope })),
          timers: step.timers.map(own),
          work: step.work.map(own),
        }
      }
      return participantOf(pair, (events, nowMs) =>
        both.map((twin) =>
          tell(
            pair[twin].handle(
              events.flatMap((event) => concerns(event, twin)),
              nowMs,
            ),
            twin,
          ),
        ),
      )
    },
  }
}

/** For each twin, whether it and the peer in each position hear each other. */
function drawWorlds(random: RandomStream, peers: number): boolean[][] {
  const shares = Array.from({ length: peers }, () => random.integer(3))
  return both.map((twin) => shares.map((share) => share === 2 || share === twin))
}

function participantOf(
  pair: readonly [Participant, Participant],
  handle: (events: readonly Event[], nowMs: number) => readonly Step[],
): Participant {
  let turn = 0
  return {
    open: (bytes) => {
      const opened = both.map((twin) => pair[twin].open(bytes))
      return opened.find(({ verdict }) => verdict === 'accept') ?? opened[0]!
    },
    handle: (events, nowMs) => {
      const steps = handle(events, nowMs)
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
    answer: (ask, from) => pair[(turn++ % 2) as 0 | 1].answer(ask, from),
    holders: (round, member) => [...new Set(pair.flatMap((twin) => twin.holders(round, member)))],
  }
}
