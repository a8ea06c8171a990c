// Data sets that ship: one line for each.
export { digits } from './digits.ts'
export { mnist } from './mnist.ts'
