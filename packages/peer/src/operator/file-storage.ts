/**
 * What a peer keeps on disk, so that it can be killed at any moment and start again:
 *
 *   ledger          all its certificates, each after its length (4 bytes, little-endian)
 *   said-<round>    the envelopes it said in the round after the newest certificate, likewise
 *   payloads/       updates and models of the newest rounds, by digest
 *
 * A line of length and bytes that was cut off by a crash is dropped when the file is read.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import {
  type Archive,
  type Certificate,
  type Digest,
  decodeCertificate,
  digestOf,
  type Envelope,
  encodeCertificate,
  type Network,
  openEnvelope,
} from '@hearsay/protocol'
import type { Storage } from '../storage.ts'
import { PeerError } from './peer-error.ts'

export class FileStorage implements Storage, Archive {
  readonly #folder: string
  readonly #network: Network
  readonly #ledger: number
  /** Where each certificate begins, by round − 1, and the end of the file. */
  readonly #offsets: number[] = []
  #end = 0
  #said: { readonly round: number; readonly file: number } | undefined
  readonly #payloads = new Map<Digest, number>()
  #head: Certificate | undefined

  constructor(folder: string, network: Network) {
    this.#folder = folder
    this.#network = network
    mkdirSync(join(folder, 'payloads'), { recursive: true })
    const path = join(folder, 'ledger')
    this.#ledger = openSync(path, existsSync(path) ? 'r+' : 'w+')
    this.#readLedger(path)
    for (const name of readdirSync(join(folder, 'payloads')))
      if (/^[0-9a-f]{64}$/.test(name)) this.#payloads.set(name, this.height)
      else rmSync(join(folder, 'payloads', name))
  }

  get height(): number {
    return this.#offsets.length
  }

  /** The newest certificate. */
  get head(): Certificate | undefined {
    return this.#head
  }

  /** What this peer said in the round after the head. */
  get saidBefore(): Envelope[] {
    const path = this.#saidPath(this.height + 1)
    if (!existsSync(path)) return []
    return [...lines(readFileSync(path))].flatMap(({ bytes }) => {
      const envelope = openEnvelope(bytes, this.#network)
      return typeof envelope === 'string' ? [] : [envelope]
    })
  }

  certificate(round: number): Uint8Array | undefined {
    const offset = this.#offsets[round - 1]
    if (offset === undefined) return undefined
    const bytes = new Uint8Array((this.#offsets[round] ?? this.#end) - offset - 4)
    readSync(this.#ledger, bytes, 0, bytes.length, offset + 4)
    return bytes
  }

  said(envelopes: readonly Envelope[]): void {
    for (const { round, bytes } of envelopes) {
      if (this.#said?.round !== round) {
        if (this.#said !== undefined) closeSync(this.#said.file)
        this.#said = { round, file: openSync(this.#saidPath(round), 'a') }
      }
      writeSync(this.#said.file, framed(bytes))
    }
    if (this.#said !== undefined) fsyncSync(this.#said.file)
  }

  certified(certificate: Certificate): void {
    const bytes = framed(encodeCertificate(certificate))
    writeSync(this.#ledger, bytes, 0, bytes.length, this.#end)
    fsyncSync(this.#ledger)
    this.#offsets.push(this.#end)
    this.#end += bytes.length
    this.#head = certificate
    this.#forget(certificate)
  }

  keep(round: number, digest: Digest, bytes: Uint8Array): void {
    const path = this.#payloadPath(digest)
    const file = openSync(`${path}.part`, 'w')
    writeSync(file, bytes)
    fsyncSync(file)
    closeSync(file)
    renameSync(`${path}.part`, path)
    this.#payloads.set(digest, round)
  }

  kept(digest: Digest): Uint8Array<ArrayBuffer> | undefined {
    if (!this.#payloads.has(digest)) return undefined
    const bytes = new Uint8Array(readFileSync(this.#payloadPath(digest)))
    if (digestOf(bytes) === digest) return bytes
    this.#payloads.delete(digest)
    return undefined
  }

  close(): void {
    closeSync(this.#ledger)
    if (this.#said !== undefined) closeSync(this.#said.file)
  }

  #saidPath(round: number): string {
    return join(this.#folder, `said-${round}`)
  }

  #payloadPath(digest: Digest): string {
    return join(this.#folder, 'payloads', digest)
  }

  #readLedger(path: string): void {
    const content = readFileSync(path)
    for (const { offset, bytes, end } of lines(content)) {
      const certificate = decodeCertificate(bytes, this.#network)
      const previous = this.#head?.digest ?? this.#network.genesis
      if (typeof certificate === 'string' || certificate.checkpoint.previous !== previous)
        throw new PeerError(
          'PEER_STATE_CORRUPT',
          `${path}: certificate ${this.height + 1} is damaged or of another network. ` +
            'Move the folder of the state away once the round under way is certified elsewhere: the peer then catches ' +
            'up from its neighbours. Sooner, it might contradict what it said before.',
        )
      this.#offsets.push(offset)
      this.#end = end
      this.#head = certificate
    }
    if (this.#end < content.length) ftruncateSync(this.#ledger, this.#end)
  }

  /** Payloads of rounds before the last one, but for the newest model, and what was said before. */
  #forget({ checkpoint }: Certificate): void {
    for (const [digest, round] of this.#payloads) {
      if (round >= checkpoint.round - 1 || digest === checkpoint.model) continue
      rmSync(this.#payloadPath(digest), { force: true })
      this.#payloads.delete(digest)
    }
    for (const name of readdirSync(this.#folder)) {
      const round = /^said-(\d+)$/.exec(name)?.[1]
      if (round !== undefined && Number(round) < checkpoint.round) rmSync(join(this.#folder, name), { force: true })
    }
  }
}

function framed(bytes: Uint8Array): Uint8Array {
  const frame = new Uint8Array(4 + bytes.length)
  new DataView(frame.buffer).setUint32(0, bytes.length, true)
  frame.set(bytes, 4)
  return frame
}

function* lines(content: Uint8Array): Generator<{ offset: number; bytes: Uint8Array; end: number }> {
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength)
  for (let offset = 0; offset + 4 <= content.length; ) {
    const end = offset + 4 + view.getUint32(offset, true)
    if (end > content.length) return
    yield { offset, bytes: content.subarray(offset + 4, end), end }
    offset = end
  }
}
