/** Libp2p as the carrier of one peer, and the machine's clock. The only place where peer ids become positions in the roster. */

import type { Carrier, Clock, Listener } from '@hearsay/peer'
import { type AgreementKind, fromHex, type Network, type Opened } from '@hearsay/protocol'
import { createNetworkHost } from './host.ts'
import type { NetworkEvent, NetworkHost, NetworkOptions } from './options.ts'

/** Longer delays overflow the timers of Node. */
const longestDelayMs = 2 ** 31 - 1

export const machineClock: Clock = {
  nowMs: () => performance.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, Math.min(delayMs, longestDelayMs))
    return () => clearTimeout(timer)
  },
  soon: (run) => {
    const immediate = setImmediate(run)
    return () => clearImmediate(immediate)
  },
}

export interface Libp2pOptions extends Pick<NetworkOptions, 'privateKey' | 'transport' | 'timing' | 'hello' | 'debug'> {
  readonly network: Network<AgreementKind>
  /** Peer ids in the order of the roster. */
  readonly ids: readonly string[]
  readonly payloadBytes: number
  readonly discovery?: Omit<NonNullable<NetworkOptions['discovery']>, 'keys'>
  /** What happens on the network, for people. */
  readonly onNetwork?: (event: NetworkEvent) => void
}

export interface Libp2pCarrier extends Carrier {
  readonly host: NetworkHost
}

/** Of what a host logs, what no honest peer does. */
const faultsOf: Readonly<Record<string, (event: NetworkEvent) => string>> = {
  'bad-addresses': ({ reason }) => String(reason),
  'bad-payload': ({ reason }) => `a payload: ${String(reason)}`,
  'too-large': ({ what }) => `${String(what)} that is too large`,
  'too-short': ({ what }) => `${String(what)} that is too short`,
}

/** Nothing is told before somebody listens; the host neither listens nor connects before it is started. */
export async function libp2pCarrier(options: Libp2pOptions): Promise<Libp2pCarrier> {
  const { network, ids, payloadBytes, discovery, onNetwork, ...hostOptions } = options
  const { envelopeBytes, leastAskBytes, askBytes, answerBytes } = network.limits
  const positions = new Map(ids.map((id, position) => [id, position]))
  const positionOf = (id: string): number => positions.get(id) ?? -1
  const idOf = (peer: number): string => ids[peer] ?? ''
  const stopped = new AbortController()
  let listener: Listener | undefined
  const host = await createNetworkHost({
    ...hostOptions,
    ...(discovery && { discovery: { ...discovery, keys: network.keys } }),
    roster: ids,
    weights: ids.map((_, position) => network.quorums.weight(position)),
    network: network.genesis,
    limits: { envelopeBytes, leastAskBytes, askBytes, answerBytes, payloadBytes: Math.max(4, payloadBytes) },
    handlers: {
      envelope: (bytes, from): Opened['verdict'] => listener?.envelope(bytes, positionOf(from)).verdict ?? 'ignore',
      ask: (bytes, from) => listener?.ask(bytes, positionOf(from)),
      payload: (digest, from) =>
        new Promise((give) => {
          if (listener === undefined) give(undefined)
          else listener.pull(digest, positionOf(from), give)
        }),
      neighbour: (peer, connected) => listener?.neighbour(positionOf(peer), connected),
    },
    log: (event) => {
      onNetwork?.(event)
      const fault = faultsOf[event.kind]
      if (fault !== undefined) listener?.fault(positionOf(String(event.peer)), fault(event))
    },
  })
  return {
    host,
    listen: (to) => {
      listener = to
    },
    say: (to, { bytes }) => {
      if (to === 'all') host.publish(bytes)
      else for (const peer of to) if (idOf(peer) !== host.id && ids[peer] !== undefined) host.send(idOf(peer), bytes)
    },
    neighbours: () => host.neighbours().map(positionOf),
    ask: (to, request, answered) => {
      host.ask(idOf(to), request, stopped.signal).then(answered, () => answered())
    },
    pull: ({ digest, sizeBytes, into = new Uint8Array(sizeBytes), sources, signal }, ended, failed) => {
      host
        .fetch({ digest: fromHex(digest), sizeBytes, sources: () => sources().map(idOf), into, signal })
        .then(() => true)
        .catch((error: Error) => {
          if (signal.aborted) return false
          throw error
        })
        .then(ended)
        .catch(failed)
    },
    receive: ({ from, ...reception }) => host.receive(idOf(from), reception),
    cutOff: (peer) => host.cutOff(idOf(peer)),
    weigh: (weights) => host.weigh(weights),
    stop: () => {
      stopped.abort()
      return host.stop()
    },
  }
}
