// Everything the room's TypeScript may call. AssemblyScript, compiled by scripts/reference/build-kernels.ts.
// No relaxed SIMD and no reordering: each function states its order of arithmetic, and every machine gives its bits.
export { distances, products } from './distances'
export { fastProducts } from './fast-products'
export { allFinite } from './finite'
export { gather } from './gather'
export { mix } from './mix'
export { nearestMean } from './nearest-mean'
export { product, squaredDistance, squaredNorm } from './product'
export { countSigned } from './signed'
export { mean, weightedSum } from './sum'
export { trimmedMean } from './trimmed-mean'
export { quadraticMedian } from './weighted'
export { weightedTrimmedMean } from './weighted-trimmed-mean'
