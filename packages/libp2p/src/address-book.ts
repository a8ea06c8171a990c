/**
 * The newest record of addresses of each peer of the roster: at most one a peer, each of at most `mostRecordBytes`. What
 * is known already costs a look at two numbers; a signature is checked of what is newer only, and of one peer so seldom
 * that a liar which signs without end makes nobody pass much on.
 */

import { Allowance } from '@hearsay/peer'
import type { Keys } from '@hearsay/protocol'
import type { Multiaddr } from '@multiformats/multiaddr'
import { type AddressRecord, headOf, openRecord, recordDomain, sealRecord } from './address-record.ts'

/** New records of one peer are taken so often: when it was started anew, or moved. */
const newOfOne = { burst: 8, perSecond: 1 / 30 }

export class AddressBook {
  readonly #self: number
  readonly #domain: Uint8Array
  readonly #keys: Keys
  readonly #newest = new Map<number, AddressRecord>()
  readonly #allowance = new Allowance(newOfOne)
  /** The greatest number that was seen under this peer's name. */
  #sequence = 0

  constructor({ self, network, keys }: { self: number; network: string; keys: Keys }) {
    this.#self = self
    this.#domain = recordDomain(network)
    this.#keys = keys
  }

  /** The record if it is new; 'known' if it is not, or comes too often; else what is wrong with it, in words. */
  take(bytes: Uint8Array, nowMs: number): AddressRecord | 'known' | { readonly fault: string } {
    const head = headOf(bytes)
    if (head !== undefined && head.sequence <= this.#known(head.peer)) return 'known'
    const record = openRecord(bytes, this.#domain, this.#keys)
    if (typeof record === 'string') return { fault: record }
    // Not before: others must not use up what its author may say.
    if (!this.#allowance.take(String(record.peer), nowMs)) return 'known'
    if (record.peer === this.#self) this.#sequence = record.sequence
    else this.#newest.set(record.peer, record)
    return record
  }

  /** This peer's own record: another one if its addresses changed, or if it said something newer in an earlier life. */
  own(addresses: readonly Multiaddr[], nowMs: number): AddressRecord {
    const before = this.#newest.get(this.#self)
    const sequence = Math.max(this.#sequence + 1, Math.floor(nowMs))
    const record = sealRecord({ peer: this.#self, sequence, addresses }, this.#domain, this.#keys)
    const text = ({ addresses: list }: AddressRecord): string => list.map(String).join()
    if (before !== undefined && before.sequence >= this.#sequence && text(before) === text(record)) return before
    this.#newest.set(this.#self, record)
    this.#sequence = sequence
    return record
  }

  records(): readonly AddressRecord[] {
    return [...this.#newest.values()]
  }

  #known(peer: number): number {
    return peer === this.#self ? this.#sequence : (this.#newest.get(peer)?.sequence ?? -1)
  }
}
