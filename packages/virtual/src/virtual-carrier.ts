import { type Carrier, type Clock, type Listener, Speeds } from '@hearsay/peer'
import type { Asks } from './asks.ts'
import type { Gossip } from './gossip.ts'
import { type OncePort, receiveOver } from './once.ts'
import { pullDeadlineMs, pullOver } from './payloads.ts'

/** Of a peer that does not listen. */
export const unheard: Listener = {
  envelope: () => ({ verdict: 'ignore' }),
  ask: () => undefined,
  pull: (_digest, _from, give) => give(),
  neighbour: () => {},
  fault: () => {},
}

/** What a carrier needs of the network around it. */
interface CarrierPort extends Pick<OncePort, 'listenerOf' | 'transfer' | 'sendOnce'> {
  readonly weightOf: (peer: number) => number
  readonly honest: boolean
  readonly gossip: Gossip
  readonly asks: Asks
  listen(listener: Listener): void
  neighbours(): number[]
  cutOff(culprit: number): void
}

/** The carrier of one life of a peer; its clock ends with it. */
export function virtualCarrier(peer: number, clock: Clock, port: CarrierPort): Carrier {
  const { honest, gossip, asks, listenerOf, transfer, sendOnce, weightOf } = port
  let weights: readonly number[] | undefined
  const speeds = new Speeds(pullDeadlineMs, (source) => weights?.[Number(source)] ?? weightOf(Number(source)))
  const pulls: OncePort = { peer, clock, speeds, listenerOf, transfer, sendOnce }
  return {
    listen: (listener) => port.listen(listener),
    say: (to, envelope) => gossip.say(peer, to, envelope),
    neighbours: () => port.neighbours(),
    ask: (to, bytes, answered) => {
      asks.ask(peer, to, bytes, answered)
      // A liar asks as it likes.
      if (!honest) answered()
    },
    // In its own turn: whoever is handed something at once has had one.
    pull: (pull, ended) => pullOver(pulls, pull, (got) => void clock.after(0, () => ended(got))),
    receive: (reception) => receiveOver(pulls, reception),
    cutOff: (culprit) => port.cutOff(culprit),
    weigh: (given) => {
      weights = given
      speeds.reweigh()
    },
    stop: async () => {},
  }
}
