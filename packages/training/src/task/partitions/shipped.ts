// Partitions that ship: one line for each.
export { dirichlet } from './dirichlet.ts'
export { iid } from './iid.ts'
export { quantity } from './quantity.ts'
export { shards } from './shards.ts'
