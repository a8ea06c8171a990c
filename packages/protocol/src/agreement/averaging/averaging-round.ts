/**
 * One round of learning by averaging agreement, of one peer: train, gather updates and aggregate them, agree on the
 * result in some stages if data are heterogeneous, add it to the model, agree on models in a last stage.
 *
 * A peer answers in every stage as soon as it hears of it, before it gets there and after it has left. One that lagged too
 * far joins: it says nothing of its own, and takes in the models of the last stage like anybody; under nna, where it has
 * nothing of its own to be near to, by minimum diameter, so that its model is within their diameter of an honest one.
 */
import type { Position } from '../../roster/position.ts'
import type { Unnumbered } from '../../shell/agenda.ts'
import type { Place } from '../../shell/own-words.ts'
import type { AverageBy, Result, Work } from '../../shell/step.ts'
import type { Digest } from '../../words/digest.ts'
import type { Member } from '../../words/member.ts'
import type { Network } from '../../words/network.ts'
import type { Statement } from '../../words/statements.ts'
import type { Gathering, GatheringEffects } from './gathering.ts'
import { PlainGathering } from './plain-gathering.ts'
import { type Averaging, lastStage } from './settings.ts'
import { WitnessedGathering } from './witnessed-gathering.ts'

export type AveragingWork = Unnumbered<Work>

export interface AveragingRoundEffects {
  say(statement: Statement): void
  /** The timer of a stage, of the stated time of synchronous networks. */
  timer(stage: number): void
  work(work: AveragingWork): void
  /** What was gathered at a stage is held. */
  gathered(stage: number, members: readonly Member[]): void
  /** The model of the round. */
  averaged(model: Digest, members: readonly Member[]): void
}

export class AveragingRound {
  readonly number: number
  readonly previous: Digest
  readonly #start: AveragingRoundStart
  readonly #network: Network
  readonly #averaging: Averaging
  readonly #effects: AveragingRoundEffects
  readonly #gatherings = new Map<number, Gathering>()
  readonly #wanted = new Set<string>()
  readonly #held = new Set<string>()
  readonly #inputs = new Map<number, Digest>()
  readonly #last: number
  #stage: number
  #state: 'gathering' | 'averaging' | 'over' = 'gathering'

  constructor(start: AveragingRoundStart, network: Network, effects: AveragingRoundEffects) {
    this.number = start.number
    this.previous = start.previous
    this.#start = start
    this.#network = network
    this.#averaging = start.averaging
    this.#effects = effects
    this.#last = lastStage(start.number, start.averaging)
    this.#stage = start.joins ? this.#last : 0
  }

  start(): void {
    this.#effects.work({ kind: 'train', round: this.number, model: this.#start.model })
  }

  /** The peer goes on without this round, in which it only answers from now on. */
  leave(): void {
    this.#state = 'over'
  }

  onStatement(from: Position, statement: Statement): void {
    const stage = 'stage' in statement ? statement.stage : undefined
    if (stage === undefined || stage > this.#last) return
    this.#gathering(stage).onStatement(from, statement)
    if (from === this.#start.self && statement.kind === 'init') this.#inputs.set(stage, statement.digest)
    this.#progress()
  }

  onTimer(stage: number): void {
    this.#gathering(stage).onTimer()
    this.#progress()
  }

  onDone(work: AveragingWork, result: Result): void {
    if (work.kind === 'train' && result.kind === 'trained') {
      this.#effects.say({ kind: 'init', stage: 0, digest: result.digest })
    } else if (work.kind === 'fetch' && result.kind === 'held') {
      const { stage = 0, member } = work
      this.#held.add(key(stage, member))
      this.#gathering(stage).onHeld(member)
    } else if (work.kind === 'average' && result.kind === 'averaged') {
      this.#onAveraged(work.members, result.digest)
    }
    this.#progress()
  }

  /** Others who may hold a vector of this round. */
  holders(member: Member): number[] {
    const all = [...this.#gatherings.values()].flatMap((gathering) => gathering.holders(member))
    return [...new Set(all)].sort((a, b) => a - b)
  }

  #gathering(stage: number): Gathering {
    const known = this.#gatherings.get(stage)
    if (known !== undefined) return known
    const { quorums } = this.#network
    const { method, mode } = this.#averaging
    const effects: GatheringEffects = {
      say: (statement) => this.#effects.say({ ...statement, stage }),
      want: (member) => this.#want(stage, member),
      timer: () => this.#effects.timer(stage),
    }
    const self = this.#start.joins ? undefined : this.#start.self
    const gathering =
      method === 'rb-tm' ? new WitnessedGathering(quorums, effects) : new PlainGathering(self, mode, quorums, effects)
    this.#gatherings.set(stage, gathering)
    return gathering
  }

  #want(stage: number, member: Member): void {
    if (this.#wanted.has(key(stage, member))) return
    this.#wanted.add(key(stage, member))
    this.#effects.work({ kind: 'fetch', round: this.number, stage, member })
  }

  #progress(): void {
    const stage = this.#stage
    // Others wait for this peer's word of the stage, so it does not pass over one.
    if (this.#state !== 'gathering' || (!this.#start.joins && !this.#inputs.has(stage))) return
    const members = this.#gathering(stage).result
    if (members === undefined) return
    for (const member of members) this.#want(stage, member)
    if (!members.every((member) => this.#held.has(key(stage, member)))) return
    this.#state = 'averaging'
    this.#effects.gathered(stage, members)
    this.#effects.work({
      kind: 'average',
      round: this.number,
      stage,
      by: this.#by(stage),
      members: this.#filled(stage, members),
      ...(stage === this.#last - 1 && { onto: this.#start.model }),
      into: stage === this.#last ? 'model' : 'vector',
    })
  }

  #by(stage: number): AverageBy {
    if (stage === 0) return { kind: 'rule' }
    const { method, mode } = this.#averaging
    const own = this.#inputs.get(stage)
    const { total, tolerated } = this.#network.quorums
    if (method === 'nna' && own !== undefined)
      return { kind: 'nna', nearestTo: own, keep: total - (mode === 'synchronous' ? 1 : 2) * tolerated }
    // Who joins has nothing to be near to but a model of rounds ago, where a liar may still stand: those near each other count.
    return { kind: method === 'nna' || method === 'mda' ? 'mda' : 'trimmed-mean', tolerated }
  }

  /**
   * In a synchronous network who did not speak in time lies, and is taken to have said what this peer said: no worse than
   * what it might have said, and the averages are then of n vectors for all.
   */
  #filled(stage: number, members: readonly Member[]): readonly Member[] {
    const own = this.#inputs.get(stage)
    const { method, mode } = this.#averaging
    if (mode !== 'synchronous' || method === 'nna' || stage === 0 || own === undefined) return members
    const byPeer = new Map(members.map((member) => [member.peer, member]))
    return Array.from({ length: this.#network.peers }, (_, peer) => byPeer.get(peer) ?? { peer, digest: own })
  }

  #onAveraged(members: readonly Member[], digest: Digest): void {
    if (this.#stage === this.#last) {
      this.#state = 'over'
      this.#effects.averaged(digest, members)
      return
    }
    this.#state = 'gathering'
    this.#stage++
    this.#effects.say({ kind: 'init', stage: this.#stage, digest })
  }
}

export interface AveragingRoundStart extends Place {
  readonly averaging: Averaging
  readonly self: Position
  /** The model before the round. */
  readonly model: Digest
  readonly joins: boolean
}

function key(stage: number, { peer, digest }: Member): string {
  return `${stage}:${peer}:${digest}`
}
