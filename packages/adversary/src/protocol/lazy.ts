import { type Event, memberOf, type Step, type Work } from '@hearsay/protocol'
import { around, unanswering, unrelaying } from './around.ts'
import type { ProtocolAttack } from './attack.ts'

/**
 * Does the least that lets it take part: it trains nothing, and announces as its own the first update of the round that
 * somebody else announces. It passes nothing on and answers nobody. It votes as an honest peer does, since its copy is to
 * count.
 *
 * At most f of them: the one whose update is copied counts for so many more, which a rule bounds as it bounds any f updates
 * in the honest range; see mimic for the worst choice of whom to copy. The data of a lazy peer is not learned from.
 *
 * More than f: agreement is untouched, since it says nothing false; what is learned is what few peers have.
 *
 * Evidence: none. Two peers may honestly make the same update, and whoever is slower proves nothing.
 */
export const lazy: ProtocolAttack<'lazy'> = {
  name: 'lazy',
  summary: 'train nothing and send a copy of the first update of another',
  deed: 'sent copies of the updates of others',
  options: {},
  create: () => ({
    participant: ({ honest }) => {
      const peer = honest()
      const copied = new Map<number, string>()
      let task: Work | undefined
      const inner = around(peer, (step, { events, nowMs }) => {
        for (const event of events) note(event, copied)
        const train = step.work.find(({ kind }) => kind === 'train')
        task = train ?? task
        const rest = { ...step, work: step.work.filter((work) => work !== train) }
        const digest = task && copied.get(task.round)
        if (task === undefined || digest === undefined) return rest
        const { id, round } = task
        task = undefined
        for (const known of copied.keys()) if (known < round) copied.delete(known)
        return joined(rest, peer.handle([{ kind: 'done', id, result: { kind: 'trained', digest } }], nowMs))
      })
      return unanswering(unrelaying(inner))
    },
  }),
}

/** Remembers the first update that is announced in a round. */
function note(event: Event, copied: Map<number, string>): void {
  if (event.kind !== 'envelope') return
  const { author, round, statements } = event.envelope
  for (const statement of statements)
    if (statement.kind === 'init' && !copied.has(round)) copied.set(round, memberOf(author, statement.digest).digest)
}

function joined(first: Step, second: Step): Step {
  return {
    sends: [...first.sends, ...second.sends],
    asks: [...first.asks, ...second.asks],
    timers: [...first.timers, ...second.timers],
    work: [...first.work, ...second.work],
    outputs: [...first.outputs, ...second.outputs],
    faults: [...first.faults, ...second.faults],
  }
}
