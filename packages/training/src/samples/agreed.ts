import { isDeepStrictEqual } from 'node:util'
import type { DataContext, DataSpec, Samples } from '@hearsay/data'
import { TrainingError } from '../task/training-error.ts'
import type { SamplesSpec } from './schema.ts'

/** Whether each peer has data of its own, so that whatever follows from data must be said to all. */
export function isOwn({ partition }: Pick<SamplesSpec, 'partition'>): boolean {
  return partition.kind === 'own'
}

/**
 * Data that are one peer's own. Throws TrainingError `bad-task` unless all that others must understand in the same way is said:
 * classes, columns, categories, scales.
 */
export async function readAgreed(
  { data, targetScale }: SamplesSpec,
  context: DataContext,
  read: (spec: DataSpec, context: DataContext) => Promise<Samples>,
): Promise<Samples> {
  const samples = await read(data, context)
  const unsaid = Object.entries(samples.agreed ?? {}).flatMap(([name, value]) =>
    isDeepStrictEqual(data[name], value) ? [] : [`data.${name}`],
  )
  if (samples.targets === 'numbers' && (targetScale === undefined || targetScale === 'standard'))
    unsaid.push('targetScale')
  if (unsaid.length === 0) return samples
  const problem = `${unsaid.join(', ')} would follow from the data, and each peer has its own`
  throw new TrainingError(
    'bad-task',
    `${problem}; say them in the genesis, the same for all: hearsay data check --agreed prints those of data`,
  )
}
