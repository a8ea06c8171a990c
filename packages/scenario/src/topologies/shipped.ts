// Topologies that ship: one line for each.
export { edges } from './edges.ts'
export { full } from './full.ts'
export { random } from './random.ts'
export { ring } from './ring.ts'
