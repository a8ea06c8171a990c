import { dirichlet as draw } from '../random.ts'
import type { Partition } from './partition.ts'
import { bySort, concatenate, cut, equalShares } from './pieces.ts'

export const dirichlet: Partition<'dirichlet'> = {
  name: 'dirichlet',
  summary: 'each class is divided among peers in proportions drawn from Dirichlet(alpha) (Yurochkin et al. 2019)',
  options: {
    alpha: { kind: 'number', summary: 'small: few classes a peer; large: nearly iid', least: 0.001, most: 1_000_000 },
  },
  by: 'labels',
  divide({ order, labels }, peers, { alpha }, random) {
    const pieces = bySort(order, labels!).map((members) => cut(members, draw(Number(alpha), peers, random)))
    return equalShares(peers).map((_, peer) => concatenate(pieces.map((piece) => piece[peer]!)))
  },
}
