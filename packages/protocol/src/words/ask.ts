/**
 * Asks and answers: how a peer gets what gossip did not bring. An ask tells the asker's chain (a locator) and the
 * envelopes it holds beyond it; the answer has the certificates that follow and the envelopes that it lacks. Answers
 * are not signed: everything in them is.
 */

import { attempt } from '../wire/decode.ts'
import { Answer as AnswerMessage, Ask as AskMessage } from '../wire/envelope.pb.js'
import { type Digest, digestBytes, fromHex, toHex } from './digest.ts'
import type { Network } from './network.ts'
import type { Envelope } from './words.ts'

/** Envelopes are named by the first bytes of their ids: to hide one by a collision takes 2^96 hashes. */
const shortIdBytes = 12
const mostLinks = 64
export const mostCertificates = 16
const mostEnvelopes = 256

export interface Ask {
  readonly locator: readonly { readonly round: number; readonly digest: Digest }[]
  /** Short ids. */
  readonly held: ReadonlySet<string>
}

export interface Answer {
  /** The round that the answerer says it is in, from 1; so the answer of one that holds nothing further is not empty. */
  readonly round: number
  readonly certificates: readonly Uint8Array<ArrayBuffer>[]
  readonly envelopes: readonly Uint8Array<ArrayBuffer>[]
}

export function shortId(id: Digest): string {
  return id.slice(0, 2 * shortIdBytes)
}

export function encodeAsk(ask: Ask, network: Network): Uint8Array {
  const most = Math.floor((network.limits.askBytes - 40 * mostLinks) / (shortIdBytes + 2))
  return AskMessage.encode({
    locator: ask.locator.slice(0, mostLinks).map(({ round, digest }) => ({ round, digest: fromHex(digest) })),
    held: [...ask.held].slice(0, most).map(fromHex),
  })
}

export function decodeAsk(bytes: Uint8Array, network: Network): Ask | undefined {
  const { leastAskBytes, askBytes } = network.limits
  if (bytes.length < leastAskBytes || bytes.length > askBytes) return undefined
  // Empty ids would make an ask a hundred times as large in memory as on the wire.
  const limits = { locator: mostLinks, held: Math.floor(askBytes / (shortIdBytes + 2)) }
  const message = attempt(() => AskMessage.decode(bytes, { limits }))
  if (message === undefined || message.locator.length === 0) return undefined
  if (message.locator.some(({ digest }) => digest.length !== digestBytes)) return undefined
  if (message.held.some((id) => id.length !== shortIdBytes)) return undefined
  return {
    locator: message.locator.map(({ round, digest }) => ({ round, digest: toHex(digest) })),
    held: new Set(message.held.map((id) => toHex(id))),
  }
}

/** As much as an answer may hold: certificates in order, then envelopes, one of each author in turn. */
export function encodeAnswer(
  certificates: readonly Uint8Array<ArrayBuffer>[],
  envelopes: Iterable<Envelope>,
  network: Network,
  round = 1,
): Uint8Array {
  let room = network.limits.answerBytes
  const fits = ({ length }: Uint8Array): boolean => {
    room -= length + 8
    return room >= 0
  }
  return AnswerMessage.encode({
    round,
    certificates: certificates.filter(fits),
    envelopes: inTurns(envelopes)
      .slice(0, mostEnvelopes)
      .map(({ bytes }) => bytes as Uint8Array<ArrayBuffer>)
      .filter(fits),
  })
}

/** What an ask says that it holds: in turns too, so that it has room for an honest peer's few beside a liar's many. */
export function heldOf(record: Iterable<Envelope>): Set<string> {
  return new Set(inTurns(record).map(({ id }) => shortId(id)))
}

/** In turns, so that no liar's many envelopes stand before the few of an honest peer, in every answer. */
function inTurns(envelopes: Iterable<Envelope>): Envelope[] {
  const queues = [...Map.groupBy(envelopes, ({ author }) => author).values()]
  const longest = Math.max(0, ...queues.map(({ length }) => length))
  return Array.from({ length: longest }, (_, turn) => queues.flatMap((queue) => queue[turn] ?? [])).flat()
}

export function decodeAnswer(bytes: Uint8Array, network: Network): Answer | undefined {
  if (bytes.length > network.limits.answerBytes) return undefined
  const limits = { certificates: mostCertificates + 2, envelopes: mostEnvelopes }
  const answer = attempt(() => AnswerMessage.decode(bytes, { limits }))
  // Copies: a few bytes that are kept must not keep a whole answer alive, which a liar can fill with anything.
  const copy = (part: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(part)
  return (
    answer && {
      round: answer.round,
      certificates: answer.certificates.map(copy),
      envelopes: answer.envelopes.map(copy),
    }
  )
}
