import { checkpointToSign, decodeCheckpoint } from '../../chain/checkpoint.ts'
import { evictsIn } from '../../chain/eras.ts'
import type { AgreementKind } from '../../shell/agreement.ts'
import { ExactAgreement } from './exact-agreement.ts'

/** Peers end a round with one model, and a certificate of it. */
export const exact: AgreementKind = {
  name: 'exact',
  create: (shell, options) => new ExactAgreement(shell, options),
  refuses: (statement, { round, previous }, network) => {
    if ('stage' in statement) return 'a word of another agreement'
    if ('instance' in statement && statement.instance >= network.peers && !evictsIn(round, network))
      return 'a vote on who is out in a round that evicts nobody'
    if (statement.kind !== 'checkpoint') return undefined
    const checkpoint = decodeCheckpoint(statement.checkpoint, network)
    if (checkpoint === undefined || checkpoint.round !== round) return 'a checkpoint that is malformed'
    return checkpoint.previous === previous ? undefined : 'a checkpoint that builds on another than its envelope'
  },
  isSigned: (statement, author, network) =>
    statement.kind !== 'checkpoint' ||
    network.keys.verify(author, checkpointToSign(statement.checkpoint, network), statement.signature),
}

/** The same, and in every so manieth round those who are proven to lie lose their weight. */
export function exactBy({ evictEvery }: { readonly evictEvery?: number | undefined }): AgreementKind {
  return evictEvery === undefined ? exact : { ...exact, evictEvery }
}
