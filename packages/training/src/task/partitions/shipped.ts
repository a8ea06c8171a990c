// Partitions that ship: one line for each.
export { dirichlet } from './dirichlet.ts'
export { group } from './group.ts'
export { iid } from './iid.ts'
export { own } from './own.ts'
export { quantity } from './quantity.ts'
export { shards } from './shards.ts'
export { sorted } from './sorted.ts'
