import type { Step } from '@hearsay/protocol'
import { around, unanswering } from './around.ts'
import type { ProtocolAttack } from './attack.ts'

/**
 * Honest in all that it says, and says everything so much later.
 *
 * At most f of them: no honest peer waits for them, but for the grace time in which a slow update is still taken in. With a
 * delay within it their updates count and each round is so much slower; beyond it they are left out, and cost it.
 *
 * More than f: n−f peers have to speak before anything is decided, so every step of a round waits for the least late of
 * those that are needed: rounds are certified, as slowly as they like. To be late for ever is to be silent.
 *
 * Evidence: none. An honest peer on a slow link looks the same.
 */
export const late: ProtocolAttack<'late'> = {
  name: 'late',
  summary: 'say everything later',
  deed: 'said everything late',
  options: {
    delayMs: { kind: 'integer', summary: 'by how much, in ms', least: 1, most: 3_600_000, default: 500 },
  },
  sendsUpdates: () => true,
  create: ({ delayMs }) => ({
    participant: ({ honest }) => {
      let waiting: { readonly dueMs: number; readonly sends: Step['sends'] }[] = []
      const inner = around(honest(), (step, { nowMs }) => {
        const due = waiting.filter(({ dueMs }) => dueMs <= nowMs)
        waiting = waiting.filter(({ dueMs }) => dueMs > nowMs)
        if (step.sends.length > 0) waiting.push({ dueMs: nowMs + (delayMs as number), sends: step.sends })
        const sends = due.flatMap((earlier) => earlier.sends)
        const [next] = waiting
        return { ...step, sends, ...(next && { wakeAtMs: next.dueMs }) }
      })
      return unanswering(inner)
    },
  }),
}
