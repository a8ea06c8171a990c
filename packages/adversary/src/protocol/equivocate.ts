import { checkpointToSign, decodeCheckpoint, encodeCheckpoint, type Statement, sealEnvelopes } from '@hearsay/protocol'
import type { Adversary, Powers } from '../adversary.ts'

/**
 * Follows the protocol with two tongues: what it says to one half of the honest peers it contradicts, signed, to the
 * other. The second half gets another update (the first, negated), the opposite bits, and a checkpoint of another model.
 *
 * At most f of them: reliable broadcast lets at most one of two updates be delivered, agreement needs more honest votes
 * than a liar can split, and no half reaches a quorum for a second checkpoint: all honest peers certify one chain, later
 * at worst. As soon as both tongues meet at one honest peer, which passes on what it hears, the liar is named by its
 * own signatures, and no longer heard in that round. More than f may stop rounds; to fork the chain, they have to keep
 * the halves apart too (see split-brain).
 */
export function equivocate(): Adversary {
  return {
    participant: (powers) => {
      const honest = powers.honest()
      const { halves, liars } = powers.coalition
      return {
        open: (bytes) => honest.open(bytes),
        answer: (ask, from) => honest.answer(ask, from),
        holders: (round, member) => honest.holders(round, member),
        handle: (events, nowMs) => {
          const step = honest.handle(events, nowMs)
          const sends = step.sends.flatMap(({ envelope }) => {
            const { author, round, previous } = envelope
            const statements = envelope.statements.map((statement) => contradict(statement, round, powers))
            const other = sealEnvelopes({ author, round, previous, statements }, powers.network)
            return [
              { to: [...halves[0], ...liars], envelope },
              ...other.map((envelope) => ({ to: halves[1], envelope })),
            ]
          })
          return { ...step, sends }
        },
      }
    },
  }
}

function contradict(statement: Statement, round: number, powers: Powers): Statement {
  switch (statement.kind) {
    case 'init': {
      const update = powers.update(statement.digest)
      return update === undefined
        ? statement
        : {
            kind: 'init',
            digest: powers.offer(
              round,
              update.map((value) => -value),
            ),
          }
    }
    case 'estimate':
    case 'coordinate':
      return { ...statement, value: statement.value === 0 ? 1 : 0 }
    case 'auxiliary':
      return { ...statement, values: statement.values === 1 ? 2 : 1 }
    case 'checkpoint': {
      const checkpoint = decodeCheckpoint(statement.checkpoint, powers.network)
      if (checkpoint === undefined) return statement
      const other = encodeCheckpoint({ ...checkpoint, model: checkpoint.previous })
      const signature = powers.network.keys.sign(checkpointToSign(other, powers.network))
      return { kind: 'checkpoint', checkpoint: other, signature }
    }
    default:
      return statement
  }
}
