import type { PicturesPoison } from './poison.ts'

/** Fabricated samples, pixels and labels uniformly at random, and many of them: `factor` times as many steps. */
export const hyperactive: PicturesPoison<'hyperactive'> = {
  name: 'hyperactive',
  task: 'pictures',
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
}
