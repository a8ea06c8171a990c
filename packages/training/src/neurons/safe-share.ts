import { topOf } from './top.ts'

/**
 * Share of predictions whose class no failure within the bound can change: the greatest output exceeds each other by more
 * than both can be off together; where all outputs have one bound, its margin exceeds twice that (derived here).
 *
 * @param outputs of each sample, of length `bound.length`
 * @param bound of each output by how much it is off at most
 */
export function safeShare(outputs: readonly Float64Array[], bound: Float64Array): number {
  const safe = outputs.filter((row) => {
    const top = topOf(row)
    return bound.every((own, other) => other === top || row[top]! - row[other]! > bound[top]! + own)
  })
  return safe.length / outputs.length
}
