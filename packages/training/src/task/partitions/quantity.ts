import { dirichlet } from '../random.ts'
import type { Partition } from './partition.ts'
import { cut } from './pieces.ts'

export const quantity: Partition<'quantity'> = {
  name: 'quantity',
  summary: 'all classes everywhere, sizes of the shares drawn from Dirichlet(alpha)',
  options: {
    alpha: {
      kind: 'number',
      summary: 'small: very unequal sizes; large: nearly equal',
      least: 0.001,
      most: 1_000_000,
    },
  },
  divide: ({ order }, peers, { alpha }, random) => cut(order, dirichlet(Number(alpha), peers, random)),
}
