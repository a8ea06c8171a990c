/** Peers of a swarm that are killed, and started again without what they said. */

import { equivocation, verifyEvidence } from '../chain/evidence.ts'
import type { Participant, Result, Step, Work } from '../shell/step.ts'
import type { Network } from '../words/network.ts'
import type { Envelope } from '../words/words.ts'
import { digest } from './network.ts'
import type { Swarm } from './swarm.ts'

const nothing: Step = { sends: [], asks: [], timers: [], work: [], outputs: [], faults: [] }

/** Every life of a peer trains something else, as on another engine. */
export class Lives {
  readonly lives: number[]

  constructor(peers: number) {
    this.lives = Array(peers).fill(0)
  }

  readonly perform = (peer: number, work: Work): Result | undefined => {
    if (work.kind === 'fetch') return { kind: 'held' }
    if (work.kind !== 'train') return undefined
    return { kind: 'trained', digest: digest(`update ${peer} ${work.round} of life ${this.lives[peer]}`) }
  }
}

/** What it said last is on its way still. */
export function kill(swarm: Swarm, self: number): void {
  const dead: Participant = {
    open: () => ({ verdict: 'ignore' }),
    handle: () => nothing,
    answer: () => undefined,
    holders: () => [],
  }
  swarm.replace(self, dead)
  swarm.run(swarm.nowMs + 100)
}

/** Rounds in which an author said two things in one slot. */
export function contradictions(sent: readonly Envelope[], network: Network): string[] {
  const distinct = [...new Map(sent.map((envelope) => [envelope.id, envelope])).values()]
  return distinct.flatMap((first, at) =>
    distinct.slice(at + 1).flatMap((second) => {
      if (first.round !== second.round) return []
      const evidence = verifyEvidence(equivocation(first, second, network).bytes, network)
      return typeof evidence === 'string' ? [] : [`round ${first.round} by ${first.author}`]
    }),
  )
}

/** What honest peers said against themselves, and who of them is accused or has halted. */
export function wrongs(swarm: Swarm): unknown[] {
  return [
    ...swarm.honest.flatMap((peer) => contradictions(swarm.sent[peer]!, swarm.optionsOf(peer).network)),
    ...swarm.culprits(),
    ...swarm.halted,
  ]
}
