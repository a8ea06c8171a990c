/**
 * What two peers tell each other before they know whether they are of one network: a few hundred bytes over a fresh
 * connection. All networks and versions have this one protocol in common, so that peers that will never agree can say why.
 *
 * Nobody proves what he says here: it is for people to read. It is bounded before it is parsed, and nothing follows from it.
 */
import { z } from 'zod'

export const helloProtocol = '/hearsay/hello/1'

/** Changes with every change after which peers no longer understand each other's words. */
export const wireVersion = 1

const instanceSchema = z.string().regex(/^[0-9a-f]{16}$/)

const helloSchema = z.strictObject({
  /** Of the software. */
  version: z.string().regex(/^[\w.+-]{1,40}$/),
  wire: z.int().min(0).max(1_000_000),
  /** Digest of the genesis record. */
  network: z.string().regex(/^[0-9a-f]{64}$/),
  /** The fields of the genesis record, each with the first 16 digits of the digest of its content. */
  fields: z
    .record(z.string().regex(/^[\w.]{1,40}$/), z.string().regex(/^[0-9a-f]{16}$/))
    .refine((fields) => Object.keys(fields).length <= mostFields),
  /** Of the process, drawn at random when it starts. */
  instance: instanceSchema,
  /** Processes that the sender is connected with under the identity of the receiver. */
  seen: z.array(instanceSchema).max(4),
})

export type Hello = z.output<typeof helloSchema>
/** What is the same for everybody, in all lives of a peer. */
export type Introduction = Omit<Hello, 'instance' | 'seen'>

const mostFields = 40
export const mostHelloBytes = 4096

export function encodeHello(hello: Hello): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(hello))
}

/** undefined if it is none. */
export function decodeHello(bytes: Uint8Array): Hello | undefined {
  if (bytes.byteLength > mostHelloBytes) return undefined
  try {
    return helloSchema.safeParse(JSON.parse(new TextDecoder('utf8', { fatal: true }).decode(bytes))).data
  } catch {
    return undefined
  }
}

/** Why two peers cannot be of one network; undefined when they can. */
export function strangeness(
  ours: Introduction,
  theirs: Introduction,
): { why: 'version' | 'network'; what: string } | undefined {
  if (ours.wire !== theirs.wire) {
    const what = `it runs Hearsay ${theirs.version}, whose words this version, ${ours.version}, does not understand`
    return { why: 'version', what }
  }
  if (ours.network === theirs.network) return undefined
  const names = [...new Set([...Object.keys(ours.fields), ...Object.keys(theirs.fields)])].sort()
  const all = names.filter((name) => ours.fields[name] !== theirs.fields[name])
  // The first model follows from the rest, unless another version makes another.
  const differing = all.length > 1 ? all.filter((name) => name !== 'initial') : all
  const where = differing.length === 0 ? 'in what this version does not know' : `in ${differing.join(', ')}`
  return {
    why: 'network',
    what: `it is of another network, ${theirs.network.slice(0, 16)}…: its genesis differs ${where}`,
  }
}
