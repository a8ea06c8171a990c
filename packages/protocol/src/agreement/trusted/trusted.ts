import type { AgreementKind } from '../../shell/agreement.ts'
import { TrustedAgreement } from './trusted-agreement.ts'

/** Every peer takes in what all others say first, and believes that they said it to all. */
export const trusted: AgreementKind = {
  name: 'trusted',
  create: (shell, options) => new TrustedAgreement(shell, options),
  refuses: (statement, { previous }, { genesis }) => {
    if (statement.kind !== 'init' || statement.stage !== undefined) return 'a word where updates are only announced'
    return previous === genesis ? undefined : 'an envelope that builds on a checkpoint, of which there are none'
  },
}
