import { checkpointToSign, decodeCheckpoint } from '../../chain/checkpoint.ts'
import { evictsIn } from '../../chain/eras.ts'
import { hearsVouches } from '../../chain/standing.ts'
import type { Position } from '../../roster/position.ts'
import type { AgreementKind } from '../../shell/agreement.ts'
import { digestBytes } from '../../words/digest.ts'
import type { PauseTerms } from '../../words/pauses.ts'
import type { Statement } from '../../words/statements.ts'
import { saidIn } from '../../words/vouches.ts'
import { ExactAgreement } from './exact-agreement.ts'
import { isOffered } from './offers.ts'

/** Peers end a round with one model, and a certificate of it. */
export const exact: AgreementKind = {
  name: 'exact',
  create: (shell, options) => new ExactAgreement(shell, options),
  refuses: (statement, { author, round, previous }, network) => {
    if (statement.kind === 'word' || statement.kind === 'witness' || ('stage' in statement && !isOffered(statement)))
      return 'a word of another agreement'
    if (isOffered(statement))
      return network.agreement.chunkMs === undefined ? 'an offer where updates go whole' : undefined
    if ('instance' in statement && statement.instance >= network.peers && !evictsIn(round, network))
      return 'a vote on who is out in a round that evicts nobody'
    if ('digest' in statement && statement.digest.length > 2 * digestBytes)
      return hearsVouches(round, network) && saidIn(statement.digest, senderOf(statement, author), network.peers)
        ? undefined
        : 'vouches that are malformed, or in a round that hears none'
    if (statement.kind !== 'checkpoint') return undefined
    const checkpoint = decodeCheckpoint(statement.checkpoint, network)
    if (checkpoint === undefined || checkpoint.round !== round) return 'a checkpoint that is malformed'
    return checkpoint.previous === previous ? undefined : 'a checkpoint that builds on another than its envelope'
  },
  isSigned: (statement, author, network) =>
    statement.kind !== 'checkpoint' ||
    network.keys.verify(author, checkpointToSign(statement.checkpoint, network), statement.signature),
}

function senderOf(statement: Statement, author: Position): Position {
  return 'sender' in statement ? statement.sender : author
}

/** The same, and in every so manieth round those who are proven to lie lose their weight; pauses count; or updates go in chunks. */
export function exactBy({
  evictEvery,
  pauses,
  chunkMs,
}: {
  readonly evictEvery?: number | undefined
  readonly pauses?: PauseTerms | undefined
  readonly chunkMs?: number | undefined
}): AgreementKind {
  const more = { ...(evictEvery !== undefined && { evictEvery }), ...(chunkMs !== undefined && { chunkMs }) }
  return { ...exact, ...more, ...(pauses && { pauses }) }
}
