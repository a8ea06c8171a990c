import type { NumberOption } from '@hearsay/catalogue'
import { graceMs, type NamedAgreement, roundMsOption } from '../../shell/named.ts'
import { exact } from './exact.ts'

const timeoutMs = (usual: number): NumberOption => ({
  kind: 'integer',
  summary: 'how long the first step of a binary agreement waits for its coordinator, milliseconds',
  least: 1,
  most: 3_600_000,
  default: usual,
})

export const exactAgreement: NamedAgreement<'exact'> = {
  name: 'exact',
  summary: 'every honest peer takes in the same updates and ends a round with the same model',
  end: 'certified',
  weighs: true,
  options: {
    graceMs: graceMs('how long a peer waits for further updates after the first n − f, milliseconds'),
    timeoutMs: timeoutMs(100),
    roundMs: roundMsOption,
  },
  genesis: {
    graceMs: graceMs(
      'wait for further updates after the first n − f: time for an INIT, a question and the update, and then an ECHO and a READY',
      2000,
    ),
    timeoutMs: timeoutMs(500),
  },
  make: () => exact,
  describe: () => 'exact agreement',
}
