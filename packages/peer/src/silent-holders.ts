import type { Position } from '@hearsay/protocol'
import type { Carrier, Clock } from './ports.ts'

type Pulls = Pick<Carrier, 'pull' | 'receive'>

/** Whoever says that it holds something has had so long to give it. */
const silentAfterMs = 500

/**
 * A carrier that in the end also asks those who say nothing. Who weighs nothing pulls updates and models as all do, and has no voice
 * to say that it holds them; where not all peers are linked it may be the only one between those who have one. It is asked last, since
 * there may be any number of liars among those who weigh nothing: who holds a payload is late then in any case, and is asked on.
 */
export function withSilentHolders(
  carrier: Pulls,
  clock: Pick<Clock, 'nowMs'>,
  /** Who weighs nothing now. */
  silent: () => readonly Position[],
): Pulls {
  return {
    pull: (pull, ended, failed) => {
      const sinceMs = clock.nowMs()
      const sources = (): readonly Position[] => {
        const told = pull.sources()
        if (clock.nowMs() - sinceMs < silentAfterMs) return told
        return [...told, ...silent().filter((peer) => !told.includes(peer))]
      }
      carrier.pull({ ...pull, sources }, ended, failed)
    },
    ...(carrier.receive && { receive: (reception) => carrier.receive!(reception) }),
  }
}

/** Who weighs nothing, by position, and is not this peer. */
export function silentIn(weights: readonly number[], self: Position): Position[] {
  return [...weights.keys()].filter((peer) => weights[peer] === 0 && peer !== self)
}
