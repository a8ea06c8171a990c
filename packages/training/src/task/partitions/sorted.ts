import type { Partition } from './partition.ts'
import { bySort, concatenate, cut, equalShares } from './pieces.ts'

export const sorted: Partition<'sorted'> = {
  name: 'sorted',
  summary:
    'samples sorted by class, in equal pieces one after the other: as unlike as they can be (Karimireddy, He, Jaggi 2022)',
  options: {},
  by: 'labels',
  divide: ({ order, labels }, peers) => cut(concatenate(bySort(order, labels!)), equalShares(peers)),
}
