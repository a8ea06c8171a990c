/**
 * One digest of all that happened: SHA-256 over a line for each step of a peer, with the time, what it heard and what it
 * did about it. Two runs with the same digest are the same run.
 */
import { createHash } from 'node:crypto'
import { type Digest, digestOf, type Ended, type Event, type Step } from '@hearsay/protocol'

const flushAt = 4096

export class Trace {
  readonly #hash = createHash('sha256')
  #lines: string[] = []
  /** Envelopes are numbered in the order in which they are first heard of. */
  readonly #numbers = new Map<Digest, string>()
  #count = 0

  /** Forgets an envelope of which nothing more is heard. */
  forget(id: Digest): void {
    this.#numbers.delete(id)
  }

  /** Something that is no step of a peer: a cut, a crash. */
  note(nowMs: number, what: string): void {
    this.#push(`${nowMs} ${what}`)
  }

  step(nowMs: number, peer: number, events: readonly Event[], step: Step): void {
    let line = `${nowMs} ${peer}`
    for (const event of events) line += this.#heard(event)
    for (const { to, envelope } of step.sends)
      line += ` !${to === 'all' ? '' : to.join()}${this.#numberOf(envelope.id)}`
    for (const { to, bytes } of step.asks) line += ` ?${to ?? ''}${bytes.length}`
    for (const output of step.outputs) line += ` =${output.kind === 'round-ended' ? endOf(output) : output.kind}`
    this.#push(line)
  }

  /** Of all until now. */
  digest(): Digest {
    this.#flush()
    return this.#hash.copy().digest('hex')
  }

  #push(line: string): void {
    this.#lines.push(line)
    if (this.#lines.length >= flushAt) this.#flush()
  }

  #flush(): void {
    if (this.#lines.length > 0) this.#hash.update(`${this.#lines.join('\n')}\n`)
    this.#lines = []
  }

  #heard(event: Event): string {
    switch (event.kind) {
      case 'start':
        return ' start'
      case 'envelope':
        return ` ${this.#numberOf(event.envelope.id)}`
      case 'timer':
        return ` t${event.id}`
      case 'neighbour':
        return ` +${event.peer}`
      case 'answer':
        return ` <${event.from} ${digestOf(event.bytes)}`
      case 'done': {
        const { result } = event
        const what = 'digest' in result ? result.digest : result.kind === 'aggregated' ? result.model : ''
        return ` ${event.id}${result.kind}${what}`
      }
    }
  }

  /** By its number; the first time with its digest. */
  #numberOf(id: Digest): string {
    const number = this.#numbers.get(id)
    if (number !== undefined) return number
    const fresh = `#${this.#count++}`
    this.#numbers.set(id, fresh)
    return `${fresh}=${id}`
  }
}

function endOf({ certificate }: Ended): string {
  return certificate === undefined ? 'averaged' : `certified${certificate.digest}`
}
