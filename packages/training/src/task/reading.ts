import type { Samples } from '@hearsay/data'
import { z } from 'zod'

const lists = z.object({ mean: z.array(z.number()).min(1), deviation: z.array(z.number()).min(1) })

/** What stands beside a model so that new data are read, and its outputs told, as those were that it learnt from. */
export const readingSchema = z.object({
  /** The specification of data, without their place: with classes, categories and scales of the training part. */
  data: z.looseObject({ kind: z.string() }),
  /** Of one input. */
  shape: z.array(z.int().min(1)).min(1).max(8),
  targets: z.enum(['classes', 'numbers', 'flags']),
  /** Names of classes, or of what else is learnt. */
  outputs: z.array(z.string()).min(1),
  /** Of numbers: what they were less, and then divided by, when they were learnt. */
  targetScale: lists.optional(),
  /** Outputs are logits: they become probabilities by softmax of classes, by the sigmoid of flags. */
  logits: z.boolean(),
})
export type Reading = z.output<typeof readingSchema>

/** Samples of that kind, and none of them. */
export function noSamples({ shape, targets, outputs }: Pick<Reading, 'shape' | 'targets' | 'outputs'>): Samples {
  const labels = {
    classes: { kind: 'classes', labels: new Int32Array(0) },
    numbers: { kind: 'numbers', values: new Float32Array(0) },
    flags: { kind: 'flags', values: new Uint8Array(0) },
  } as const
  const part = { inputs: new Float32Array(0), targets: labels[targets], count: 0 }
  return { shape, inputs: [], targets, outputs, groups: [], train: part, test: part }
}

/** Outputs of a model, row by row, as probabilities where they are logits; those given are not changed. */
export function likelyOf(given: Float32Array, { targets, outputs, logits }: Reading): Float32Array {
  if (!logits) return given
  if (targets === 'flags') return given.map((logit) => 1 / (1 + Math.exp(-logit)))
  const width = outputs.length
  const shares = new Float32Array(given.length)
  for (let start = 0; start < given.length; start += width) {
    const row = given.subarray(start, start + width)
    const largest = row.reduce((most, logit) => Math.max(most, logit))
    const powers = Float64Array.from(row, (logit) => Math.exp(logit - largest))
    const sum = powers.reduce((total, power) => total + power, 0)
    for (const [index, power] of powers.entries()) shares[start + index] = power / sum
  }
  return shares
}
