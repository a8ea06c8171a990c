/**
 * Hands what no honest peer sends to the decoders of everything that comes from a peer: changed bytes, changed messages,
 * messages that are changed and then signed well, and noise. No input may make a decoder throw, be taken with a field
 * out of range, or make it allocate more than `allocationLimit` of its length.
 */
import { getHeapStatistics } from 'node:v8'
import { checkpointToSign, decodeCertificate, decodeCheckpoint } from '../../chain/checkpoint.ts'
import { evictsIn } from '../../chain/eras.ts'
import { verifyEvidence } from '../../chain/evidence.ts'
import { hearsVouches } from '../../chain/standing.ts'
import { Envelope as EnvelopeMessage } from '../../wire/envelope.pb.js'
import { decodeAnswer, decodeAsk } from '../../words/ask.ts'
import { type Digest, sha256 } from '../../words/digest.ts'
import { openEnvelope } from '../../words/envelope.ts'
import type { Network } from '../../words/network.ts'
import { mayCount } from '../../words/order.ts'
import { asEchoed, type Statement } from '../../words/statements.ts'
import { saidIn } from '../../words/vouches.ts'
import type { Envelope } from '../../words/words.ts'
import { type Random, randomFrom } from '../exchange.ts'
import { type Corpus, type Kind, kinds } from './corpus.ts'
import { mutateBytes, mutateMessage, pick, randomBytes } from './mutations.ts'
import { type Field, readFields, writeFields } from './wire-fields.ts'

/**
 * Bytes that decoding may allocate, garbage included: a field of two bytes becomes an object of about a hundred, and is
 * encoded again, to see that it was encoded as it should be.
 */
export function allocationLimit(lengthBytes: number): number {
  return 256 * lengthBytes + 256 * 1024
}

export interface Fuzzed {
  readonly inputs: number
  /** By kind of message: how many were handed to its decoder, and how many it took. */
  readonly taken: Record<Kind, { inputs: number; taken: number }>
  /** The most that a measured input allocated, in bytes, and of its limit. */
  readonly mostBytes: number
  readonly mostOfLimit: number
  readonly measured: number
}

export interface FuzzOptions {
  /** What is changed. */
  readonly corpora: readonly Corpus[]
  readonly inputs: number
  readonly seed: number
  /** Every so many inputs the allocation of one is measured. */
  readonly measureEvery: number
  readonly seen?: (inputs: number) => void
}

/** @throws Error naming the input in hexadecimal, if one does what it must not. */
export function fuzz({ corpora, inputs, seed, measureEvery, seen }: FuzzOptions): Fuzzed {
  const random = randomFrom(seed)
  const taken = Object.fromEntries(kinds.map((kind) => [kind, { inputs: 0, taken: 0 }])) as Fuzzed['taken']
  let [mostBytes, mostOfLimit, measured] = [0, 0, 0]
  const tryOne = (kind: Kind, bytes: Uint8Array, corpus: Corpus, measure: boolean): void => {
    const attempted = (): boolean => attempt(kind, bytes, corpus.network)
    taken[kind].inputs++
    if (attempted()) taken[kind].taken++
    if (!measure) return
    let allocated = allocationOf(attempted)
    // The engine too allocates, when it compiles what has become hot: that does not come again, and a decoder's does.
    for (let again = 0; again < 3 && (allocated ?? 0) > allocationLimit(bytes.length); again++)
      allocated = allocationOf(attempted)
    if (allocated === undefined) return
    measured++
    mostBytes = Math.max(mostBytes, allocated)
    mostOfLimit = Math.max(mostOfLimit, allocated / allocationLimit(bytes.length))
    if (allocated > allocationLimit(bytes.length))
      throw new Error(`a ${kind} of ${bytes.length} bytes made its decoder allocate ${allocated}: ${hex(bytes)}`)
  }
  for (const [at, corpus] of corpora.entries())
    for (const [kind, bytes] of largest(corpus, at === 0)) tryOne(kind, bytes, corpus, true)
  for (let at = 1; at <= inputs; at++) {
    const corpus = pick(random, corpora)
    const kind = random(2) === 0 ? pick(random, kinds) : 'envelope'
    tryOne(kind, draw(kind, corpus, random), corpus, at % measureEvery === 0)
    if (at % 100_000 === 0) seen?.(at)
  }
  return { inputs, taken, mostBytes, mostOfLimit, measured }
}

function draw(kind: Kind, corpus: Corpus, random: Random): Uint8Array {
  const messages = corpus.messages[kind]
  const message = pick(random, messages)
  switch (random(5)) {
    case 0:
      return randomBytes(random, 200)
    case 1:
    case 2:
      return mutateBytes(message, random, corpus.messages[pick(random, kinds)])
    case 3:
      return kind === 'envelope' ? signed(message, corpus, random) : mutateMessage(message, random)
    case 4:
      return kind === 'envelope' ? signed(message, corpus, random) : nested(message, random, corpus)
    default:
      return mutateMessage(message, random)
  }
}

/** The envelope with its body changed, and then signed by its author: what liars can say. */
function signed(message: Uint8Array, { networks }: Corpus, random: Random): Uint8Array {
  const { body } = EnvelopeMessage.decode(message)
  const changed = mutateMessage(body, random)
  const author = body[1] ?? 0
  const network = networks[body[0] === 8 ? author % networks.length : 0]!
  return EnvelopeMessage.encode({
    body: changed,
    signature: network.keys.sign(sha256(network.envelopeDomain, changed)),
  })
}

/** One of the messages in the message changed byte by byte. */
function nested(message: Uint8Array, random: Random, corpus: Corpus): Uint8Array {
  const fields = readFields(message, 0)
  if (fields === undefined || fields.length === 0) return message
  const at = random(fields.length - 1)
  const { value } = fields[at]!
  if (!(value instanceof Uint8Array)) return message
  return writeFields(fields.with(at, { ...fields[at]!, value: mutateBytes(value, random, corpus.messages.envelope) }))
}

/** Whether it was taken. */
function attempt(kind: Kind, bytes: Uint8Array, network: Network): boolean {
  try {
    switch (kind) {
      case 'envelope':
        return inRange(bytes, network)
      case 'certificate':
        return typeof decodeCertificate(bytes, network) === 'object'
      case 'checkpoint':
        return decodeCheckpoint(bytes, network) !== undefined
      case 'evidence':
        return typeof verifyEvidence(bytes, network) === 'object'
      case 'ask':
        return decodeAsk(bytes, network) !== undefined
      case 'answer': {
        const answer = decodeAnswer(bytes, network)
        for (const envelope of answer?.envelopes ?? []) inRange(envelope, network)
        for (const certificate of answer?.certificates ?? []) decodeCertificate(certificate, network)
        return answer !== undefined
      }
    }
  } catch (error) {
    throw new Error(`a ${kind} made its decoder throw: ${hex(bytes)}`, { cause: error })
  }
}

function inRange(bytes: Uint8Array, network: Network): boolean {
  const envelope = openEnvelope(bytes, network)
  if (typeof envelope === 'string') return false
  const { peers } = network
  const fine = envelope.statements.every((statement) => isInRange(statement, envelope, network))
  if (!fine || !below(envelope.author, peers) || !below(envelope.round - 1, 2 ** 32))
    throw new RangeError('a field is out of range')
  return true
}

const below = (value: number, bound: number): boolean => Number.isSafeInteger(value) && value >= 0 && value < bound

function isInRange(statement: Statement, envelope: Envelope, network: Network): boolean {
  const { peers } = network
  // Of averaging of models that differ, those of the last round that there can be.
  if ('stage' in statement && !below(statement.stage ?? -1, 34)) return false
  if (statement.kind === 'word') return /^([0-9a-f]{2}){0,32}$/.test(statement.content)
  if (statement.kind === 'witness') return statement.members.every((member) => below(member, peers))
  if ('phase' in statement) {
    const { instance, phase } = statement
    return below(instance, evictsIn(envelope.round, network) ? 2 * peers : peers) && below(phase - 1, 2 ** 32)
  }
  // Only who is ready may leave it to what he has echoed.
  const named = !(statement.kind === 'ready' && statement.digest === asEchoed)
  if ('digest' in statement && named && !isValue(statement, envelope, network)) return false
  return !('sender' in statement) || below(statement.sender, peers)
}

/**
 * A digest; and behind it, where and when vouches are heard, what a peer may say of others; or, where updates are judged in an order, of
 * which model it is.
 */
function isValue(
  statement: Extract<Statement, { readonly digest: Digest }>,
  { author, round }: Envelope,
  network: Network,
): boolean {
  const { ordering } = network.agreement
  const { digest } = statement
  if (!/^[0-9a-f]{64,}$/.test(digest)) return false
  if (ordering !== undefined) return mayCount(digest, round, ordering.remembered, false)
  if (digest.length === 64) return true
  const sender = 'sender' in statement ? statement.sender : author
  const said = saidIn(digest, sender, network.peers)
  return hearsVouches(round, network) && said !== undefined && said.length > 0
}

/**
 * The largest messages of each kind that its limits let through to the decoder: as many fields as there is room for. Asks and answers are
 * the same in each network: `first` alone has them.
 */
function* largest({ network, messages }: Corpus, first: boolean): Generator<readonly [Kind, Uint8Array]> {
  const { envelopeBytes, certificateBytes, checkpointBytes, askBytes, answerBytes } = network.limits
  const limits = { envelope: envelopeBytes, certificate: certificateBytes, checkpoint: checkpointBytes }
  const rest = {
    ...(first && { ask: askBytes, answer: answerBytes }),
    evidence: 2 * Math.max(envelopeBytes, certificateBytes) + 128,
  }
  for (const [kind, most] of Object.entries({ ...limits, ...rest }) as [Kind, number][]) {
    // The large ones have two fields.
    for (const number of kind in rest ? [1, 2, 3] : Array.from({ length: 16 }, (_, at) => at + 1)) {
      const empty: Field = { number, type: 2, value: new Uint8Array() }
      const one: Field = { number, type: 0, value: Uint8Array.of(0) }
      for (const field of [empty, one]) yield [kind, writeFields(Array.from({ length: most >> 1 }, () => field))]
    }
    for (const message of messages[kind].slice(0, 3)) {
      const times = Math.max(1, Math.floor(most / Math.max(1, message.length)))
      yield [kind, new Uint8Array(Buffer.concat(Array.from({ length: times }, () => message)))]
    }
    yield [kind, new Uint8Array(most + 1)]
  }
  const body = writeFields(
    Array.from({ length: (envelopeBytes - 80) >> 1 }, () => ({ number: 5, type: 2, value: new Uint8Array() })),
  )
  yield ['envelope', EnvelopeMessage.encode({ body, signature: checkpointToSignature(body, network) })]
}

function checkpointToSignature(body: Uint8Array, network: Network): Uint8Array<ArrayBuffer> {
  return network.keys.sign(checkpointToSign(body, network))
}

/** In bytes, garbage included; undefined if it was collected meanwhile. */
function allocationOf(run: () => void): number | undefined {
  const used = (): number => {
    const { used_heap_size: heap, external_memory: external } = getHeapStatistics()
    return heap + external
  }
  const before = used()
  run()
  const allocated = used() - before
  return allocated < 0 ? undefined : allocated
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
