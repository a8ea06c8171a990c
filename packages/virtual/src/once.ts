/** Chunks that a peer sends once, as datagrams: what a link loses of them is lost. */
import type { Receiving } from '@hearsay/peer'
import type { OnStream } from './options.ts'
import type { PullPort } from './payloads.ts'

/** Which update, and a bit for each chunk. */
const requestBytes = 64

export interface OncePort extends PullPort {
  /** Hands something to the link that is not sent again; false if there is none. What is lost never runs. */
  readonly sendOnce: (from: number, to: number, what: OnStream, arrived: () => void) => boolean
}

/** See `Carrier.receive`. */
export function receiveOver(port: OncePort, reception: Receiving): void {
  const { peer, listenerOf, transfer, sendOnce } = port
  const { from, wanted, signal, arrived } = reception
  transfer(peer, from, { carried: 'request', bytes: requestBytes }, () => {
    for (const each of wanted)
      listenerOf(from).pull(each.name, peer, (payload) => {
        if (payload?.byteLength !== each.sizeBytes) return
        sendOnce(from, peer, { carried: 'payload', bytes: each.sizeBytes }, () => {
          if (!signal.aborted) arrived(each, payload)
        })
      })
  })
}
