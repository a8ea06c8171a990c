// Losses that ship: one line for each.
export { absolute } from './absolute.ts'
export { binary } from './binary.ts'
export { crossEntropy } from './cross-entropy.ts'
export { huber } from './huber.ts'
export { multiLabel } from './multi-label.ts'
export { squared } from './squared.ts'
