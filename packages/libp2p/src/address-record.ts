/**
 * Where a peer says that it can be reached, signed by itself, for others to pass on: its position in the roster, a sequence
 * number and some addresses. Of two records of one peer the one with the greater number counts, so old ones do not return.
 * A liar can lie about its own addresses only.
 */
import { createHash } from 'node:crypto'
import type { Keys } from '@hearsay/protocol'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { mostAddresses } from './address.ts'

export interface AddressRecord {
  /** Position in the roster. */
  readonly peer: number
  readonly sequence: number
  readonly addresses: readonly Multiaddr[]
  readonly bytes: Uint8Array
}

/** Longer addresses are not told. */
const mostAddressBytes = 120
const headBytes = 2 + 8 + 1
const signatureBytes = 64
export const mostRecordBytes = headBytes + mostAddresses * (1 + mostAddressBytes) + signatureBytes

/** What records of a network are signed with besides their bytes: those of another network mean nothing here. */
export function recordDomain(network: string): Uint8Array {
  return createHash('sha256').update(`hearsay/1/addresses/${network}`).digest()
}

/** The first addresses, as many as there may be; those that are too long are left out. */
export function sealRecord(
  { peer, sequence, addresses }: Pick<AddressRecord, 'peer' | 'sequence' | 'addresses'>,
  domain: Uint8Array,
  keys: Keys,
): AddressRecord {
  const kept = addresses.filter(({ bytes }) => bytes.length <= mostAddressBytes).slice(0, mostAddresses)
  const head = Buffer.alloc(headBytes)
  head.writeUInt16BE(peer)
  head.writeBigUInt64BE(BigInt(sequence), 2)
  head.writeUInt8(kept.length, 10)
  const body = Buffer.concat([head, ...kept.flatMap(({ bytes }) => [Uint8Array.of(bytes.length), bytes])])
  const bytes = new Uint8Array(Buffer.concat([body, keys.sign(Buffer.concat([domain, body]))]))
  return { peer, sequence, addresses: kept, bytes }
}

/** Whose record these bytes claim to be, and how new: before anything is spent on them. Undefined if they are none. */
export function headOf(bytes: Uint8Array): Pick<AddressRecord, 'peer' | 'sequence'> | undefined {
  if (bytes.length < headBytes + signatureBytes || bytes.length > mostRecordBytes) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const sequence = view.getBigUint64(2)
  if (sequence > BigInt(Number.MAX_SAFE_INTEGER)) return undefined
  return { peer: view.getUint16(0), sequence: Number(sequence) }
}

/** The record, or why it is none. */
export function openRecord(bytes: Uint8Array, domain: Uint8Array, keys: Keys): AddressRecord | string {
  const head = headOf(bytes)
  if (head === undefined) return 'a record of addresses that is malformed'
  const body = bytes.subarray(0, -signatureBytes)
  const addresses = addressesIn(body)
  if (addresses === undefined) return 'a record of addresses that is malformed'
  const signed = Buffer.concat([domain, body])
  if (!keys.verify(head.peer, signed, bytes.subarray(-signatureBytes)))
    return 'a record of addresses whose signature is wrong'
  return { ...head, addresses, bytes }
}

function addressesIn(body: Uint8Array): Multiaddr[] | undefined {
  const count = body[10]!
  if (count > mostAddresses) return undefined
  const addresses: Multiaddr[] = []
  let at = headBytes
  for (let read = 0; read < count; read++) {
    const length = body[at++] ?? 0
    if (length === 0 || length > mostAddressBytes || at + length > body.length) return undefined
    try {
      addresses.push(multiaddr(body.subarray(at, at + length)))
      // A text that cannot be read again would fail later, where nobody expects it.
      multiaddr(addresses.at(-1)!.toString())
    } catch {
      return undefined
    }
    at += length
  }
  return at === body.length ? addresses : undefined
}
