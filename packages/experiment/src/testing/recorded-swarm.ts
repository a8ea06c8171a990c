import type { Envelope, Event, Output } from '@hearsay/protocol'
import { ModelledSwarm, type ModelledSwarmOptions } from './modelled-swarm.ts'

type Ended = Extract<Output, { kind: 'round-ended' }>

interface Handled {
  readonly peer: number
  readonly events: readonly Event[]
  readonly nowMs: number
}

/** A swarm that keeps all that its peers said and did. */
export class RecordedSwarm extends ModelledSwarm {
  /** What each peer sent, in order. */
  readonly sent: Envelope[][]
  /** By honest peer, what its rounds ended with, in order. */
  readonly rounds: Ended[][]
  /** By peer, when it began to train for each round. */
  readonly begun: { readonly round: number; readonly atMs: number }[][]
  /** Honest peers that have come to the end of the network. */
  readonly ended = new Set<number>()
  /** What was handled, in order: the same events give the same steps. */
  readonly journal: Handled[] = []

  constructor(options: ModelledSwarmOptions) {
    super({
      ...options,
      onStep: (peer, step, events, nowMs) => {
        this.journal.push({ peer, events, nowMs })
        this.sent[peer]!.push(...step.sends.map(({ envelope }) => envelope))
        for (const work of step.work)
          if (work.kind === 'train' && work.round <= options.rounds)
            this.begun[peer]!.push({ round: work.round, atMs: nowMs })
        if (this.honest.includes(peer))
          for (const output of step.outputs) {
            if (output.kind === 'round-ended') this.rounds[peer]!.push(output)
            if (output.kind === 'ended') this.ended.add(peer)
          }
        options.onStep?.(peer, step, events, nowMs)
      },
    })
    const lists = <T>(): T[][] => Array.from({ length: options.peers }, () => [])
    this.sent = lists()
    this.rounds = lists()
    this.begun = lists()
  }

  /** Whether this round is over for every honest peer. */
  isOver(round: number): boolean {
    return this.honest.every((peer) => (this.rounds[peer]!.at(-1)?.round ?? 0) >= round)
  }

  /** Runs until this round is over for all honest peers, or this moment. */
  runRounds(round: number, untilMs = 60_000): this {
    this.network.run(() => this.isOver(round), untilMs)
    return this
  }

  /** Runs for so long. */
  runFor(ms: number): this {
    this.network.run(() => false, this.network.nowMs() + ms)
    return this
  }

  /** Kills a peer and starts it again from what it stored. */
  restart(peer: number): void {
    this.network.crash(peer)
    this.network.restart(peer)
  }
}
