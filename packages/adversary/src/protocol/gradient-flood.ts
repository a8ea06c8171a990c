import { type Envelope, type Statement, sealEnvelopes } from '@hearsay/protocol'
import { around } from './around.ts'
import type { ProtocolAttack } from './attack.ts'

/**
 * In asynchronous agreement each of its gradients is announced again and again, by numbers that rise, as if it had trained so often.
 *
 * At most f of them: an honest peer pulls two of an author in a round, whatever it announces, and holds the newest that waits. By the
 * strict frequency filter it passes no more often than anybody; without that filter its gradients are most of what is applied.
 *
 * More than f: the same, and with a frequency filter nothing but that f + 1 of 2f + 1 are honest no longer.
 *
 * Evidence: none: nothing that it says contradicts another word of it. Where peers are in rounds it is honest.
 */
export const gradientFlood: ProtocolAttack<'gradient-flood'> = {
  name: 'gradient-flood',
  summary: 'in asynchronous agreement: announce each gradient again and again, as new ones',
  deed: 'announced gradients again and again',
  options: { times: { kind: 'integer', summary: 'so often each', least: 2, most: 100, default: 20 } },
  sendsUpdates: () => true,
  create: ({ times }) => ({
    participant: ({ self, network, honest }) =>
      around(honest(), (step) => ({
        ...step,
        sends: step.sends.flatMap(({ to, envelope }) =>
          envelope.author !== self || !envelope.statements.some(isGradient)
            ? [{ to, envelope }]
            : numbered(envelope, times as number).flatMap((said) =>
                sealEnvelopes(said, network).map((sealed) => ({ to, envelope: sealed })),
              ),
        ),
      })),
  }),
}

const isGradient = (statement: Statement): boolean => statement.kind === 'init' && statement.stage !== undefined

/** Each number becomes so many of its own, so that none is said twice. */
const numbered = ({ author, round, previous, statements }: Envelope, times: number) =>
  Array.from({ length: times }, (_, at) => ({ author, round: round * times + at, previous, statements }))
