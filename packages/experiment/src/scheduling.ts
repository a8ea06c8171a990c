import type { Adversary } from '@hearsay/adversary'
import type { VirtualNetworkOptions } from '@hearsay/virtual'

type Schedule = Pick<VirtualNetworkOptions, 'delay' | 'delayAnswer'>

/** How much later messages should be than they are: the greatest wish of all liars; left out when nobody wishes. */
export function latest(liars: readonly Pick<Adversary, 'delay' | 'delayAnswer'>[]): Schedule {
  const delays = liars.flatMap((liar) => liar.delay?.bind(liar) ?? [])
  const answers = liars.flatMap((liar) => liar.delayAnswer?.bind(liar) ?? [])
  return {
    ...(delays.length > 0 && { delay: (message) => Math.max(...delays.map((delay) => delay(message))) }),
    ...(answers.length > 0 && { delayAnswer: (hop) => Math.max(...answers.map((delay) => delay(hop))) }),
  }
}
