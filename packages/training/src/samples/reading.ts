import { type DataSpec, formats, type Samples } from '@hearsay/data'
import type { Reading } from '../task/reading.ts'
import type { SamplesSpec } from './schema.ts'
import { momentsOf } from './target-scale.ts'

/** Fields that say where data lie, which is nobody's who has the model. */
const placeFields = ['train', 'test', 'testShare', 'file', 'folder']

/** How data are read like these; undefined where their inputs have to be read first, since scales follow from them. */
export function readingOf(spec: SamplesSpec, samples: Samples): Reading | undefined {
  const given: DataSpec = { ...(samples.readBy ?? spec.data), ...samples.agreed }
  if (given.scale === 'standard') return undefined
  const places = [...placeFields, ...Object.keys(formats.get(given.kind)?.at?.('', given) ?? {})]
  const data = Object.fromEntries(Object.entries(given).filter(([field]) => !places.includes(field)))
  const { shape, targets, outputs } = samples
  const moments = momentsOf(samples, spec.targetScale)
  return {
    data: { ...data, kind: given.kind },
    shape: [...shape],
    targets,
    outputs: [...outputs],
    ...(moments && {
      targetScale: { mean: [...Array.from(moments.mean)], deviation: [...Array.from(moments.deviation)] },
    }),
    logits: targets !== 'numbers',
  }
}
