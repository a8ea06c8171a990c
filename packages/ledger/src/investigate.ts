/** Who broke the agreement, by the ledgers and the evidence of several peers of one network or more. */
import { type Certificate, type Digest, type Evidence, Forensics, LedgerCheck, type Quorums } from '@hearsay/protocol'
import { encodeEvidenceFile, readEvidenceFile } from './evidence-file.ts'
import { type LedgerPlace, networkOf } from './find-ledgers.ts'
import { invalid, type KnownNetwork } from './known-network.ts'
import { type Break, checkedCertificates } from './verify-ledger.ts'

/** Each is read from a file that stays open. */
const mostLedgers = 500

export interface Verdict {
  /** Digest of the genesis record: the name of the network. */
  readonly network: Digest
  readonly peers: number
  /** Of all peers, in the era in which the agreement broke first, else of the genesis; as many as they are when each weighs 1. */
  readonly weight: number
  readonly tolerated: number
  /** What becomes of rounds, in the word of their agreement; where they are not `certified` nothing can fork. */
  readonly end: string
  readonly ledgers: readonly LedgerFindings[]
  /** Where the agreement broke first; undefined if it did not. */
  readonly fork?: {
    readonly round: number
    readonly sides: readonly { readonly checkpoint: Digest; readonly ledgers: readonly string[] }[]
    /** Rounds for which two ledgers hold different checkpoints. */
    readonly rounds: number
  }
  /** Whoever is named by a proof, in the order of the roster. */
  readonly culprits: readonly {
    readonly id: string
    readonly name: string
    readonly weight: number
    readonly proofs: readonly number[]
  }[]
  readonly proofs: readonly Proof[]
  /** Files of evidence that prove nothing, and why. */
  readonly refused: readonly { readonly path: string; readonly reason: string }[]
}

export interface LedgerFindings {
  readonly path: string
  /** Rounds that are sound, and are compared. */
  readonly rounds: number
  /** Where it is not sound: what follows says nothing. */
  readonly broken?: Break
}

export interface Proof {
  readonly kind: Evidence['kind']
  readonly round: number
  readonly culprits: readonly string[]
  /** The text of a file of evidence, which `hearsay verify` checks. */
  readonly file: string
}

/** A verdict for each network, by name. Throws PeerError `bad-file` when a genesis record is not there. */
export function investigate(places: readonly LedgerPlace[]): Verdict[] {
  const networks = new Map<Digest, { known: KnownNetwork; places: LedgerPlace[] }>()
  for (const place of places) {
    const known = networkOf(place)
    const { genesis } = known.network
    const network = networks.get(genesis) ?? { known, places: [] }
    networks.set(genesis, network)
    network.places.push(place)
    if (network.places.length > mostLedgers)
      throw invalid(place.path, `more than ${mostLedgers} ledgers of one network`)
  }
  return [...networks.values()].map(({ known, places }) => verdictOf(known, places))
}

function verdictOf(known: KnownNetwork, places: readonly LedgerPlace[]): Verdict {
  const { network, ids, names } = known
  const forensics = new Forensics(network)
  const { findings: ledgers, quorums = network.quorums } = compareLedgers(known, places, forensics)
  const refused = places.flatMap(({ evidence }) => evidence).flatMap((path) => consider(path, forensics))
  const { firstFork, forkedRounds, proofs, culprits } = forensics
  return {
    network: network.genesis,
    peers: network.peers,
    weight: quorums.total,
    tolerated: quorums.tolerated,
    end: known.end,
    ledgers,
    ...(firstFork && {
      fork: {
        round: firstFork.round,
        sides: firstFork.sides.map(({ checkpoint, ledgers }) => ({
          checkpoint,
          ledgers: ledgers.map((at) => places[at]!.path),
        })),
        rounds: forkedRounds,
      },
    }),
    culprits: culprits.map((culprit) => ({
      id: ids[culprit]!,
      name: names[culprit]!,
      weight: quorums.weight(culprit),
      proofs: proofs.flatMap((proof, at) => (proof.culprits.includes(culprit) ? [at] : [])),
    })),
    proofs: proofs.map((proof) => ({
      kind: proof.kind,
      round: proof.round,
      culprits: proof.culprits.map((culprit) => names[culprit]!),
      file: encodeEvidenceFile(proof, known.record),
    })),
    refused,
  }
}

/** Reads all ledgers side by side, one round at a time; gives also by which quorums the first fork is to be weighed. */
function compareLedgers(
  known: KnownNetwork,
  places: readonly LedgerPlace[],
  forensics: Forensics,
): { readonly findings: LedgerFindings[]; readonly quorums?: Quorums } {
  const checks = places.map(() => new LedgerCheck(known.network))
  const readers = places.map(({ path }, at) => checkedCertificates(path, known, checks[at]))
  let quorums: Quorums | undefined
  const findings: { path: string; rounds: number; broken?: Break }[] = places.map(({ path }) => ({ path, rounds: 0 }))
  try {
    for (let round = 1; ; round++) {
      const certificates = readers.map((reader, at): Certificate | undefined => {
        const { value } = reader.next()
        if (value?.reason !== undefined) findings[at]!.broken = { round: value.round, reason: value.reason }
        if (value?.certificate !== undefined) findings[at]!.rounds = value.round
        return value?.certificate
      })
      if (certificates.every((certificate) => certificate === undefined))
        return { findings, ...(quorums && { quorums }) }
      forensics.compare(round, certificates)
      if (forensics.firstFork?.round === round) quorums = checks.find(({ height }) => height === round)?.quorums
    }
  } finally {
    for (const reader of readers) reader.return()
  }
}

/** Takes a file of evidence into account; gives why it is refused, if it is. */
function consider(path: string, forensics: Forensics): { path: string; reason: string }[] {
  try {
    const proven = readEvidenceFile(path)
    if (typeof proven === 'string') return [{ path, reason: proven }]
    const considered = forensics.consider(proven.evidence.bytes)
    return typeof considered === 'string' ? [{ path, reason: considered }] : []
  } catch (error) {
    if ((error as { code?: unknown }).code === 'bad-file') return [{ path, reason: (error as Error).message }]
    throw error
  }
}
