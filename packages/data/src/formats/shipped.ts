// Formats that ship: one line for each.
export { arrays } from './arrays.ts'
export { idx } from './idx.ts'
export { images } from './images.ts'
export { ratings } from './ratings.ts'
export { table } from './table.ts'
