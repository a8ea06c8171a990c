import { encodeAsk, type Network } from '@hearsay/protocol'
import { around, type Changed, sparing } from './around.ts'
import type { ProtocolAttack } from './attack.ts'

const idDigits = 24
const mostIds = 4000

/**
 * Honest, and asks every honest peer without end: for all there is, with questions as long as they may be, and with
 * questions that say nothing.
 *
 * At most f of them: nothing. A neighbour is answered at a rate, late and not refused, so that what it asks beyond it waits
 * with itself; a long question counts for several, and one that is shorter than a chain ends the stream it came on.
 * Rounds cost what they cost without them (`pnpm bench:siege` measures it on libp2p).
 *
 * More than f: nothing either. They say what honest peers say, and each is answered at its own rate.
 *
 * Evidence: a question that says nothing is a fault that each neighbour sees for itself. Nothing that proves it to others:
 * to ask is none.
 */
export const pester: ProtocolAttack<'pester'> = {
  name: 'pester',
  summary: 'ask the others without end, for everything and for nothing',
  deed: 'asked without end',
  options: {
    perSecond: {
      kind: 'integer',
      summary: 'questions a second to each of the others',
      least: 1,
      most: 10_000,
      default: 200,
    },
  },
  sendsUpdates: () => true,
  create: ({ perSecond }) => ({
    participant: ({ honest, coalition, network }) => {
      const victims = coalition.halves.flat()
      const everyMs = Math.max(1, Math.round(1000 / (perSecond as number)))
      const questions = questionsTo(network)
      let asked = 0
      let wakeAtMs = Number.NEGATIVE_INFINITY
      return around(sparing(honest()), (step, { nowMs }): Changed => {
        if (nowMs < wakeAtMs) return { ...step, wakeAtMs }
        wakeAtMs = nowMs + everyMs
        const bytes = questions[asked++ % questions.length]!
        return { ...step, asks: [...step.asks, ...victims.map((to) => ({ to, bytes }))], wakeAtMs }
      })
    },
  }),
}

/** A chain of its genesis alone, with as many ids of envelopes that nobody has as there is room for, or with none. */
function questionsTo(network: Network): readonly Uint8Array[] {
  const locator = [{ round: 0, digest: network.genesis }]
  const ids = Array.from({ length: mostIds }, (_, id) => id.toString(16).padStart(idDigits, '0'))
  const [all, long] = [[], ids].map((held) => encodeAsk({ locator, held: new Set(held) }, network))
  return [all!, long!, new Uint8Array(1)]
}
