import type { NumberOption } from '@hearsay/catalogue'
import { graceMs, type NamedAgreement, roundMsOption } from '../../shell/named.ts'
import { exactBy } from './exact.ts'

const timeoutMs = (usual: number): NumberOption => ({
  kind: 'integer',
  summary: 'how long the first step of a binary agreement waits for its coordinator, milliseconds',
  least: 1,
  most: 3_600_000,
  default: usual,
})

const evictEvery: NumberOption = {
  kind: 'integer',
  summary: 'in every so manieth round peers agree on who is proven to lie, and it loses its weight two rounds later',
  least: 1,
  most: 1_000_000,
  optional: true,
}

export const exactAgreement: NamedAgreement<'exact'> = {
  name: 'exact',
  summary: 'every honest peer takes in the same updates and ends a round with the same model',
  end: 'certified',
  weighs: true,
  options: {
    graceMs: graceMs('how long a peer waits for further updates after the first n − f, milliseconds'),
    timeoutMs: timeoutMs(100),
    roundMs: roundMsOption,
    evictEvery,
  },
  genesis: {
    graceMs: graceMs(
      'wait for further updates after the first n − f: time for an INIT, a question and the update, and then an ECHO and a READY',
      2000,
    ),
    timeoutMs: timeoutMs(500),
    evictEvery,
  },
  make: (settings) => exactBy(settings as { readonly evictEvery?: number }),
  describe: () => 'exact agreement',
}
