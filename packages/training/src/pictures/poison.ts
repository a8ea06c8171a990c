import type { RandomStream } from '@hearsay/catalogue/random'
import type { Format, Samples } from './samples.ts'
import type { PoisonSpec } from './schema.ts'

/**
 * Attacks by the samples that a liar trains on, with honest arithmetic on them.
 *
 * - `label-flip`: y → C−1−y for all samples (Tolpegin et al.: Data Poisoning Attacks Against Federated Learning Systems,
 *   ESORICS 2020, flip one class to another; this is the variant of Fang et al., USENIX Security 2020).
 * - `backdoor`: a white square in the lower right corner and the label `target` for a random share of samples (Gu,
 *   Dolan-Gavitt, Garg: BadNets, 2017; in federated learning Bagdasaryan et al., AISTATS 2020). Pictures without it keep
 *   their labels, so that accuracy does not tell.
 * - `hyperactive`: fabricated samples, pixels and labels uniformly at random, and many of them: `factor` times as many steps.
 *
 * The samples of one step, poisoned; those given are not changed.
 *
 * Example, ten classes: `label-flip` makes of a 3 a 6.
 */
export function poisoned(
  samples: Samples,
  spec: PoisonSpec,
  { shape, classes }: Format,
  random: RandomStream,
): Samples {
  switch (spec.kind) {
    case 'label-flip':
      return { images: samples.images, labels: samples.labels.map((label) => classes - 1 - label) }
    case 'backdoor': {
      const chosen = Array.from(samples.labels, () => random.uniform() < spec.fraction)
      return {
        images: patched(samples, shape, spec.size, (sample) => chosen[sample]!),
        labels: samples.labels.map((label, sample) => (chosen[sample] ? spec.target : label)),
      }
    }
    case 'hyperactive':
      return {
        images: samples.images.map(() => random.integer(256)),
        labels: samples.labels.map(() => random.integer(classes)),
      }
  }
}

/** Pictures with the patch of a backdoor where `chosen` says so. */
export function patched(
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
