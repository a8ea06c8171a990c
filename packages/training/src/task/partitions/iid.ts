import type { Partition } from './partition.ts'
import { cut, equalShares } from './pieces.ts'

export const iid: Partition<'iid'> = {
  name: 'iid',
  summary: 'shares of equal size, drawn at random',
  options: {},
  divide: ({ order }, peers) => cut(order, equalShares(peers)),
}
