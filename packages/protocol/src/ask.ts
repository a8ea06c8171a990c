/**
 * Asks and answers: how a peer gets what gossip did not bring. An ask tells the asker's chain (a locator) and the
 * envelopes it holds beyond it; the answer has the certificates that follow and the envelopes that it lacks. Answers
 * are not signed: everything in them is.
 */
import { attempt } from './checkpoint.ts'
import { type Digest, digestBytes, fromHex, toHex } from './digest.ts'
import type { Network } from './network.ts'
import { Answer as AnswerMessage, Ask as AskMessage } from './wire/envelope.pb.js'

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
  if (bytes.length > network.limits.askBytes) return undefined
  const message = attempt(() => AskMessage.decode(bytes, { limits: { locator: mostLinks } }))
  if (message?.locator.some(({ digest }) => digest.length !== digestBytes) !== false) return undefined
  return {
    locator: message.locator.map(({ round, digest }) => ({ round, digest: toHex(digest) })),
    held: new Set(message.held.map((id) => toHex(id))),
  }
}

export function encodeAnswer(
  certificates: readonly Uint8Array<ArrayBuffer>[],
  envelopes: Iterable<Uint8Array>,
  network: Network,
): Uint8Array {
  const chosen: Uint8Array<ArrayBuffer>[] = []
  let size = certificates.reduce((sum, certificate) => sum + certificate.length + 8, 0)
  for (const envelope of envelopes) {
    size += envelope.length + 8
    if (chosen.length === mostEnvelopes || size > network.limits.answerBytes) break
    chosen.push(envelope as Uint8Array<ArrayBuffer>)
  }
  return AnswerMessage.encode({ certificates: [...certificates], envelopes: chosen })
}

export function decodeAnswer(bytes: Uint8Array, network: Network): Answer | undefined {
  if (bytes.length > network.limits.answerBytes) return undefined
  const limits = { certificates: mostCertificates + 2, envelopes: mostEnvelopes }
  return attempt(() => AnswerMessage.decode(bytes, { limits }))
}
