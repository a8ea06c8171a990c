import { type Participant, type Statement, sealEnvelopes, wrap } from '@hearsay/protocol'
import type { DriverNetwork } from './driver-network.ts'

/** An honest peer, whose words are replaced before it signs them, and who answers nobody. */
export function saying(of: DriverNetwork, self: number, replace: (statement: Statement) => Statement): Participant {
  const inner = of.honest(self)
  return wrap(inner, {
    answer: () => undefined,
    handle: (events, nowMs) => {
      const step = inner.handle(events, nowMs)
      const sends = step.sends.flatMap(({ to, envelope }) => {
        const statements = envelope.statements.map(replace)
        return sealEnvelopes({ ...envelope, statements }, of.roster.networks[self]!).map((other) => ({
          to,
          envelope: other,
        }))
      })
      return { ...step, sends }
    },
  })
}
