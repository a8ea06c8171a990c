import type { Holdings } from '@hearsay/training'
import { csvLine } from './csv.ts'

/** `holdings.json` of a job: who had what of the training data, and who of them lied. */
export interface JobHoldings extends Holdings {
  readonly cell: number
  readonly seed: number
  readonly liars: readonly number[]
}

export const holdingsHeader = 'cell,seed,peer,lies,of,samples'

/** A line for each peer and class, or fifth of the numbers that are learnt; or a line a peer where neither is known. */
export function holdingsLines({ cell, seed, liars, columns, counts, sizes }: JobHoldings): string[] {
  return sizes.flatMap((size, peer) => {
    const own =
      columns.length === 0 ? [['', size] as const] : columns.map((of, at) => [of, counts[peer]![at]!] as const)
    return own.map(([of, samples]) => csvLine([cell, seed, peer, liars.includes(peer), of, samples]))
  })
}
