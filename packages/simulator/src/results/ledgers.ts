/**
 * The ledgers of a cell with one seed, and what its honest peers can prove, in the folder of the run:
 *
 *   ledgers/cell-<cell>-seed-<seed>/genesis.json          the genesis record of the network
 *   ledgers/cell-<cell>-seed-<seed>/peer-<index>/ledger   the certificates of an honest peer
 *   ledgers/cell-<cell>-seed-<seed>/peer-<index>/evidence files that prove misbehaviour, one a culprit
 *   ledgers/cell-<cell>-seed-<seed>/payloads              if asked for, updates and models by digest
 *
 * as `hearsay verify` and `hearsay forensics` read them.
 */
import { closeSync, existsSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { encodeEvidenceFile, evidenceFileName, frame, placeNames } from '@hearsay/peer'
import { type Certificate, type Digest, type Evidence, encodeCertificate } from '@hearsay/protocol'
import { writeWhole } from './write-whole.ts'

export interface CellPlace {
  readonly cell: number
  readonly seed: number
  /** The genesis record. */
  readonly record: string
  /** Scenario indices of the honest peers. */
  readonly honest: readonly number[]
}

export class CellLedgers {
  readonly #folder: string
  readonly #record: string
  readonly #ledgers = new Map<number, number>()
  readonly #archive: boolean

  constructor(run: string, { cell, seed, record, honest }: CellPlace, archive: boolean) {
    this.#folder = join(run, 'ledgers', `cell-${cell}-seed-${seed}`)
    this.#record = record
    this.#archive = archive
    mkdirSync(this.#folder, { recursive: true })
    writeWhole(join(this.#folder, placeNames.record), record)
    if (archive) mkdirSync(join(this.#folder, placeNames.payloads))
    for (const peer of honest) {
      mkdirSync(this.#of(peer))
      this.#ledgers.set(peer, openSync(join(this.#of(peer), placeNames.ledger), 'a'))
    }
  }

  /** `payload` gives an update or a model, while somebody holds it. */
  certified(peer: number, certificate: Certificate, payload: (digest: Digest) => Uint8Array | undefined): void {
    const file = this.#ledgers.get(peer)
    if (file !== undefined) writeSync(file, frame(encodeCertificate(certificate)))
    const { members, model } = certificate.checkpoint
    for (const digest of [...members.map((member) => member.digest), model]) this.keep(digest, () => payload(digest))
  }

  /** Archives an update or a model, if that was asked for and it is not there yet. */
  keep(digest: Digest, payload: () => Uint8Array | undefined): void {
    const path = join(this.#folder, placeNames.payloads, digest)
    if (!this.#archive || existsSync(path)) return
    const bytes = payload()
    if (bytes !== undefined) writeFileSync(path, bytes)
  }

  evidence(peer: number, evidence: Evidence): void {
    const folder = join(this.#of(peer), placeNames.evidence)
    const path = join(folder, evidenceFileName(evidence))
    if (existsSync(path)) return
    mkdirSync(folder, { recursive: true })
    writeFileSync(path, encodeEvidenceFile(evidence, this.#record))
  }

  close(): void {
    for (const file of this.#ledgers.values()) closeSync(file)
    this.#ledgers.clear()
  }

  #of(peer: number): string {
    return join(this.#folder, `peer-${peer}`)
  }
}
