/** Folders of ledgers for tests: real signatures, a real rule, and updates of a few numbers. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type RuleSpec, Workspace } from '@hearsay/aggregation'
import { createKeys, type Identity, identityOfSeed } from '@hearsay/libp2p'
import { canonical, FoundedCharter, nextModel } from '@hearsay/peer'
import {
  type AgreementSpec,
  agreementOf,
  type Certificate,
  checkpointToSign,
  type Digest,
  digestOf,
  digestOfVector,
  encodeCertificate,
  encodeCheckpoint,
  type Network,
} from '@hearsay/protocol'
import { frame } from '../files.ts'
import { placeNames } from '../find-ledgers.ts'

const length = 6

interface Settings {
  /** Also one whose rule is not known here. */
  readonly aggregation: { readonly rule: string }
  readonly agreement: AgreementSpec
  readonly weights: readonly number[] | undefined
}

export class LedgerFixture {
  readonly record: string
  readonly ids: readonly string[]
  /** With the keys of each. */
  readonly networks: readonly Network[]
  /** Whether it aggregates as if each weighed 1, as nobody should. */
  byHeads = false
  readonly payloads = new Map<Digest, Float32Array>()
  /** Digest of the first model. */
  readonly initial: Digest
  readonly #rule: RuleSpec

  private constructor(
    identities: readonly Identity[],
    tolerated: number,
    { aggregation, agreement, weights }: Settings,
  ) {
    this.#rule = { ...aggregation, tolerated } as RuleSpec
    const initial = new Float32Array(length).fill(1)
    this.initial = digestOfVector(initial)
    this.payloads.set(this.initial, initial)
    this.ids = identities.map(({ id }) => id)
    const names = this.ids.map((_, at) => `peer ${identities.length - 1 - at}`)
    const { ids, initial: first } = this
    const agreed = { weights, tolerated, aggregation }
    this.record = canonical({ ...agreed, peers: ids, names, agreement, initial: first })
    const { record } = this
    const charter = new FoundedCharter({ ...agreed, record, ids, agreement: agreementOf(agreement) })
    const publicKeys = identities.map(({ publicKey }) => publicKey)
    this.networks = identities.map(({ seed }) => charter.network(createKeys(seed, publicKeys)))
  }

  static async create(
    peers: number,
    tolerated: number,
    { aggregation = { rule: 'trimmed-mean' }, agreement = { kind: 'exact' }, weights }: Partial<Settings> = {},
  ): Promise<LedgerFixture> {
    const seeds = Array.from({ length: peers }, (_, at) => Buffer.alloc(32, at + 1))
    const identities = await Promise.all(seeds.map((seed) => identityOfSeed(seed)))
    return new LedgerFixture(
      identities.sort((a, b) => (a.id < b.id ? -1 : 1)),
      tolerated,
      { aggregation, agreement, weights },
    )
  }

  get network(): Network {
    return this.networks[0]!
  }

  /** Certificates on top of `before`, signed by these, with these out after each of them; each story is another chain. */
  chain(
    rounds: number,
    signers: readonly number[],
    story = 0,
    before: readonly Certificate[] = [],
    out: readonly number[] = [],
  ): Certificate[] {
    const certificates = [...before]
    while (certificates.length < rounds) certificates.push(this.#next(certificates, signers, story, out))
    return certificates
  }

  #next(
    certificates: readonly Certificate[],
    signers: readonly number[],
    story: number,
    out: readonly number[],
  ): Certificate {
    const { peers } = this.network
    const quorums = this.network.quorums.without(certificates.at(-2)?.checkpoint.out ?? [])
    const inSet = [...quorums.weights.keys()].filter((peer) => quorums.weight(peer) > 0)
    const round = certificates.length + 1
    const last = certificates.at(-1)
    const model = this.payloads.get(last?.checkpoint.model ?? this.initial)!
    const updates = Array.from({ length: peers }, (_, peer) =>
      Float32Array.from({ length }, (_, i) => 100 * story + 10 * round + peer / 16 + ((peer * 3 + i) % 7)),
    )
    const workspace = new Workspace({ rows: peers, length })
    for (const [row, update] of updates.entries()) workspace.vector(row).set(update)
    const rule = { ...this.#rule, tolerated: quorums.tolerated }
    const digests = inSet.map((peer) => digestOfVector(updates[peer]!))
    const next = nextModel(rule, workspace, inSet, model, digests, this.byHeads ? undefined : quorums.weightsOf(inSet))
    for (const vector of [...updates, next]) this.payloads.set(digestOfVector(vector), vector)
    return this.certificate(
      {
        round,
        previous: last?.digest ?? this.network.genesis,
        members: inSet.map((peer, at) => ({ peer, digest: digests[at]! })),
        rule: this.network.rule,
        model: digestOfVector(next),
        ...(out.length > 0 && { out }),
      },
      signers,
    )
  }

  certificate(checkpoint: Certificate['checkpoint'], signers: readonly number[]): Certificate {
    const bytes = encodeCheckpoint(checkpoint)
    const signatures = signers.map((signer) => {
      const network = this.networks[signer]!
      return [signer, network.keys.sign(checkpointToSign(bytes, network))] as const
    })
    return { checkpoint, bytes, digest: digestOf(bytes), signatures: new Map(signatures) }
  }

  /** Writes the folder of a peer; gives it. */
  write(folder: string, certificates: readonly Certificate[], archive = true): string {
    mkdirSync(join(folder, placeNames.payloads), { recursive: true })
    writeFileSync(join(folder, placeNames.record), this.record)
    writeFileSync(join(folder, placeNames.ledger), Buffer.concat(certificates.map(framed)))
    if (!archive) return folder
    for (const [digest, vector] of this.payloads)
      writeFileSync(join(folder, placeNames.payloads, digest), new Uint8Array(vector.buffer))
    return folder
  }
}

function framed(certificate: Certificate): Uint8Array {
  return frame(encodeCertificate(certificate))
}
