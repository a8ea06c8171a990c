/**
 * The ledgers of a cell with one seed, and what its honest peers can prove, in a folder, which is `ledgers` of that of the job,
 * and in the end `ledgers/cell-<cell>-seed-<seed>` of that of the run:
 *
 *   genesis.json          the genesis record of the network
 *   peer-<index>/ledger   the certificates of an honest peer
 *   peer-<index>/evidence files that prove misbehaviour, one a culprit
 *   payloads              if asked for, updates and models by digest
 *
 * as `hearsay verify` and `hearsay forensics` read them.
 */
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { encodeEvidenceFile, evidenceFileName, frame, placeNames } from '@hearsay/ledger'
import type { Part } from '@hearsay/peer'
import { type Certificate, type Digest, type Evidence, encodeCertificate } from '@hearsay/protocol'
import { append, writeWhole, writing } from './write-whole.ts'

type PartsOf = (digest: Digest) => readonly Part[]

export interface LedgersOf {
  /** The genesis record. */
  readonly record: string
  /** Scenario indices of the honest peers. */
  readonly honest: readonly number[]
}

export class CellLedgers {
  readonly #folder: string
  readonly #record: string
  readonly #honest: ReadonlySet<number>
  readonly #archive: boolean

  constructor(folder: string, { record, honest }: LedgersOf, archive: boolean) {
    this.#folder = folder
    this.#record = record
    this.#archive = archive
    this.#honest = new Set(honest)
    writing(this.#folder, () => mkdirSync(this.#folder, { recursive: true }))
    writeWhole(join(this.#folder, placeNames.record), record)
    const folders = [
      ...(archive ? [join(this.#folder, placeNames.payloads)] : []),
      ...honest.map((peer) => this.#of(peer)),
    ]
    for (const folder of folders) writing(folder, () => mkdirSync(folder, { recursive: true }))
    for (const peer of honest) append(this.#ledgerOf(peer), new Uint8Array())
  }

  /** `parts` gives what an update or a model travels as, while somebody holds it. */
  certified(peer: number, certificate: Certificate, parts: PartsOf): void {
    if (this.#honest.has(peer)) append(this.#ledgerOf(peer), frame(encodeCertificate(certificate)))
    const { members, model } = certificate.checkpoint
    for (const digest of [...members.map((member) => member.digest), model]) this.keep(digest, parts)
  }

  /** Archives an update or a model, if that was asked for and it is not there yet. */
  keep(digest: Digest, parts: PartsOf): void {
    const pathOf = (part: Digest): string => join(this.#folder, placeNames.payloads, part)
    if (!this.#archive || existsSync(pathOf(digest))) return
    for (const part of parts(digest)) writeWhole(pathOf(part.digest), part.bytes, { flush: false })
  }

  evidence(peer: number, evidence: Evidence): void {
    const folder = join(this.#of(peer), placeNames.evidence)
    const path = join(folder, evidenceFileName(evidence))
    if (existsSync(path)) return
    writing(folder, () => mkdirSync(folder, { recursive: true }))
    writeWhole(path, encodeEvidenceFile(evidence, this.#record))
  }

  #ledgerOf(peer: number): string {
    return join(this.#of(peer), placeNames.ledger)
  }

  #of(peer: number): string {
    return join(this.#folder, `peer-${peer}`)
  }
}
