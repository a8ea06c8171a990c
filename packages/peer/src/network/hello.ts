/**
 * What two peers tell each other before they know whether they are of one network: who asks over a fresh connection is
 * answered with a few hundred bytes, the same for everybody. All networks and versions have this one protocol in common,
 * so that peers that will never agree can say why.
 *
 * Nobody proves what he says here: it is for people to read. It is bounded before it is parsed, and nothing follows from it.
 */
import type { Connection, Stream } from '@libp2p/interface'
import { encode } from 'it-length-prefixed'
import { z } from 'zod'
import { RequestStream } from './streams.ts'

export const helloProtocol = '/hearsay/hello/1'

/** Changes with every change after which peers no longer understand each other's words. */
export const wireVersion = 1

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
})

export type Hello = z.output<typeof helloSchema>

const mostFields = 40
const mostBytes = 4096
const deadlineMs = 3000

export function encodeHello(hello: Hello): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(hello))
}

/** undefined if it is none. */
export function decodeHello(bytes: Uint8Array): Hello | undefined {
  if (bytes.byteLength > mostBytes) return undefined
  try {
    return helloSchema.safeParse(JSON.parse(new TextDecoder('utf8', { fatal: true }).decode(bytes))).data
  } catch {
    return undefined
  }
}

/** Answers once over each connection: who asks again has been told. */
export class Greeter {
  readonly #bytes: Uint8Array
  readonly #greeted = new WeakSet<Connection>()

  constructor(hello: Hello) {
    this.#bytes = encodeHello(hello)
  }

  readonly onHello = async (stream: Stream, connection: Connection): Promise<void> => {
    try {
      if (this.#greeted.has(connection)) throw new Error('a second hello over one connection')
      this.#greeted.add(connection)
      stream.send(encode.single(this.#bytes))
      await stream.close({ signal: AbortSignal.timeout(deadlineMs) })
    } catch (error) {
      stream.abort(error as Error)
    }
  }
}

/** What the other side of a connection says of itself; undefined when it says nothing that can be read, or nothing in time. */
export async function askHello(connection: Connection): Promise<Hello | undefined> {
  let stream: RequestStream | undefined
  try {
    const opened = await connection.newStream([helloProtocol], { signal: AbortSignal.timeout(deadlineMs) })
    stream = new RequestStream(opened, mostBytes)
    const answer = await stream.request(new Uint8Array(0), deadlineMs)
    return decodeHello(new Uint8Array(answer.subarray()))
  } catch {
    return undefined
  } finally {
    stream?.close()
  }
}

/** Why two peers cannot be of one network; undefined when they can. */
export function strangeness(ours: Hello, theirs: Hello): { why: 'version' | 'network'; what: string } | undefined {
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
