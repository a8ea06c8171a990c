import { type NamedAgreement, roundMsOption } from '../../shell/named.ts'
import { trusted } from './trusted.ts'

export const trustedAgreement: NamedAgreement<'trusted'> = {
  name: 'trusted',
  summary:
    'no agreement, and no protection: every peer takes in all n updates as a server would, so that results of servers can be repeated',
  end: 'aggregated',
  takesAll: true,
  baseline: true,
  options: { roundMs: roundMsOption },
  make: () => trusted,
  describe: () => 'no agreement, all n updates',
}
