import { mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkpointOf, createRoster, numbers, said, signed } from '@hearsay/libp2p/testing/roster'
import { digest } from '@hearsay/peer/testing/digest'
import {
  type Envelope,
  type Event,
  endedBy,
  equivocation,
  Peer,
  type Step,
  verifyEvidence,
  type Work,
} from '@hearsay/protocol'
import { afterAll, expect, it } from 'vitest'
import { FileStorage } from './file-storage.ts'

const roster = await createRoster(4, 1)
const network = roster.networks[0]!
const root = mkdtempSync(join(tmpdir(), 'hearsay-restart-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

/**
 * Peer 0, with its storage, among three that say anything at all, well signed. It is killed again and again, also in
 * the middle of a write, and hears other things in each life.
 */
class Mortal {
  /** All that anybody heard of it, in all its lives. */
  readonly heard: Envelope[] = []
  height = 0
  readonly #random: (most: number) => number
  readonly #folder: string
  #life = 0
  #peer!: Peer
  #storage!: FileStorage
  #work: Work[] = []
  #nowMs = 0
  #timers: { id: number; atMs: number }[] = []
  #previous = network.genesis

  constructor(seed: number) {
    this.#random = numbers(seed)
    this.#folder = join(root, String(seed))
    this.#live()
  }

  #live(): void {
    this.#life++
    this.#work = []
    this.#timers = []
    this.#storage = new FileStorage(this.#folder, network, { record: '{}' })
    const { head, saidBefore } = this.#storage
    this.height = this.#storage.height
    this.#previous = head?.certificate?.digest ?? network.genesis
    this.#peer = new Peer({
      network,
      self: 0,
      initial: digest('initial'),
      ...(head === undefined ? {} : { head, holdsModel: this.#random(1) === 0 }),
      archive: this.#storage,
      said: saidBefore,
      memory: 'whole',
      timing: { graceMs: 10, timeoutMs: 5, askMs: 20 },
    })
    this.#handle({ kind: 'start' })
  }

  #handle(...events: Event[]): void {
    const step = this.#peer.handle(events, this.#nowMs)
    const path = join(this.#folder, `said-${this.height + 1}`)
    const before = statSync(path, { throwIfNoEntry: false })?.size ?? 0
    this.#storage.said(step.sends.map(({ envelope }) => envelope))
    const written = (statSync(path, { throwIfNoEntry: false })?.size ?? 0) - before
    if (written > 0 && this.#random(9) === 0) {
      // Killed while it wrote: nobody heard it.
      truncateSync(path, before + this.#random(written))
      this.#storage.close()
      this.#live()
      return
    }
    this.#perform(step)
  }

  #perform({ sends, outputs, work, timers }: Step): void {
    for (const output of outputs) {
      if (output.kind !== 'round-ended' || output.certificate === undefined) continue
      this.#storage.ended(endedBy(output.certificate))
      this.height = output.certificate.checkpoint.round
      this.#previous = output.certificate.digest
    }
    this.heard.push(...sends.map(({ envelope }) => envelope))
    this.#work.push(...work)
    this.#timers.push(...timers)
  }

  step(): void {
    const choice = this.#random(79)
    if (choice < 3) {
      this.#storage.close()
      this.#live()
    } else if (choice < 14) this.#finishWork()
    else if (choice < 22) this.#ring()
    else if (choice < 23) this.#certify()
    else this.#hear()
  }

  #finishWork(): void {
    const [work] = this.#work.splice(this.#random(Math.max(0, this.#work.length - 1)), 1)
    if (work === undefined) return
    const name = `of life ${this.#life}`
    if (work.kind === 'train') this.#done(work, { kind: 'trained', digest: digest(`update ${name}`) })
    else if (work.kind === 'aggregate') this.#done(work, { kind: 'aggregated', model: digest(`model ${name}`) })
    else this.#done(work, work.kind === 'adopt' ? { kind: 'adopted' } : { kind: 'held' })
  }

  #done({ id }: Work, result: Extract<Event, { kind: 'done' }>['result']): void {
    this.#handle({ kind: 'done', id, result })
  }

  #ring(): void {
    const [timer] = this.#timers.splice(this.#random(Math.max(0, this.#timers.length - 1)), 1)
    if (timer === undefined) return
    this.#nowMs = Math.max(this.#nowMs, timer.atMs)
    this.#handle({ kind: 'timer', id: timer.id })
  }

  /** The three others certify the round, without it. */
  #certify(): void {
    const at = { round: this.height + 1, previous: this.#previous }
    const checkpoint = checkpointOf(roster, at, `model ${at.round}`)
    this.#handle(
      ...[1, 2, 3].map((author): Event => {
        const envelope = said(roster, author, at, [signed(roster, author, checkpoint)])
        return { kind: 'envelope', envelope }
      }),
    )
  }

  #hear(): void {
    const at = { round: this.height + 1 + (this.#random(9) === 0 ? 1 : 0), previous: this.#previous }
    const sender = this.#random(3)
    const which = digest(`${this.#random(1)}`)
    const vote = { instance: sender, phase: 1 + this.#random(2) }
    const value = this.#random(1) as 0 | 1
    const [statement] = [
      [{ kind: 'init', digest: which }] as const,
      [{ kind: 'echo', sender, digest: which }] as const,
      [{ kind: 'ready', sender, digest: which }] as const,
      [{ kind: 'estimate', ...vote, value }] as const,
      [{ kind: 'coordinate', ...vote, value }] as const,
      [{ kind: 'auxiliary', ...vote, values: (1 + this.#random(2)) as 1 | 2 | 3 }] as const,
    ][this.#random(5)]!
    // Without its memory of contradictions, each life may believe another tongue of the same liar.
    const opened = this.#peer.open(said(roster, 1 + this.#random(2), at, [statement]).bytes)
    if (opened.verdict === 'accept') this.#handle({ kind: 'envelope', envelope: opened.envelope })
  }
}

it('a peer that is killed in the middle of rounds never contradicts itself', () => {
  let rounds = 0
  let words = 0
  for (let seed = 0; seed < 20; seed++) {
    const mortal = new Mortal(seed)
    for (let step = 0; step < 300; step++) mortal.step()
    const distinct = [...new Map(mortal.heard.map((envelope) => [envelope.id, envelope])).values()]
    for (const [at, first] of distinct.entries())
      for (const second of distinct.slice(at + 1)) {
        if (first.round !== second.round) continue
        const evidence = verifyEvidence(equivocation(first, second, network).bytes, network)
        expect(evidence, `seed ${seed}, round ${first.round}`).toBe('envelopes that do not contradict each other')
      }
    rounds += mortal.height
    words += distinct.length
  }
  // It had much to say, in many rounds: silence would prove nothing.
  expect(rounds).toBeGreaterThan(20)
  expect(words).toBeGreaterThan(150)
})
