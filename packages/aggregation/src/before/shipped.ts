// Pre-rules that ship: one line for each.
export { arc } from './arc.ts'
export { bucketing } from './bucketing.ts'
export { clipping } from './clipping.ts'
export { nnm } from './nnm.ts'
