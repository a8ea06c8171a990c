// Poisons that ship: one line for each.
export { backdoor } from './backdoor.ts'
export { brokenNeurons } from './broken-neurons.ts'
export { hyperactive } from './hyperactive.ts'
export { labelFlip } from './label-flip.ts'
export { labelNoise } from './label-noise.ts'
