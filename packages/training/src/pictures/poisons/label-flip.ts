import type { SharedPoison } from './poison.ts'

/**
 * y → C−1−y for all samples (Tolpegin et al.: Data Poisoning Attacks Against Federated Learning Systems, ESORICS 2020, flip
 * one class to another; this is the variant of Fang et al., USENIX Security 2020).
 *
 * Example, ten classes: it makes of a 3 a 6. Numbers become their mirror images at their mean, flags their opposites.
 */
export const labelFlip: SharedPoison<'label-flip'> = {
  name: 'label-flip',
  task: 'pictures',
  alsoOf: ['samples'],
  summary: 'train on flipped labels: y becomes C − 1 − y, C the number of classes',
  deed: 'trained on flipped labels',
  options: {},
  poisoned: ({ images, labels }, _options, { classes }) => ({
    images,
    labels: labels.map((label) => classes - 1 - label),
  }),
  poisonedSamples({ inputs, targets }, { kind, width }) {
    const sum = { classes: width - 1, flags: 1, numbers: 0 }[kind]
    return { inputs, targets: targets.map((target) => sum - target) }
  },
}
