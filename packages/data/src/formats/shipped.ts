// Formats that ship: one line for each.
export { idx } from './idx.ts'
