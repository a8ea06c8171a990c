import { checkpointToSign, decodeCheckpoint } from '../../chain/checkpoint.ts'
import type { AgreementKind } from '../../shell/agreement.ts'
import { ExactAgreement } from './exact-agreement.ts'

/** Peers end a round with one model, and a certificate of it. */
export const exact: AgreementKind = {
  name: 'exact',
  create: (shell, options) => new ExactAgreement(shell, options),
  refuses: (statement, { round, previous }, network) => {
    if ('stage' in statement) return 'a word of another agreement'
    if (statement.kind !== 'checkpoint') return undefined
    const checkpoint = decodeCheckpoint(statement.checkpoint, network)
    if (checkpoint === undefined || checkpoint.round !== round) return 'a checkpoint that is malformed'
    return checkpoint.previous === previous ? undefined : 'a checkpoint that builds on another than its envelope'
  },
  isSigned: (statement, author, network) =>
    statement.kind !== 'checkpoint' ||
    network.keys.verify(author, checkpointToSign(statement.checkpoint, network), statement.signature),
}
