/**
 * Pulling payloads over a virtual network, as peers do over streams: a request to one holder after the other, the whole
 * payload back, and again after a pause while nobody has it.
 */
import type { VirtualNetwork } from './virtual-network.ts'

const requestBytes = 44
/** A source that does not answer is given up after so long. */
const deadlineMs = 10_000
const retryMs = 20
const retryCeilingMs = 320

export interface Pull {
  /** Who pulls. */
  readonly peer: number
  readonly sizeBytes: number
  /** Who should hold it, best first; asked again while nobody gives it. */
  readonly sources: () => readonly number[]
  /** Whether this peer gives it to the puller. */
  readonly serves: (source: number) => boolean
  /** Whether it is still needed. */
  readonly wanted: () => boolean
  readonly got: () => void
}

export function pull(network: VirtualNetwork, { peer, ...options }: Pull): void {
  const { sizeBytes, sources, serves, wanted, got } = options
  const begin = (waitMs: number): void => {
    const left = sources().filter((source) => source !== peer)
    const next = (): void => {
      if (!wanted()) return
      const source = left.shift()
      if (source === undefined) {
        network.afterOf(peer, waitMs, () => wanted() && begin(Math.min(2 * waitMs, retryCeilingMs)))
        return
      }
      let over = false
      const goOn = (then: () => void) => (): void => {
        if (over) return
        over = true
        then()
      }
      const sent = network.transfer(peer, source, requestBytes, () => {
        const served = serves(source)
        network.transfer(source, peer, served ? sizeBytes : 0, goOn(served ? got : next))
      })
      if (sent) network.afterOf(peer, deadlineMs, goOn(next))
      else next()
    }
    next()
  }
  begin(retryMs)
}
