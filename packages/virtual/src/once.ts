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
export function receiveOver(port: OncePort, reception: Receiving, ended: () => void): void {
  const { peer, clock, listenerOf, transfer, sendOnce } = port
  const { from, wanted, waitMs, signal, arrived } = reception
  const open = new Set(wanted)
  let over = false
  const end = (): void => {
    if (!over) ended()
    over = true
  }
  clock.after(open.size === 0 ? 0 : waitMs, end)
  transfer(peer, from, { carried: 'request', bytes: requestBytes }, () => {
    for (const each of wanted)
      listenerOf(from).pull(each.digest, peer, (payload) => {
        if (payload?.byteLength !== each.sizeBytes) return
        sendOnce(from, peer, { carried: 'payload', bytes: each.sizeBytes }, () => {
          if (over || signal.aborted || !open.delete(each)) return
          arrived(each, payload)
          if (open.size === 0) end()
        })
      })
  })
}
