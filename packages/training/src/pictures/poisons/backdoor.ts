import type { Format, Samples } from '../datasets/dataset.ts'
import { pick } from '../datasets/samples.ts'
import type { PicturesPoison } from './poison.ts'

/**
 * A white square in the lower right corner and the label `target` for a random share of samples (Gu, Dolan-Gavitt, Garg:
 * BadNets, 2017; in federated learning Bagdasaryan et al., AISTATS 2020). Pictures without it keep their labels, so that
 * accuracy does not tell.
 */
export const backdoor: PicturesPoison<'backdoor'> = {
  name: 'backdoor',
  task: 'pictures',
  summary: 'train on pictures of which some have a white patch and the label `target`',
  deed: 'trained on data with a backdoor',
  options: {
    target: { kind: 'integer', summary: 'label of samples that have the patch', least: 0, most: 9, default: 0 },
    fraction: { kind: 'number', summary: 'share of its samples that get the patch', above: 0, most: 1, default: 0.5 },
    size: {
      kind: 'integer',
      summary: 'height and width of the white patch in the lower right corner, pixels',
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
