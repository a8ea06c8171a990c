import type { SharedPoison } from './poison.ts'

/**
 * No lie: a peer whose hardware is broken. Some of its neurons send the same whatever comes in while it trains, on right samples
 * and with right arithmetic around them, so that its updates are biased (after El Mhamdi, Guerraoui: When Neurons Fail, 2016). They
 * are the same neurons in every round.
 */
export const brokenNeurons: SharedPoison<'broken-neurons'> = {
  name: 'broken-neurons',
  task: 'pictures',
  alsoOf: ['samples'],
  summary: 'train on hardware of which neurons are broken: they send nothing, or the same always',
  deed: 'trained on broken hardware',
  options: {
    layer: { kind: 'integer', summary: 'of the hidden layers, from 1', least: 1, most: 64, default: 1 },
    fraction: {
      kind: 'number',
      summary: 'share of its neurons that are broken, at least one',
      above: 0,
      most: 1,
      default: 0.5,
    },
    sends: {
      kind: 'number',
      summary: 'what a broken neuron sends, with a sign that is drawn once; 0: it has crashed',
      least: 0,
      most: 1e6,
      default: 0,
    },
  },
  broken: ({ layer, fraction, sends }) => ({ layer: Number(layer), fraction: Number(fraction), sends: Number(sends) }),
  poisoned: (samples) => samples,
  poisonedSamples: (batch) => batch,
}
