// Everything the room's TypeScript may call. AssemblyScript, compiled by scripts/build-kernels.ts.
// No relaxed SIMD and no reordering: each function states its order of arithmetic, and every machine gives its bits.
export { distances } from './distances'
export { allFinite } from './finite'
export { mean } from './mean'
export { trimmedMean } from './trimmed-mean'
