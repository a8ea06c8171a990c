/** Hands what no honest peer sends to the decoders of what hosts say of themselves: hellos, and records of addresses. */
import { randomFrom } from '@hearsay/protocol/testing/exchange'
import { mutateBytes, pick, randomBytes } from '@hearsay/protocol/testing/fuzz/mutations'
import { multiaddr } from '@multiformats/multiaddr'
import { mostAddresses } from '../address.ts'
import { mostRecordBytes, openRecord, recordDomain, sealRecord } from '../address-record.ts'
import { decodeHello, encodeHello } from '../hello.ts'

/** Any signature is right: what liars sign well is looked at too. */
const keys = { sign: () => new Uint8Array(64), verify: () => true }
const domain = recordDomain('a'.repeat(64))

const addresses = ['/ip4/127.0.0.1/tcp/4001', '/ip6/::1/tcp/65535', '/dns4/example.org/tcp/443/wss'].map((text) =>
  multiaddr(text),
)
const messages = {
  hello: [[], ['4'.repeat(16)]].map((seen) =>
    encodeHello({
      ...{ version: '0.1.0', wire: 1, network: 'a'.repeat(64), instance: '3'.repeat(16), seen },
      fields: { seed: '0'.repeat(16), 'agreement.roundMs': '2'.repeat(16) },
    }),
  ),
  record: [[], addresses].map(
    (told, peer) => sealRecord({ peer, sequence: 2 ** 40, addresses: told }, domain, keys).bytes,
  ),
}

/** By kind. @throws Error naming the input in hexadecimal, if a decoder throws, or takes a record that is out of bounds. */
export function fuzzGreetings({ inputs, seed }: { readonly inputs: number; readonly seed: number }) {
  const random = randomFrom(seed)
  const fuzzed = { hello: { inputs: 0, taken: 0 }, record: { inputs: 0, taken: 0 } }
  for (let at = 0; at < inputs; at++) {
    const kind = at % 2 === 0 ? 'hello' : 'record'
    const own = messages[kind]
    const bytes = random(9) === 0 ? randomBytes(random, 200) : mutateBytes(pick(random, own), random, own)
    fuzzed[kind].inputs++
    try {
      if (kind === 'hello' ? decodeHello(bytes) !== undefined : isRecord(bytes)) fuzzed[kind].taken++
    } catch (error) {
      throw new Error(`a ${kind}: ${Buffer.from(bytes).toString('hex')}`, { cause: error })
    }
  }
  return fuzzed
}

function isRecord(bytes: Uint8Array): boolean {
  const record = openRecord(bytes, domain, keys)
  if (typeof record === 'string') return false
  const isBounded = bytes.length <= mostRecordBytes && record.addresses.length <= mostAddresses
  if (!isBounded || !Number.isSafeInteger(record.sequence)) throw new RangeError('a record that is out of bounds')
  for (const address of record.addresses) multiaddr(address.toString())
  return true
}
