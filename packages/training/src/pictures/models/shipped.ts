// Models that ship: one line for each.
export { cnn } from './cnn.ts'
export { logistic } from './logistic.ts'
export { mlp } from './mlp.ts'
