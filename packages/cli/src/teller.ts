/**
 * Where a peer tells what happens. Whoever reads it may go away, hang, or be slow: the peer goes on. What nobody takes is
 * dropped, so that it does not fill the memory, and how much was is told when somebody reads again.
 */
import type { Writable } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import { plain, plainJson } from '@hearsay/catalogue/words'
import type { PeerEvent } from '@hearsay/peer'
import type { NameOf } from './peer-events.ts'

/** More than this waits for no reader. */
const mostWaitingBytes = 1024 * 1024
/** So long a reader may take for the last lines, once the peer has ended. */
const lastLinesMs = 500

export class Teller {
  readonly #json: boolean
  readonly #stream: Writable
  /** What people call a peer; JSON has its id. */
  nameOf: NameOf = () => undefined
  #lost = 0
  #gone = false

  constructor(json: boolean, stream: Writable = process.stdout) {
    this.#json = json
    this.#stream = stream
    // In place of the handler of other commands, for which a closed pipe is an end.
    stream.removeAllListeners('error')
    stream.on('error', (error) => this.#onGone(error))
    process.stderr.on('error', () => {})
  }

  tell(told: PeerEvent): void {
    if (this.#gone) return
    if (this.#stream.writableLength > mostWaitingBytes) {
      this.#lost++
      return
    }
    if (this.#lost > 0) {
      const lines = this.#lost
      this.#lost = 0
      this.#write({ kind: 'lost', lines })
    }
    this.#write(told)
  }

  /** Lets the reader have the last lines, if there is one, and ends the process: what nobody reads would keep it. */
  async exit(): Promise<never> {
    const written = Promise.withResolvers<void>()
    if (this.#gone) written.resolve()
    else this.#stream.write('', () => written.resolve())
    await Promise.race([written.promise, setTimeout(lastLinesMs)])
    process.exit()
  }

  #onGone(error: NodeJS.ErrnoException): void {
    if (this.#gone) return
    this.#gone = true
    const why = error.code === 'EPIPE' ? 'its reader went away' : error.message
    process.stderr.write(`hearsay: nothing more is told on standard output: ${why}. The peer goes on.\n`)
  }

  #write(told: PeerEvent): void {
    const at = new Date().toISOString()
    this.#stream.write(`${this.#json ? plainJson({ at, ...told }) : plain(inWords(told, at, this.nameOf))}\n`)
  }
}

/** Its name, when, its fields, and last what it says in words. */
function inWords({ kind, ...fields }: PeerEvent, at: string, nameOf: NameOf): string {
  const { message, proof: _, name: __, ...rest } = fields as Readonly<Record<string, unknown>>
  const words = Object.entries(rest).map(
    ([key, value]) => `${key} ${key === 'id' ? value : valueInWords(value, nameOf)}`,
  )
  return `${kind.padEnd(12)} ${at}  ${[...words, ...(message === undefined ? [] : [message])].join('  ')}`
}

function valueInWords(value: unknown, nameOf: NameOf): string {
  if (typeof value === 'string') return nameOf(value) ?? value
  if (value === null) return 'not finite'
  if (typeof value !== 'object') return String(value)
  if (!Array.isArray(value))
    return Object.entries(value)
      .map(([key, inner]) => `${key} ${valueInWords(inner, nameOf)}`)
      .join(' ')
  // Of whom each has a digest: those who count.
  if (value.some((each) => typeof each === 'object')) return String(value.length)
  return value.map((each) => valueInWords(each, nameOf)).join(' ')
}
