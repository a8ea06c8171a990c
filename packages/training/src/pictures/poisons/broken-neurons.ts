import type { SharedPoison } from './poison.ts'

/**
 * No lie: a peer whose hardware is broken. Some of its neurons or synapses send the same whatever comes in, or are off by the same,
 * while it trains, on right samples and with right arithmetic around them, so that its updates are biased (after El Mhamdi,
 * Guerraoui: When Neurons Fail, 2016). They are the same ones in every round.
 */
export const brokenNeurons: SharedPoison<'broken-neurons'> = {
  name: 'broken-neurons',
  task: 'pictures',
  alsoOf: ['samples'],
  summary: 'train on hardware that is broken: some neurons or synapses send nothing, the same always, or what is off',
  deed: 'trained on broken hardware',
  options: {
    part: { kind: 'choice', summary: 'what is broken', values: ['neurons', 'synapses'], default: 'neurons' },
    layers: {
      kind: 'list',
      summary: 'of the hidden layers, from 1; of synapses, those into each of them, and last into the output',
      of: { kind: 'integer', summary: 'a layer', least: 1, most: 64 },
      least: 1,
      most: 64,
      default: [1],
    },
    fraction: {
      kind: 'number',
      summary: 'share of each layer that is broken, at least one',
      above: 0,
      most: 1,
      default: 0.5,
    },
    sends: {
      kind: 'number',
      summary: 'what a broken one sends, with a sign that is drawn once; 0: it has crashed',
      least: 0,
      most: 1e6,
      default: 0,
    },
    off: {
      kind: 'number',
      summary:
        'above 0: by how much a broken one is off from what it computes, with a sign that is drawn once, in place of `sends`',
      least: 0,
      most: 1e6,
      default: 0,
    },
  },
  broken: ({ part, layers, fraction, sends, off }) => ({
    part: part as 'neurons' | 'synapses',
    layers: [...new Set(layers as readonly number[])],
    fraction: Number(fraction),
    sends: Number(sends),
    off: Number(off),
  }),
  poisoned: (samples) => samples,
  poisonedSamples: (batch) => batch,
}
