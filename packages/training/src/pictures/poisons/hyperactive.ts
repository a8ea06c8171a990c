import { normal } from '../../task/random.ts'
import type { SharedPoison } from './poison.ts'

/**
 * Fabricated samples, pixels and labels uniformly at random, and many of them: `factor` times as many steps. Inputs of one's own
 * data, and numbers that are learnt, are normal noise.
 */
export const hyperactive: SharedPoison<'hyperactive'> = {
  name: 'hyperactive',
  task: 'pictures',
  alsoOf: ['samples'],
  summary: 'take many more steps, on fabricated samples: noise with random labels',
  deed: 'trained more, on fabricated samples',
  options: {
    factor: { kind: 'integer', summary: 'gradient steps for each of an honest peer', least: 1, most: 100, default: 5 },
  },
  steps: ({ factor }) => Number(factor),
  poisoned: ({ images, labels }, _options, { classes }, random) => ({
    images: images.map(() => random.integer(256)),
    labels: labels.map(() => random.integer(classes)),
  }),
  poisonedSamples({ inputs, targets }, { kind, width }, _options, random) {
    const drawn = {
      classes: () => random.integer(width),
      flags: () => random.integer(2),
      numbers: () => normal(random),
    }
    return { inputs: inputs.map(() => normal(random)), targets: targets.map(drawn[kind]) }
  },
}
