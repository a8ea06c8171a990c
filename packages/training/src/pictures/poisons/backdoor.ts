import { rowsOf } from '../../task/rows-of.ts'
import type { SamplesAbout } from '../../task/samples-poison.ts'
import { TrainingError } from '../../task/training-error.ts'
import type { Format, Samples } from '../datasets/dataset.ts'
import { pick } from '../datasets/samples.ts'
import type { SharedPoison } from './poison.ts'

/**
 * A white square in the lower right corner and the label `target` for a random share of samples (Gu, Dolan-Gavitt, Garg:
 * BadNets, 2017; in federated learning Bagdasaryan et al., AISTATS 2020). Pictures without it keep their labels, so that
 * accuracy does not tell. In one's own data, of classes, the patch is the lower right corner of a picture or a series at the greatest
 * value that there is, and in a row of a table its last `size` inputs, each at its greatest.
 */
export const backdoor: SharedPoison<'backdoor'> = {
  name: 'backdoor',
  task: 'pictures',
  alsoOf: ['samples'],
  summary: 'train on samples of which some have a patch and the label `target`: a white one, in pictures',
  deed: 'trained on data with a backdoor',
  options: {
    target: { kind: 'integer', summary: 'label of samples that have the patch', least: 0, most: 9, default: 0 },
    fraction: { kind: 'number', summary: 'share of its samples that get the patch', above: 0, most: 1, default: 0.5 },
    size: {
      kind: 'integer',
      summary: 'height and width of the white patch in the lower right corner, pixels; of a table, inputs',
      least: 1,
      most: 64,
      default: 4,
    },
  },
  poisoned(samples, { target, fraction, size }, { shape }, random) {
    const chosen = Array.from(samples.labels, () => random.uniform() < Number(fraction))
    return {
      images: patched(samples, shape, Number(size), (sample) => chosen[sample]!),
      labels: samples.labels.map((label, sample) => (chosen[sample] ? Number(target) : label)),
    }
  },
  triggered(test, { target, size }, { shape }) {
    const others = pick(
      test,
      Int32Array.from(test.labels.keys()).filter((sample) => test.labels[sample] !== target),
    )
    return { images: patched(others, shape, Number(size), () => true), labels: others.labels.fill(Number(target)) }
  },
  poisonedSamples({ inputs, targets }, about, { target, fraction, size }, random) {
    checkAim(about, Number(target))
    const chosen = Array.from(targets, () => random.uniform() < Number(fraction))
    return {
      inputs: marked(inputs, about, Number(size), (sample) => chosen[sample]!),
      targets: targets.map((label, sample) => (chosen[sample] ? Number(target) : label)),
    }
  },
  triggeredSamples({ inputs, targets }, about, { target, size }) {
    const others = Int32Array.from(targets.keys()).filter((sample) => targets[sample] !== target)
    const seen = rowsOf(inputs, others, about.greatest.length)
    return {
      inputs: marked(seen, about, Number(size), () => true),
      targets: new Int32Array(others.length).fill(Number(target)),
    }
  },
}

function checkAim({ kind, width }: SamplesAbout, target: number): void {
  if (kind === 'classes' && target < width) return
  const there = kind === 'classes' ? `there are ${width}, from 0` : `samples are labelled with ${kind}`
  throw new TrainingError(
    'bad-task',
    `backdoor: it aims at the class ${target}, and ${there}; set its target, or take another poison`,
  )
}

/** Inputs with the patch where `chosen` says so. */
function marked(
  inputs: Float32Array,
  { shape, greatest }: SamplesAbout,
  size: number,
  chosen: (sample: number) => boolean,
): Float32Array {
  const copy = inputs.slice()
  const brightest = greatest.reduce((most, value) => Math.max(most, value))
  const [height, width, depth] =
    shape.length === 1 ? [1, shape[0]!, 1] : [shape[0]!, shape[1]!, greatest.length / (shape[0]! * shape[1]!)]
  for (let sample = 0; sample * greatest.length < copy.length; sample++) {
    if (!chosen(sample)) continue
    for (let y = Math.max(0, height - size); y < height; y++)
      for (let at = (y * width + Math.max(0, width - size)) * depth; at < (y + 1) * width * depth; at++)
        copy[sample * greatest.length + at] = shape.length === 1 ? greatest[at]! : brightest
  }
  return copy
}

/** Pictures with the patch where `chosen` says so. */
function patched(
  { images, labels }: Samples,
  [height, width]: Format['shape'],
  size: number,
  chosen: (sample: number) => boolean,
): Uint8Array {
  const copy = images.slice()
  for (const sample of labels.keys()) {
    if (!chosen(sample)) continue
    for (let y = Math.max(0, height - size); y < height; y++) {
      const row = (sample * height + y) * width
      copy.fill(255, row + Math.max(0, width - size), row + width)
    }
  }
  return copy
}
