/**
 * What keeps models together where each peer judges for itself. Every `mixEvery` rounds a peer takes in how far the models of others
 * are from its own, by the aggregation rule of the network, over n − f peers of which it is one.
 *
 * How far a model is off: with its gradient an author announces the digest of the model that it was computed on. That model is pulled,
 * and held against the one that this peer had when the author began with it, as far as it can know: when it heard of the gradient
 * before (inbox.ts). So what both have learnt meanwhile is in neither, and who is slow is not pulled back.
 *
 * 1. In a round whose number `mixEvery` divides, and until it is done, ask for the model of each author whose newest
 *    announcement is of a time after this peer moved last: else it would take in once more what it took in then. Of an author
 *    one at a time, and no more than one a round.
 * 2. When those of n − f − 1 are held, move by what the rule makes of them and of 0, which is this peer's own.
 *
 * With n ≥ 3f + 1 more than half of those are honest, so by a rule such as the median a peer moves, in each parameter, no farther than
 * an honest model is off. Liars can so pull all by as much as honest models are apart, each time; what they say costs
 * a pull a round. Who began late moves to where the others are. Nobody is waited for: gradients are judged meanwhile.
 */
import type { Position } from '../../roster/position.ts'
import type { Digest } from '../../words/digest.ts'
import type { Averaged } from '../../words/member.ts'
import type { Standpoint } from './inbox.ts'

export interface MixingOptions {
  readonly self: Position
  readonly every: number
  /** How many models, this peer's own among them, are enough: n − f. */
  readonly enough: number
  readonly pull: (author: Position, model: Digest) => void
  readonly mix: (others: readonly Averaged[]) => void
}

/** The newest announcement of an author: which model it names, and what this peer had then. */
interface Claim {
  readonly number: number
  readonly from: Standpoint
  readonly model?: Digest
}

interface Pulled {
  readonly model: Digest
  readonly less: Digest
  readonly round: number
  readonly held: boolean
}

export class Mixing {
  readonly #options: MixingOptions
  readonly #claims = new Map<Position, Claim>()
  #pulled = new Map<Position, Pulled>()
  #round = 0
  #isOpen = false
  /** It has what it needs, and has not moved yet. */
  #isMoving = false
  /** As many updates there had been when this peer moved last. */
  #movedAt = 0

  constructor(options: MixingOptions) {
    this.#options = options
  }

  /** What else has to be held. */
  get named(): Digest[] {
    const pulled = [...this.#pulled.values()].flatMap(({ model, less }) => [model, less])
    return [...[...this.#claims.values()].map(({ from }) => from.model), ...pulled]
  }

  /** Gives whose models are not waited for any more. */
  beginRound(round: number, isGathering: boolean): { readonly author: Position; readonly digest: Digest }[] {
    const { every } = this.#options
    this.#round = round
    if (every > 0 && !isGathering && round % every === 0) this.#isOpen = true
    const late = [...this.#pulled].filter(([, { held, round: since }]) => !held && since < round - 1)
    for (const [author] of late) this.#pulled.delete(author)
    for (const author of this.#claims.keys()) this.#ask(author)
    return late.map(([author, { model: digest }]) => ({ author, digest }))
  }

  /** Nothing that was pulled comes any more: it is asked for anew. */
  renew(): void {
    for (const [author, { held }] of this.#pulled) if (!held) this.#pulled.delete(author)
    for (const author of this.#claims.keys()) this.#ask(author)
  }

  /** It announced a gradient by this number; `from` is what stands here for the model that it was computed on. */
  announced(author: Position, number: number, from: Standpoint): void {
    if (this.#options.every > 0 && author !== this.#options.self) this.#claims.set(author, { number, from })
  }

  /** It says that the gradient of this number was computed on this model. */
  says(author: Position, number: number, model: Digest): void {
    const claim = this.#claims.get(author)
    if (claim?.number !== number || claim.model !== undefined) return
    this.#claims.set(author, { ...claim, model })
    this.#ask(author)
  }

  /** The model is held, and sound; or else nobody should use it. */
  pulled(author: Position, model: Digest, sound: boolean): void {
    const pulled = this.#pulled.get(author)
    if (pulled?.model !== model || pulled.held) return
    if (!sound) {
      this.#pulled.delete(author)
      return
    }
    this.#pulled.set(author, { ...pulled, held: true })
    const held = [...this.#pulled].filter(([, each]) => each.held).sort(([a], [b]) => a - b)
    if (this.#isMoving || held.length + 1 < this.#options.enough) return
    this.#isOpen = false
    this.#isMoving = true
    this.#options.mix(held.map(([peer, each]) => ({ peer, digest: each.model, less: each.less })))
  }

  /** It has moved; there had been so many updates. */
  moved(epoch: number): void {
    this.#isMoving = false
    this.#movedAt = epoch
    this.#pulled = new Map()
    for (const [author, { from }] of this.#claims) if (from.epoch < epoch) this.#claims.delete(author)
  }

  #ask(author: Position): void {
    const claim = this.#claims.get(author)
    if (!this.#isOpen || this.#isMoving || claim?.model === undefined || claim.from.epoch < this.#movedAt) return
    if (this.#pulled.has(author)) return
    this.#pulled.set(author, { model: claim.model, less: claim.from.model, round: this.#round, held: false })
    this.#options.pull(author, claim.model)
  }
}
