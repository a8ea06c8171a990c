/**
 * What a peer keeps on disk, so that it can be killed at any moment and start again:
 *
 *   genesis.json    the genesis record: with it, anybody can check the ledger
 *   ledger          all its certificates, each after its length (4 bytes, little-endian)
 *   averaged.json   in averaging agreement, which has no certificates: the last round that it finished, and its model then
 *   said-<round>    the envelopes it said in the rounds from the last that is over on, likewise
 *   evidence/       proofs of misbehaviour, by kind and culprits (positions in the roster), each a file for anybody
 *   momentum-*      what it sent last, where its momentum lasts over rounds (momentum-files.ts)
 *   payloads/       its updates and models of the newest rounds, by digest; those of others too if they are archived
 *
 * When it starts it checks that the checkpoints of the ledger are one chain, by their digests, and the signatures of the
 * newest certificate, which thereby vouch for all before it. The signatures of those were checked when they were written;
 * `hearsay verify` checks them all.
 *
 * What a crash cut off in the middle of a write was never heard by anybody: it is dropped when the file is read. A file
 * that no crash leaves so is refused, and left as it is. When the disk refuses a write, PeerError `storage-failed` is thrown: the peer must stop, since it could not remember
 * what it says next.
 */
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs'
import { join } from 'node:path'
import {
  encodeEvidenceFile,
  endsInZeros,
  evidenceFileName,
  frame,
  framesIn,
  framesOf,
  makeFolder,
  placeNames,
  readAll,
  readEvidenceFile,
  replaceFile,
  storageFailed,
  syncFolder,
  writeAll,
} from '@hearsay/ledger'
import type { Payloads, Store } from '@hearsay/peer'
import {
  type Archive,
  type Certificate,
  type Changes,
  changesAtFirst,
  type Digest,
  decodeCertificate,
  decodeLink,
  type Ended,
  type Envelope,
  type Evidence,
  encodeCertificate,
  endedBy,
  eraDelay,
  type Network,
  openEnvelope,
  type Quorums,
  quorumsAfter,
} from '@hearsay/protocol'
import { averagedName, checkRest, corrupt, isTorn, otherNetwork, readAveraged } from './damage.ts'
import { differencesOf } from './differences.ts'
import { PayloadFiles } from './payload-files.ts'

interface Said {
  readonly round: number
  readonly file: number
  /** What is in it: a peer that starts again repeats itself, which needs no second line. */
  readonly ids: Set<Digest>
}

/** Evidence that was kept, and its file. */
export interface Proof {
  readonly evidence: Evidence
  readonly path: string
}

export interface FileStorageOptions {
  /** The genesis record of the network, for those who verify. */
  readonly record: string
  /** Rounds of which all updates and models are kept, besides the last one and the one under way; 0 unless given. */
  readonly archiveRounds?: number
}

export class FileStorage implements Store, Payloads, Archive {
  readonly #folder: string
  readonly #network: Network
  readonly #options: FileStorageOptions
  readonly #ledger: number
  /** Where each certificate begins, by round − 1, and the end of the last. */
  readonly #offsets: number[] = []
  #end = 0
  #said: Said | undefined
  readonly #payloads: PayloadFiles
  #head: Certificate | undefined
  #averaged: Ended | undefined

  /** Reads the folder, which is made if need be. Throws PeerError `state-corrupt` or `storage-failed`. */
  constructor(folder: string, network: Network, options: FileStorageOptions) {
    this.#folder = folder
    this.#network = network
    this.#options = options
    const ledger = join(folder, placeNames.ledger)
    this.#ledger = this.#safely(() => {
      makeFolder(folder)
      closeSync(openSync(ledger, 'a'))
      return openSync(ledger, 'r+')
    })
    try {
      this.#payloads = this.#safely(() => {
        this.#checkRecord(fstatSync(this.#ledger).size)
        this.#readLedger(ledger, fstatSync(this.#ledger).size)
        this.#averaged = readAveraged(this.#averagedPath)
        // Not sooner: the record must not become that of another network than the ledger.
        replaceFile(join(folder, placeNames.record), new TextEncoder().encode(options.record))
        const rounds = this.#archivedRounds()
        return new PayloadFiles(join(folder, placeNames.payloads), (digest) => rounds.get(digest) ?? this.height)
      })
    } catch (error) {
      closeSync(this.#ledger)
      throw error
    }
  }

  get height(): number {
    return this.#averaged?.round ?? this.#offsets.length
  }

  /** What the newest round that is over ended with. */
  get head(): Ended | undefined {
    return this.#averaged ?? (this.#head && endedBy(this.#head))
  }

  /** What this peer said in the rounds after the head, in order; in averaging also in its round, in which others may be. */
  get saidBefore(): Envelope[] {
    return this.#safely(() => {
      const oldest = this.#averaged?.round ?? this.height + 1
      const rounds = this.#saidRounds().filter((round) => round >= oldest)
      return rounds.flatMap((round) => this.#readSaid(round).envelopes)
    })
  }

  certificate(round: number): Uint8Array | undefined {
    const offset = this.#offsets[round - 1]
    if (offset === undefined) return undefined
    return readAll(this.#ledger, offset + 4, (this.#offsets[round] ?? this.#end) - offset - 4)
  }

  said(envelopes: readonly Envelope[]): void {
    this.#safely(() => {
      for (const { round, bytes, id } of envelopes) {
        const said = this.#saidIn(round)
        if (said.ids.has(id)) continue
        writeAll(said.file, frame(bytes))
        said.ids.add(id)
      }
      if (this.#said !== undefined) fsyncSync(this.#said.file)
    })
  }

  ended({ round, model, certificate }: Ended): void {
    this.#safely(() => {
      if (certificate === undefined) {
        this.#averaged = { round, model }
        replaceFile(this.#averagedPath, new TextEncoder().encode(`${JSON.stringify(this.#averaged)}\n`))
        this.#forget(this.#averaged)
        return
      }
      const bytes = frame(encodeCertificate(certificate))
      writeAll(this.#ledger, bytes, this.#end)
      fsyncSync(this.#ledger)
      this.#offsets.push(this.#end)
      this.#end += bytes.length
      this.#head = certificate
      this.#forget({ round, model })
    })
  }

  evidence(evidence: Evidence): void {
    const folder = join(this.#folder, placeNames.evidence)
    const path = join(folder, evidenceFileName(evidence))
    if (existsSync(path)) return
    this.#safely(() => {
      makeFolder(folder)
      replaceFile(path, new TextEncoder().encode(encodeEvidenceFile(evidence, this.#options.record)))
    })
  }

  /** The proof of a fork that was seen before, and its file. */
  get fork(): Proof | undefined {
    return this.#proof(/^fork-[0-9-]*\.json$/, ({ kind }) => kind === 'fork')
  }

  /** The proof that the peer in this position of the roster contradicted itself. */
  equivocation(peer: number): Proof | undefined {
    const shows = ({ kind, culprits }: Evidence): boolean => kind === 'equivocation' && culprits.includes(peer)
    return this.#proof(new RegExp(`^equivocation-${peer}\\.json$`), shows)
  }

  #proof(named: RegExp, shows: (evidence: Evidence) => boolean): Proof | undefined {
    const folder = join(this.#folder, placeNames.evidence)
    if (!existsSync(folder)) return undefined
    for (const name of readdirSync(folder).sort()) {
      if (!named.test(name)) continue
      const path = join(folder, name)
      const evidence = this.#proven(path)
      if (evidence !== undefined && shows(evidence)) return { evidence, path }
    }
    return undefined
  }

  #proven(path: string): Evidence | undefined {
    try {
      const proven = readEvidenceFile(path)
      if (typeof proven === 'string' || proven.known.network.genesis !== this.#network.genesis) return undefined
      return proven.evidence
    } catch {
      // Damaged: whoever forked has left the proof with others too.
      return undefined
    }
  }

  keep(round: number, digest: Digest, bytes: Uint8Array): Promise<void> {
    return this.#payloads.write(round, digest, bytes, true)
  }

  async archive(round: number, digest: Digest, bytes: Uint8Array): Promise<void> {
    // A copy: the row that an update is in may be given to another.
    if ((this.#options.archiveRounds ?? 0) > 0) await this.#payloads.write(round, digest, bytes.slice(), false)
  }

  kept(digest: Digest): Uint8Array<ArrayBuffer> | undefined {
    return this.#payloads.read(digest)
  }

  /** Fulfilled when nothing is being written any more. */
  settled(): Promise<void> {
    return this.#payloads.settled()
  }

  close(): void {
    closeSync(this.#ledger)
    this.#closeSaid()
  }

  get #averagedPath(): string {
    return join(this.#folder, averagedName)
  }

  #saidPath(round: number): string {
    return join(this.#folder, `said-${round}`)
  }

  /** Rounds of which something that was said is kept, in order. */
  #saidRounds(): number[] {
    const rounds = readdirSync(this.#folder).flatMap((name) => /^said-(\d{1,15})$/.exec(name)?.[1] ?? [])
    return rounds.map(Number).sort((a, b) => a - b)
  }

  #readSaid(round: number): { envelopes: Envelope[]; end: number } {
    const envelopes: Envelope[] = []
    const path = this.#saidPath(round)
    const content = readFileSync(path)
    let end = 0
    for (const { bytes, end: next } of framesOf(content)) {
      const envelope = openEnvelope(bytes, this.#network)
      if (typeof envelope !== 'string') envelopes.push(envelope)
      else if (isTorn(content, next)) break
      else throw corrupt(path, `what was said (${envelope})`)
      end = next
    }
    checkRest(path, content.subarray(end), {
      most: this.#network.limits.envelopeBytes,
      reads: (bytes) => typeof openEnvelope(bytes, this.#network) !== 'string',
    })
    return { envelopes, end }
  }

  #saidIn(round: number): Said {
    if (this.#said?.round === round) return this.#said
    this.#closeSaid()
    const file = openSync(this.#saidPath(round), 'a')
    this.#said = { round, file, ids: new Set() }
    const { envelopes, end } = this.#readSaid(round)
    for (const { id } of envelopes) this.#said.ids.add(id)
    // What follows a line that was cut off would be read as part of it.
    ftruncateSync(file, end)
    syncFolder(this.#folder)
    return this.#said
  }

  #closeSaid(): void {
    if (this.#said === undefined) return
    const { file } = this.#said
    this.#said = undefined
    fsyncSync(file)
    closeSync(file)
  }

  /** What was certified or said in one network must not be taken for that of another; where there is neither, it may change. */
  #checkRecord(ledgerSize: number): void {
    const path = join(this.#folder, placeNames.record)
    if (!existsSync(path) || (ledgerSize === 0 && this.#saidRounds().length === 0 && !existsSync(this.#averagedPath)))
      return
    const record = readFileSync(path, 'utf8')
    if (record !== this.#options.record)
      throw otherNetwork(path, differencesOf(record, this.#options.record).join('; '))
  }

  /** One certificate at a time, since a ledger may be larger than what is read at once, or held in memory. */
  #readLedger(path: string, size: number): void {
    const links: { digest: Digest; offset: number; end: number; changes?: Changes | undefined }[] = []
    const most = this.#network.limits.certificateBytes
    /** Of an era that follows from the link so far before the end. */
    const quorumsSince = (back: number): Quorums =>
      quorumsAfter(links.at(-back)?.changes ?? changesAtFirst(this.#network), this.#network)
    const isTornAt = (end: number): boolean => endsInZeros(this.#ledger, end, size)
    let torn = false
    for (const { offset, bytes, end } of framesIn(this.#ledger, size, most)) {
      const link = decodeLink(bytes, this.#network)
      const follows = typeof link === 'object' && link.previous === (links.at(-1)?.digest ?? this.#network.genesis)
      if (follows) {
        links.push({ digest: link.digest, offset, end, changes: link })
        const [old] = links.slice(-3 - eraDelay, -2 - eraDelay)
        if (old !== undefined) old.changes = undefined
        continue
      }
      // Where nothing before shows that the file is of this network, another's must not pass for a torn write.
      const ours = links.length > 0 || bytes.every((byte) => byte === 0)
      torn = typeof link === 'string' && ours && isTornAt(end)
      if (torn) break
      const why = typeof link === 'string' ? link : 'it does not follow the one before'
      throw corrupt(path, `certificate ${links.length + 1} (${why})`)
    }
    const sound = links.at(-1)?.end ?? 0
    checkRest(path, readAll(this.#ledger, sound, Math.min(size - sound, 4 + most)), {
      most,
      reads: (bytes) => typeof decodeCertificate(bytes, this.#network, quorumsSince(eraDelay)) !== 'string',
    })
    for (let last = links.at(-1); last !== undefined && this.#head === undefined; last = links.at(-1)) {
      const bytes = readAll(this.#ledger, last.offset + 4, last.end - last.offset - 4)
      const head = decodeCertificate(bytes, this.#network, quorumsSince(eraDelay + 1))
      if (typeof head === 'object') this.#head = head
      else if (torn || links.length === 1 || !isTornAt(last.end))
        throw corrupt(path, `certificate ${links.length} (${head})`)
      else torn = links.pop() !== undefined
    }
    for (const { offset } of links) this.#offsets.push(offset)
    this.#end = links.at(-1)?.end ?? 0
    if (this.#end < size) this.#safely(() => ftruncateSync(this.#ledger, this.#end))
  }

  /** Of which rounds the archived updates and models are. */
  #archivedRounds(): Map<Digest, number> {
    const rounds = new Map<Digest, number>()
    const first = Math.max(1, this.height - 1 - (this.#options.archiveRounds ?? 0))
    for (let round = first; round <= this.height; round++) {
      const link = decodeLink(this.certificate(round) ?? new Uint8Array(), this.#network)
      if (typeof link === 'string') continue
      for (const { digest } of link.members) rounds.set(digest, round)
      rounds.set(link.model, round)
    }
    return rounds
  }

  /** Payloads of rounds before the last one and the archive, but for the newest model, and what was said before. */
  #forget(ended: Ended): void {
    this.#payloads.forgetBefore(ended.round - 1 - (this.#options.archiveRounds ?? 0), ended.model)
    // Of the certified round it is kept: if the write of its certificate was torn, the round is taken up again.
    for (const round of this.#saidRounds()) {
      if (round >= ended.round) break
      if (round === this.#said?.round) this.#closeSaid()
      rmSync(this.#saidPath(round), { force: true })
    }
  }

  #safely<T>(write: () => T): T {
    try {
      return write()
    } catch (error) {
      throw storageFailed(this.#folder, error)
    }
  }
}
