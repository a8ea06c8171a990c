/** A ledger, checked as a stranger checks it: with the genesis record, and nothing that its peer says about itself. */
import { type Certificate, type Digest, LedgerCheck, type Standing } from '@hearsay/protocol'
import { readEvidenceFile } from './evidence-file.ts'
import { type LedgerPlace, networkOf } from './find-ledgers.ts'
import { invalid, type KnownNetwork, withNames } from './known-network.ts'
import { readLedgerFile } from './ledger-file.ts'
import { Recomputation } from './recomputation.ts'

/** Where a ledger, or what is archived with it, is not what it should be. */
export interface Break {
  readonly round: number
  readonly reason: string
}

export interface LedgerReport {
  readonly path: string
  /** Digest of the genesis record: the name of the network. */
  readonly network: Digest
  readonly peers: number
  readonly tolerated: number
  /** What becomes of rounds, in the word of their agreement; `certified` ones are in the ledger. */
  readonly end: string
  /** Rounds that are sound; all, if nothing is broken. */
  readonly rounds: number
  /** Digest of the newest sound checkpoint; that of the genesis without one. */
  readonly head: Digest
  /** Who has lost its weight, and by which round. */
  readonly evicted: readonly { readonly round: number; readonly peer: string }[]
  /** Where weights follow vouches: what each peer weighs after the newest sound round, and who has left. */
  readonly standing?: {
    readonly weights: readonly { readonly peer: string; readonly weight: number }[]
    readonly vouches: number
    readonly left: readonly string[]
  }
  readonly broken?: Break
  readonly aggregates: {
    /** Rounds whose model was computed again, to the same bits. */
    readonly recomputed: number
    /** The first round that could not be, and why. */
    readonly unknown?: Break
    /** The first round for which the rule gave nothing, though all that it needs is there, and why. */
    readonly failed?: Break
  }
  /** What files of evidence beside the ledger prove. */
  readonly evidence: readonly EvidenceReport[]
}

export interface EvidenceReport {
  readonly path: string
  readonly proves?: {
    readonly kind: 'equivocation' | 'fork'
    readonly round: number
    readonly culprits: readonly string[]
    readonly network: Digest
  }
  /** Why it proves nothing. */
  readonly refused?: string
}

/**
 * Checks every certificate (form, set, signatures, quorum, chain) and, as far as updates are archived, every aggregate.
 * `extended`: rules that do not ship were given. Throws PeerError `bad-file` when there is no genesis record to check with.
 */
export function verifyLedger(place: LedgerPlace, { extended = false } = {}): LedgerReport {
  const known = networkOf(place)
  const { network } = known
  const check = new LedgerCheck(network)
  const recomputation = new Recomputation(known, place.payloads, extended)
  let recomputed = 0
  let unknown: Break | undefined
  let failed: Break | undefined
  let broken: Break | undefined
  let head = network.genesis
  const evicted: { round: number; peer: string }[] = []
  let standing: Standing | undefined
  for (const { round, certificate, reason } of checkedCertificates(place.path, known, check)) {
    if (certificate === undefined) {
      broken = { round, reason }
      break
    }
    const result = recomputation.check(certificate.checkpoint, check.quorums)
    if (result.kind === 'same') recomputed++
    else if (result.kind === 'unknown') unknown ??= { round, reason: result.reason }
    else if (result.kind === 'failed') failed ??= { round, reason: result.reason }
    else {
      broken = { round, reason: result.reason }
      break
    }
    head = certificate.digest
    standing = certificate.checkpoint.standing
    for (const peer of certificate.checkpoint.out ?? []) {
      const name = known.names[peer] ?? ''
      if (!evicted.some((before) => before.peer === name)) evicted.push({ round, peer: name })
    }
  }
  return {
    path: place.path,
    network: network.genesis,
    peers: network.peers,
    tolerated: network.quorums.tolerated,
    end: known.end,
    rounds: broken === undefined ? check.height : broken.round - 1,
    head,
    evicted,
    ...(standing && { standing: named(standing, known) }),
    ...(broken && { broken }),
    aggregates: { recomputed, ...(unknown && { unknown }), ...(failed && { failed }) },
    evidence: place.evidence.map((path) => verifyEvidenceFile(path, network.genesis)),
  }
}

function named({ weights, vouches, left }: Standing, { names }: KnownNetwork): NonNullable<LedgerReport['standing']> {
  return {
    weights: weights.map((weight, peer) => ({ peer: names[peer] ?? '', weight })),
    vouches: vouches.length,
    left: left.map((peer) => names[peer] ?? ''),
  }
}

type Checked =
  | { readonly round: number; readonly certificate: Certificate; readonly reason?: undefined }
  | { readonly round: number; readonly certificate?: undefined; readonly reason: string }

/** The certificates of a file, as far as they are sound; and, if that is not its end, why they are not from there on. */
export function* checkedCertificates(
  path: string,
  known: KnownNetwork,
  check = new LedgerCheck(known.network),
): Generator<Checked, void> {
  for (const bytes of readLedgerFile(path, known.network.limits.certificateBytes)) {
    const round = check.height + 1
    const certificate = typeof bytes === 'string' ? bytes : check.next(bytes)
    if (typeof certificate === 'string') return yield { round, reason: withNames(certificate, known) }
    yield { round, certificate }
  }
}

/** What a file of evidence proves; of this network, if one is given. */
export function verifyEvidenceFile(path: string, network?: Digest): EvidenceReport {
  let proven: ReturnType<typeof readEvidenceFile>
  try {
    proven = readEvidenceFile(path)
  } catch (error) {
    if (network === undefined) throw error
    return { path, refused: (error as Error).message }
  }
  if (typeof proven === 'string') return { path, refused: proven }
  const { evidence, known } = proven
  if (network !== undefined && known.network.genesis !== network)
    return { path, refused: invalid(path, 'it is of another network').message }
  const culprits = evidence.culprits.map((culprit) => known.names[culprit] ?? '')
  const { kind, round } = evidence
  return { path, proves: { kind, round, culprits, network: known.network.genesis } }
}
