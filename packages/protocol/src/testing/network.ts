import { exact } from '../agreement/exact/exact.ts'
import { type Certificate, type Checkpoint, checkpointToSign, encodeCheckpoint } from '../chain/checkpoint.ts'
import { Quorums } from '../roster/quorums.ts'
import type { AgreementKind } from '../shell/agreement.ts'
import { type Digest, digestOf } from '../words/digest.ts'
import { sealEnvelopes } from '../words/envelope.ts'
import { createNetwork, type Network } from '../words/network.ts'
import type { Statement } from '../words/statements.ts'
import type { Envelope } from '../words/words.ts'
import { modelledKeys } from './modelled-keys.ts'

export function digest(text: string): Digest {
  return digestOf(new TextEncoder().encode(text))
}

/** The networks of all peers of one roster, by position: they differ in the secret key only. */
export function networksOf(peers: number, tolerated: number, genesis = digest('genesis')): Network<AgreementKind>[] {
  return networksBy(Quorums.equal(peers, tolerated), genesis)
}

export function networksBy(
  quorums: Quorums,
  genesis = digest('genesis'),
  agreement: AgreementKind = exact,
): Network<AgreementKind>[] {
  return Array.from({ length: quorums.peers }, (_, self) =>
    createNetwork({ genesis, quorums, keys: modelledKeys(self), rule: '{"rule":"mean"}', agreement }),
  )
}

export function sealed(
  networks: readonly Network[],
  author: number,
  statements: readonly Statement[],
  { round = 1, previous = networks[0]!.genesis } = {},
): Envelope {
  const [envelope] = sealEnvelopes({ author, round, previous, statements }, networks[author]!)
  return envelope!
}

export function checkpointOf(network: Network, fields: Partial<Checkpoint> = {}): Checkpoint {
  const { peers, quorums } = network
  // The first n−f.
  const members = [...Array(peers).keys()].filter((peer) => !quorums.available(peer))
  return {
    round: 1,
    previous: network.genesis,
    members: members.map((peer) => ({ peer, digest: digest(`update ${peer}`) })),
    rule: network.rule,
    model: digest('model'),
    ...fields,
  }
}

export function certificateOf(
  networks: readonly Network[],
  checkpoint: Checkpoint,
  signers: readonly number[],
): Certificate {
  const bytes = encodeCheckpoint(checkpoint)
  const signature = (signer: number): Uint8Array<ArrayBuffer> => {
    const network = networks[signer]!
    return network.keys.sign(checkpointToSign(bytes, network))
  }
  return {
    checkpoint,
    bytes,
    digest: digestOf(bytes),
    signatures: new Map(signers.map((signer) => [signer, signature(signer)])),
  }
}

/** What peer `signer` says when it signs the checkpoint. */
export function signedCheckpoint(network: Network, checkpoint: Checkpoint): Statement {
  const bytes = encodeCheckpoint(checkpoint)
  return { kind: 'checkpoint', checkpoint: bytes, signature: network.keys.sign(checkpointToSign(bytes, network)) }
}
