import type { Partition } from './partition.ts'

export const own: Partition<'own'> = {
  name: 'own',
  summary:
    'nothing is divided: each peer has all samples of the data, which hearsay start reads from a place of its own',
  options: {},
  whole: true,
  divide: ({ order }, peers) => Array.from({ length: peers }, () => order),
}
