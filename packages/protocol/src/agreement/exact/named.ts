import { graceMs, type NamedAgreement, ROUND_MS } from '../named.ts'
import { exact } from './exact.ts'

export const exactAgreement: NamedAgreement<'exact'> = {
  name: 'exact',
  summary: 'every honest peer takes in the same updates and ends a round with the same model',
  end: 'certified',
  weighs: true,
  options: {
    graceMs: graceMs('how long a peer waits for further updates after the first n − f, milliseconds'),
    timeoutMs: {
      kind: 'integer',
      summary: 'how long the first step of a binary agreement waits for its coordinator, milliseconds',
      least: 1,
      most: 3_600_000,
      default: 100,
    },
    roundMs: ROUND_MS,
  },
  make: () => exact,
  describe: () => 'exact agreement',
}
