// Trust methods that ship: one line for each.
export { eigentrust } from './eigentrust.ts'
export { lipschitrust } from './lipschitrust.ts'
export { sybilrank } from './sybilrank.ts'
