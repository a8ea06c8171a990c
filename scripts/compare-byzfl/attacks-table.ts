import type { ByzflCall } from './byzfl.ts'
import type { Comparison } from './compare.ts'

/** Attacks that ByzFL has too, with what it calls them. Its inputs are the honest vectors only. */
const LINES: readonly { name: string; byzfl: ByzflCall; remark: string }[] = [
  { name: 'sign-flip', byzfl: { class: 'SignFlipping', arguments: {} }, remark: '−μ' },
  { name: 'inner-product', byzfl: { class: 'InnerProductManipulation', arguments: { tau: 2 } }, remark: 'τ = 2' },
  { name: 'little-is-enough', byzfl: { class: 'ALittleIsEnough', arguments: { tau: 1.5 } }, remark: 'z = 1.5' },
  { name: 'mimic', byzfl: { class: 'Mimic', arguments: { epsilon: 0 } }, remark: 'ByzFL copies a given row' },
]

export const attackComparisons = (): Comparison[] =>
  LINES.map(({ name, remark }) => ({ name, kind: 'attack', absent: 'not here yet', remarks: [remark] }))
