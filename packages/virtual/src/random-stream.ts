import { namedStream, type RandomStream } from '@hearsay/catalogue/random'

/** The stream of one purpose in the virtual network. */
export function randomStream(seed: number, ...names: readonly (string | number)[]): RandomStream {
  return namedStream('virtual network', seed, ...names)
}
