/**
 * The work that a peer's steps ask for: training, pulling updates and models by digest, aggregating. Everything that
 * comes from others is checked against its digest and size by the carrier, and by whoever holds it for what else makes an update
 * unfit, before the protocol hears that it is held.
 */
import type { Update } from '@hearsay/aggregation'
import type { Digest, Ordered, Result, Work } from '@hearsay/protocol'

import { announcedSources, signersInTurn } from './fetching/search.ts'
import { PauseWatch } from './pause-watch.ts'
import type { PerformerOptions } from './performer-options.ts'
import type { Part, Payloads, Vectors, WorkOf } from './ports.ts'
import { type Pulled, pullParts } from './pull-parts.ts'
import { announceChunks, ChunkReceiver } from './receive-chunks.ts'

/** What comes of a piece of work: one of these is called once, or neither when the work is no longer wanted. */
interface Outcome {
  readonly done: (result: Result) => void
  readonly failed: (error: Error) => void
}

export class Performer {
  readonly #options: PerformerOptions
  readonly #rounds = new Map<number, AbortController>()
  readonly #trainings = new Map<number, AbortController>()
  readonly #receiver: ChunkReceiver
  #adoption = new AbortController()
  #round = 0
  readonly #pauses: PauseWatch

  constructor(options: PerformerOptions) {
    this.#options = options
    this.#receiver = new ChunkReceiver(options)
    this.#pauses = new PauseWatch(options.pausing)
  }

  /** Ends the work of rounds before this one, but for training in round `trains`; updates in `keeps` may be needed in it. */
  beginRound(
    round: number,
    {
      trains,
      keeps = [],
    }: { readonly trains?: number | undefined; readonly keeps?: readonly Digest[] | undefined } = {},
  ): void {
    if (Number.isFinite(round)) {
      this.#round = round
      for (const digest of keeps) this.#options.vectors.renew(digest, round)
      this.#options.vectors.beginRound(round)
    }
    for (const [works, but] of [
      [this.#rounds, undefined],
      [this.#trainings, trains],
    ] as const)
      for (const [earlier, controller] of works) {
        if (earlier >= round || earlier === but) continue
        controller.abort()
        works.delete(earlier)
      }
  }

  need(round: number, digests: readonly Digest[]): void {
    this.#options.vectors.need(round, digests)
  }

  /**
   * Writes down what is held of the round under way: where all peers are stopped at once, an update whose author does not
   * come back would be held by nobody.
   */
  async leave(): Promise<void> {
    const { payloads, vectors } = this.#options
    if (payloads === undefined) return
    for (const digest of vectors.heldOf(this.#round)) await keepAll(payloads, this.#round, vectors.parts(digest))
  }

  stop(): void {
    this.#pauses.end()
    this.beginRound(Number.POSITIVE_INFINITY)
    this.#adoption.abort()
  }

  perform(work: Work, done: Outcome['done'], failed: Outcome['failed']): void {
    const outcome = { done, failed }
    try {
      switch (work.kind) {
        case 'train':
          this.#train(work, outcome)
          break
        case 'fetch':
          this.#fetch(work, outcome)
          break
        case 'receive':
          this.#receive(work, outcome)
          break
        case 'announce':
          this.#announce(work, outcome)
          break
        case 'aggregate':
          this.#aggregate(work, outcome)
          break
        case 'average':
          this.#compute(
            work,
            (vectors) => vectors.average(work),
            (digest) => done({ kind: 'averaged', digest }),
            failed,
          )
          break
        case 'measure':
          done({ kind: 'measured', distances: this.#options.vectors.measure(work) })
          break
        case 'apply':
          this.#compute(
            work,
            (vectors) => vectors.apply(work),
            (model) => done({ kind: 'aggregated', model }),
            failed,
          )
          break
        case 'adopt':
          this.#adopt(work, outcome)
      }
    } catch (error) {
      failed(error as Error)
    }
  }

  /** Aborts when the round is over. */
  #whileRound(round: number, works = this.#rounds): AbortSignal {
    const controller = works.get(round) ?? new AbortController()
    works.set(round, controller)
    return controller.signal
  }

  #train(work: WorkOf<'train'>, { done, failed }: Outcome): void {
    const { round, count, executed, mayPause, model, weights, fewer } = work
    const { rounds = Number.POSITIVE_INFINITY, vectors, trainer, clock, watch } = this.#options
    // Where peers do not train once a round, those that are ahead go on for one more, of which others make their last.
    if (round > (count === undefined ? rounds : rounds + 1)) return
    const from = vectors.vector(model)
    if (from === undefined) throw new Error(`the model ${model} to train on is not held: this is a bug`)
    const paused = (): void => {
      const backTo = this.#options.pausing?.backTo?.(round, from)
      const asked = backTo !== undefined && { backTo }
      watch({ kind: 'paused', round, nowMs: clock.nowMs(), ...asked })
      if (mayPause) done({ kind: 'paused', ...asked })
      // Nobody would ask again, and more than f may pause: then none of them would come back to the round.
      else this.#pauses.onResumed({ round, from, signal: whileRound }, () => this.#train(work, { done, failed }))
    }
    const whileRound = this.#whileRound(round, this.#trainings)
    const signal = this.#pauses.unlessPaused({ round, from, signal: whileRound }, paused)
    if (signal.aborted) return
    const startedMs = clock.nowMs()
    const trained = (update: Update): void => {
      if (signal.aborted) return
      // From here on it is said: a pause begins with the next round.
      this.#pauses.end()
      const nowMs = clock.nowMs()
      watch({ kind: 'trained', round, tookMs: nowMs - startedMs, nowMs })
      // Where training outlasts its round, the update counts in one that follows.
      const of = Math.max(round, this.#round)
      const digest = vectors.hold(of, update)
      const vouches = this.#options.vouches?.(round)
      const safe = (): void => done({ kind: 'trained', digest, ...(vouches && { vouches }) })
      if (this.#options.payloads === undefined) safe()
      else {
        // Nobody may hear of an update that a crash could lose.
        // A copy: the row that it is in may be given to another before it is safe.
        const copies = vectors.parts(digest).map((part) => ({ ...part, bytes: part.bytes.slice() }))
        this.#keep(of, copies, safe, failed)
      }
    }
    const which = executed !== undefined && { executed }
    trainer.train({ round: count ?? round, ...which, model, from, signal, weights, fewer }, trained, failed)
  }

  #fetch({ round, member, isModel }: WorkOf<'fetch'>, { done, failed }: Outcome): void {
    const { vectors, holders, self, watch, clock } = this.#options
    const { digest } = member
    if (isModel) {
      this.#fetchModel(round, member, { done: () => done({ kind: 'held' }), failed })
      return
    }
    const held = (): void => {
      watch({ kind: 'held', round, nowMs: clock.nowMs() })
      const reason = vectors.fault(digest)
      done(reason === undefined ? { kind: 'held' } : { kind: 'unfit', reason })
    }
    const archived = (then: () => void): void => {
      const { payloads } = this.#options
      if (payloads === undefined) then()
      else
        Promise.all(vectors.parts(digest).map((part) => payloads.archive(round, part.digest, part.bytes)))
          .then(then)
          .catch(failed)
    }
    const signal = this.#whileRound(round)
    if (vectors.renew(digest, round)) archived(held)
    else {
      const sources = (chunk?: number): number[] => announcedSources(member.peer, holders(round, member, chunk), self)
      this.#pull({ round, digest, what: 'update', sources, signal, author: member.peer }, () => archived(held), failed)
    }
  }

  /** One that was certified, of a round that may be long ago. */
  #fetchModel(
    round: number,
    member: WorkOf<'fetch'>['member'],
    { done, failed }: { done: () => void; failed: Outcome['failed'] },
  ): void {
    const { vectors, holders, self } = this.#options
    const { digest } = member
    const held = (): void => {
      vectors.need(round, [digest])
      this.#keep(round, vectors.parts(digest), done, failed)
    }
    if (vectors.vector(digest) !== undefined) {
      held()
      return
    }
    const sources = (): number[] => announcedSources(member.peer, holders(round, member), self)
    this.#pull({ round, digest, what: 'model', sources, signal: this.#whileRound(round) }, held, failed)
  }

  #receive(work: WorkOf<'receive'>, { done, failed }: Outcome): void {
    const { holders, self } = this.#options
    const { round, member } = work
    const { peer: author, digest } = member
    const signal = this.#whileRound(round)
    const received = (held: string): void => {
      done({ kind: 'received', held })
      // What others hold will count, mostly, and is there when it does.
      const sources = (chunk?: number): number[] => holders(round, member, chunk)
      this.#pull({ round, digest, what: 'chunks', sources, signal, author }, () => {}, failed)
    }
    const listed = this.#receiver.receive(work, signal, received)
    // Whoever said what it holds has the list: not all are neighbours of the author.
    const sources = (): number[] => announcedSources(author, holders(round, member), self)
    this.#pull({ round, digest, what: 'offer', sources, signal }, listed, failed)
  }

  #announce(work: WorkOf<'announce'>, { done, failed }: Outcome): void {
    const { vectors } = this.#options
    const digest = announceChunks(work, vectors)
    this.#keep(work.round, vectors.parts(digest), () => done({ kind: 'announced', digest }), failed)
  }

  #aggregate(work: WorkOf<'aggregate'>, { done, failed }: Outcome): void {
    const { vectors } = this.#options
    const { round, model, members, before, order } = work
    if (order !== undefined) {
      this.#order(work, order, { done, failed })
      return
    }
    if (members.length === 0) {
      // Nothing is learnt from the round.
      done({ kind: 'aggregated', model })
      return
    }
    const compute = (): void =>
      this.#compute(
        work,
        (held) => held.aggregate(work),
        (model) => done({ kind: 'aggregated', model }),
        failed,
      )
    if (before === undefined || !vectors.needsBefore || vectors.vector(before.model) !== undefined) {
      compute()
      return
    }
    // Who was behind took the newest model from others, and lacks the one before.
    const sources = (): number[] => signersInTurn(round, before.signers)
    const signal = this.#whileRound(round)
    this.#pull({ round, digest: before.model, what: 'model', sources, signal }, compute, failed)
  }

  /** Pulls what an order needs and is not held, as of a peer that was behind; the last that comes has it computed. */
  #order(work: WorkOf<'aggregate'>, order: NonNullable<WorkOf<'aggregate'>['order']>, { done, failed }: Outcome): void {
    const { vectors } = this.#options
    const { round } = work
    const { needs, holders } = order
    const previous = vectors.needsBefore && work.before !== undefined ? [work.before.model] : []
    const missing = [
      ...needs.updates
        .filter((digest) => !vectors.renew(digest, round))
        .map((digest) => ({ what: 'update' as const, digest })),
      ...[...needs.models, ...previous]
        .filter((digest) => vectors.vector(digest) === undefined)
        .map((digest) => ({ what: 'model' as const, digest })),
    ]
    const compute = (): void => {
      if (vectors.order === undefined) throw new Error('vectors of rows are in no order: this is a bug')
      let ordered: Ordered | undefined
      this.#compute(
        work,
        () => {
          ordered = vectors.order!(work, order)
          return ordered.model
        },
        (model) => done({ kind: 'aggregated', model, ordered: ordered! }),
        failed,
      )
    }
    let left = missing.length
    if (left === 0) compute()
    const signal = this.#whileRound(round)
    const sources = (): number[] => signersInTurn(round, holders)
    const got = (): void => {
      if (--left === 0) compute()
    }
    for (const { what, digest } of missing) this.#pull({ round, digest, what, sources, signal }, got, failed)
  }

  #adopt({ round, model: digest, signers }: WorkOf<'adopt'>, { done, failed }: Outcome): void {
    const { vectors } = this.#options
    // A newer adoption replaces this one.
    this.#adoption.abort()
    this.#adoption = new AbortController()
    const { signal } = this.#adoption
    const adopted = (): void => done({ kind: 'adopted' })
    if (vectors.vector(digest) !== undefined) {
      adopted()
      return
    }
    const sources = (): number[] => signersInTurn(round, signers)
    this.#pull(
      { round, digest, what: 'model', sources, signal },
      () => this.#keep(round, vectors.parts(digest), adopted, failed),
      failed,
    )
  }

  #pull(wanted: Pulled, got: () => void, failed: Outcome['failed']): void {
    pullParts(this.#options, wanted, got, failed)
  }

  #compute(
    { round }: { readonly round: number },
    compute: (vectors: Vectors) => Digest,
    then: (digest: Digest) => void,
    failed: Outcome['failed'],
  ): void {
    const { vectors, clock, watch } = this.#options
    const startedMs = clock.nowMs()
    const digest = compute(vectors)
    const told = (): void => {
      const nowMs = clock.nowMs()
      watch({ kind: 'aggregated', round, tookMs: nowMs - startedMs, nowMs })
      then(digest)
    }
    this.#keep(round, vectors.parts(digest), told, failed)
  }

  #keep(round: number, parts: readonly Part[], then: () => void, failed: Outcome['failed']): void {
    const { payloads } = this.#options
    if (payloads === undefined) then()
    else keepAll(payloads, round, parts).then(then).catch(failed)
  }
}

async function keepAll(payloads: Payloads, round: number, parts: readonly Part[]): Promise<void> {
  await Promise.all(parts.map(({ digest, bytes }) => payloads.keep(round, digest, bytes)))
}
