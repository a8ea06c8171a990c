/**
 * The hellos of one host: over each connection it introduces itself and hears who is there. When two connections of one
 * identity lead to two processes that both still answer, both are told: they would contradict each other.
 */
import type { Connection, Stream } from '@libp2p/interface'
import { decode, encode } from 'it-length-prefixed'
import { pipe } from 'it-pipe'
import { decodeHello, encodeHello, type Hello, helloProtocol, type Introduction, mostHelloBytes } from './hello.ts'
import type { NetworkEvent } from './options.ts'
import { pausingSource, RequestStream } from './streams.ts'

export interface GreetingsOptions {
  readonly introduction: Introduction
  /** Of this process, 16 hexadecimal digits. */
  readonly instance: string
  readonly connectionsTo: (peer: string) => readonly Connection[]
  readonly log: (event: NetworkEvent) => void
}

const deadlineMs = 3000
/** So often a neighbour is answered over one connection: once, and again when there is something to tell. */
const mostHellos = 4
/** In place of a process that was turned away before it said anything. */
const unheard = '0'.repeat(16)

export class Greetings {
  readonly #options: GreetingsOptions
  readonly #instances = new WeakMap<Connection, string>()
  readonly #answered = new WeakMap<Connection, number>()
  readonly #checked = new WeakSet<Connection>()
  /** Peers whose connections are asked whether they live. */
  readonly #crowded = new Set<string>()
  /** The processes at the other ends of connections of one identity, once both have answered. */
  readonly #seen = new WeakMap<Connection, readonly string[]>()

  constructor(options: GreetingsOptions) {
    this.#options = options
  }

  /** Introduces itself over a fresh connection. */
  async greet(connection: Connection): Promise<void> {
    const hello = await this.#ask(connection)
    if (hello === undefined) {
      this.#options.log({ kind: 'hello', peer: connection.remotePeer.toString(), hello })
      return
    }
    this.#hear(connection, hello)
  }

  readonly onHello = async (stream: Stream, connection: Connection): Promise<void> => {
    const timer = setTimeout(() => stream.abort(new Error('no hello in time')), deadlineMs)
    try {
      const answered = (this.#answered.get(connection) ?? 0) + 1
      if (answered > mostHellos) throw new Error('too many hellos over one connection')
      this.#answered.set(connection, answered)
      const hello = await readHello(stream)
      stream.send(encode.single(this.#helloTo(connection)))
      await stream.close({ signal: AbortSignal.timeout(deadlineMs) })
      if (hello !== undefined) this.#hear(connection, hello)
    } catch (error) {
      stream.abort(error as Error)
    } finally {
      clearTimeout(timer)
    }
  }

  /** No peer calls whom it is connected with: another process does, and is turned away before it can say so. */
  async onCrowded(peer: string): Promise<void> {
    if (this.#crowded.has(peer)) return
    this.#crowded.add(peer)
    const connections = this.#options.connectionsTo(peer)
    // Those that are dead already, and not closed yet, do not answer.
    const hellos = await Promise.all(connections.map((connection) => this.#ask(connection)))
    const alive = hellos.flatMap((hello) => hello ?? [])
    if (alive.length === connections.length && alive.length > 0) {
      this.#options.log({ kind: 'copies', peer })
      for (const connection of connections) this.#seen.set(connection, [unheard])
      await Promise.all(connections.map((connection) => this.#ask(connection)))
    }
    this.#crowded.delete(peer)
  }

  #hear(connection: Connection, hello: Hello): void {
    const { log, instance } = this.#options
    const peer = connection.remotePeer.toString()
    this.#instances.set(connection, hello.instance)
    log({ kind: 'hello', peer, hello })
    if (hello.seen.some((seen) => seen !== instance)) log({ kind: 'copy', peer })
    if (this.#checked.has(connection)) return
    for (const other of this.#othersOf(connection)) void this.#compare(connection, other)
  }

  /** Of a process that is gone the connection may still be there: it is asked before anybody is told. */
  async #compare(fresh: Connection, other: Connection): Promise<void> {
    this.#checked.add(fresh)
    const hello = await this.#ask(other)
    const instance = this.#instances.get(fresh)
    if (hello === undefined || instance === undefined || hello.instance === instance) return
    this.#options.log({ kind: 'copies', peer: fresh.remotePeer.toString() })
    for (const each of [fresh, other]) this.#seen.set(each, [instance, hello.instance])
    await Promise.all([fresh, other].map((each) => this.#ask(each)))
  }

  /** Connections of the same identity that lead to another process. */
  #othersOf(connection: Connection): Connection[] {
    const instance = this.#instances.get(connection)
    return this.#options.connectionsTo(connection.remotePeer.toString()).filter((other) => {
      const its = this.#instances.get(other)
      return its !== undefined && its !== instance
    })
  }

  #helloTo(connection: Connection): Uint8Array {
    const { introduction, instance } = this.#options
    return encodeHello({ ...introduction, instance, seen: [...(this.#seen.get(connection) ?? [])] })
  }

  /** What the other side says of itself; undefined when it says nothing that can be read, or nothing in time. */
  async #ask(connection: Connection): Promise<Hello | undefined> {
    let stream: RequestStream | undefined
    try {
      const opened = await connection.newStream([helloProtocol], { signal: AbortSignal.timeout(deadlineMs) })
      stream = new RequestStream(opened, mostHelloBytes)
      const answer = await stream.request(this.#helloTo(connection), deadlineMs)
      return decodeHello(new Uint8Array(answer.subarray()))
    } catch {
      return undefined
    } finally {
      stream?.close()
    }
  }
}

async function readHello(stream: Stream): Promise<Hello | undefined> {
  return pipe(
    pausingSource(stream, mostHelloBytes),
    (source) => decode(source, { maxDataLength: mostHelloBytes, maxLengthLength: 5 }),
    async (hellos) => {
      for await (const hello of hellos) return decodeHello(new Uint8Array(hello.subarray()))
      return undefined
    },
  )
}
