import { isSparse } from '@hearsay/aggregation'
import { memberOf, type Statement, sealEnvelopes } from '@hearsay/protocol'
import type { Powers } from '../adversary.ts'
import { around, unanswering } from './around.ts'
import type { ProtocolAttack } from './attack.ts'

/**
 * In asynchronous agreement its gradients are honest, and the models that it names with them are none that it ever had: its gradient
 * reversed, `scale` times as long.
 *
 * At most f of them: by a robust rule a peer moves no farther than an honest model is off, in each parameter; all may move the same way,
 * by as much, whenever they take in models.
 *
 * More than f: models go where the liars say, as they do with fewer where the rule is the mean.
 *
 * Evidence: none: nobody else knows which model a peer had. Where models are not named it is honest.
 */
export const falseModel: ProtocolAttack<'false-model'> = {
  name: 'false-model',
  summary: 'in asynchronous agreement: name models that are far from those of others',
  deed: 'named models that it never had',
  options: {
    scale: { kind: 'number', summary: 'so many times as long as its gradient', above: 0, most: 1e6, default: 10 },
  },
  sendsUpdates: () => true,
  create: ({ scale }) => ({
    participant: (powers) =>
      around(unanswering(powers.honest()), (step) => ({
        ...step,
        sends: step.sends.flatMap(({ to, envelope }) => {
          const { author, round, previous, statements } = envelope
          const said = statements.map((statement) => renamed(statement, statements, round, scale as number, powers))
          if (author !== powers.self || said.every((statement, at) => statement === statements[at]))
            return [{ to, envelope }]
          return sealEnvelopes({ author, round, previous, statements: said }, powers.network).map((sealed) => ({
            to,
            envelope: sealed,
          }))
        }),
      })),
  }),
}

/** A word beside a gradient names the model that this was computed on. */
function renamed(
  statement: Statement,
  beside: readonly Statement[],
  round: number,
  scale: number,
  powers: Powers,
): Statement {
  const gradient = beside.find(({ kind, ...more }) => kind === 'init' && 'stage' in more)
  if (statement.kind !== 'word' || gradient === undefined || !('digest' in gradient)) return statement
  const update = powers.update(memberOf(powers.self, gradient.digest).digest)
  if (update === undefined || isSparse(update)) return statement
  return {
    ...statement,
    content: powers.offer(
      round,
      update.map((value) => -scale * value),
    ),
  }
}
