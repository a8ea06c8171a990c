import { normal } from '../../task/random.ts'
import type { SharedPoison } from './poison.ts'

/**
 * A random share of samples gets labels that are drawn, as of one who labels without looking (Xiao, Rosasco, Eckert et al.:
 * Support Vector Machines under Adversarial Label Noise, ACML 2011). Classes and flags are equally likely; numbers are drawn with
 * the mean and the deviation of those that are learnt.
 */
export const labelNoise: SharedPoison<'label-noise'> = {
  name: 'label-noise',
  task: 'pictures',
  alsoOf: ['samples'],
  summary: 'train on labels of which a share is drawn at random',
  deed: 'trained on labels drawn at random',
  options: {
    fraction: {
      kind: 'number',
      summary: 'share of its samples whose labels are drawn',
      above: 0,
      most: 1,
      default: 0.5,
    },
  },
  poisoned: ({ images, labels }, { fraction }, { classes }, random) => ({
    images,
    labels: labels.map((label) => (random.uniform() < Number(fraction) ? random.integer(classes) : label)),
  }),
  poisonedSamples({ inputs, targets }, { kind, width }, { fraction }, random) {
    const drawn = {
      classes: () => random.integer(width),
      flags: () => random.integer(2),
      numbers: () => normal(random),
    }
    const targetsOf = (target: number) => (random.uniform() < Number(fraction) ? drawn[kind]() : target)
    return { inputs, targets: targets.map(targetsOf) }
  },
}
