/** Peers with real keys, and what they may say, for tests. */

import { canonical } from '@hearsay/peer'
import { digest } from '@hearsay/peer/testing/digest'
import {
  type AgreementKind,
  type Certificate,
  type Checkpoint,
  checkpointToSign,
  createNetwork,
  type Digest,
  digestOf,
  type Envelope,
  encodeCheckpoint,
  exact,
  type Network,
  Quorums,
  type Statement,
  sealEnvelopes,
} from '@hearsay/protocol'
import { createKeys, type Identity, identityOfSeed } from '../keys.ts'

export interface Roster {
  /** In the order of the roster. */
  readonly identities: readonly Identity[]
  readonly ids: readonly string[]
  /** The genesis record of their network. */
  readonly record: string
  /** With the keys of each. */
  readonly networks: readonly Network<AgreementKind>[]
}

export async function createRoster(peers: number, tolerated: number, name = 'test'): Promise<Roster> {
  const seeds = Array.from({ length: peers }, (_, i) => Buffer.from(digest(`seed ${i}`), 'hex'))
  const identities = await Promise.all(seeds.map(identityOfSeed))
  identities.sort((a, b) => (a.id < b.id ? -1 : 1))
  const publicKeys = identities.map(({ publicKey }) => publicKey)
  const ids = identities.map(({ id }) => id)
  const aggregation = { rule: 'median' }
  const record = canonical({ name, peers: ids, tolerated, aggregation, initial: digest('initial') })
  const networks = identities.map(({ seed }) =>
    createNetwork({
      agreement: exact,
      genesis: digest(record),
      quorums: Quorums.equal(peers, tolerated),
      keys: createKeys(seed, publicKeys),
      rule: canonical({ ...aggregation, tolerated }),
    }),
  )
  return { identities, ids, record, networks }
}

export function said(
  { networks }: Roster,
  author: number,
  at: { round: number; previous: Digest },
  statements: readonly Statement[],
): Envelope {
  const [envelope] = sealEnvelopes({ author, ...at, statements }, networks[author]!)
  return envelope!
}

/** A checkpoint of the first n−f peers. */
export function checkpointOf({ networks }: Roster, at: { round: number; previous: Digest }, model: string): Checkpoint {
  const { quorums, rule, peers } = networks[0]!
  const members = Array.from({ length: peers - quorums.tolerated }, (_, peer) => ({ peer, digest: digest(`${peer}`) }))
  return { ...at, members, rule, model: digest(model) }
}

export function signed({ networks }: Roster, signer: number, checkpoint: Checkpoint): Statement {
  const bytes = encodeCheckpoint(checkpoint)
  const network = networks[signer]!
  return { kind: 'checkpoint', checkpoint: bytes, signature: network.keys.sign(checkpointToSign(bytes, network)) }
}

export function certificateOf(roster: Roster, checkpoint: Checkpoint, signers: readonly number[]): Certificate {
  const bytes = encodeCheckpoint(checkpoint)
  const signatures = signers.map((signer) => {
    const network = roster.networks[signer]!
    return [signer, network.keys.sign(checkpointToSign(bytes, network))] as const
  })
  return { checkpoint, bytes, digest: digestOf(bytes), signatures: new Map(signatures) }
}

/** Numbers from 0 to `most`, the same for the same seed (Park and Miller 1988). */
export function numbers(seed: number): (most: number) => number {
  let state = seed + 1
  return (most) => {
    state = (state * 48_271) % 2_147_483_647
    return state % (most + 1)
  }
}
