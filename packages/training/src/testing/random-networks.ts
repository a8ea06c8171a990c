/** Small networks of all kinds that bounds are tried on. */
import type { RandomStream } from '@hearsay/catalogue/random'
import { lengthOf, planLayers } from '../layers/plan.ts'
import type { ActivationName } from '../neurons/activations.ts'
import type { Layer, Network } from '../neurons/network.ts'
import { networkOf } from '../neurons/network-of.ts'
import type { LayerSpec } from '../task/layers.ts'

/** Weights in [−1, 1] over √inputs or, of every third network, up to a scale of its own; `layers` counts the output. */
export function randomNetwork(random: RandomStream, layers: number): Network {
  const sizes = Array.from({ length: layers + 1 }, () => 1 + random.integer(8))
  const name = (['sigmoid', 'tanh', 'relu'] as const)[random.integer(3)]!
  const scale = random.integer(3) === 0 ? random.between(0.1, 3) : 1
  return Array.from({ length: layers }, (_, at): Layer => {
    const [inputs, units] = [sizes[at]!, sizes[at + 1]!]
    const draw = (): number => (scale * random.between(-1, 1)) / Math.sqrt(inputs)
    const activation: ActivationName = at === layers - 1 ? 'none' : name
    return cut({
      inputs,
      units,
      weights: Float64Array.from({ length: inputs * units }, draw),
      bias: Float64Array.from({ length: units }, draw),
      activation,
    })
  })
}

/** One or two convolutions, pooling after some, and up to two dense layers: 2 to 4 layers with weights. */
export function randomConvolutions(random: RandomStream): Network {
  const activation = (['tanh', 'relu'] as const)[random.integer(2)]!
  const convolution = (padding: 'same' | 'valid'): LayerSpec => ({
    kind: 'conv2d',
    filters: 1 + random.integer(3),
    size: 1 + random.integer(2),
    stride: 1 + random.integer(2),
    padding,
    activation,
  })
  const pool = (): LayerSpec[] =>
    random.integer(2) === 0 ? [] : [{ kind: 'max-pool', size: 2, stride: 1 + random.integer(2), padding: 'same' }]
  const plans = planLayers({
    name: 'convolutions',
    inputShape: [4 + random.integer(2), 4 + random.integer(2), 1 + random.integer(2)],
    layers: [
      convolution(random.integer(2) === 0 ? 'same' : 'valid'),
      ...pool(),
      ...(random.integer(2) === 0 ? [convolution('same'), ...pool()] : []),
      { kind: 'flatten' },
      ...(random.integer(2) === 0 ? [{ kind: 'dense', units: 1 + random.integer(5), activation } as const] : []),
      { kind: 'dense', units: 1 + random.integer(3), activation: 'none' },
    ],
  })
  const parameters = Float32Array.from({ length: lengthOf(plans) }, () => random.between(-1, 1))
  return networkOf(plans, parameters).map((layer) => cut(layer))
}

function cut(layer: Layer): Layer {
  return layer.activation === 'relu' ? { ...layer, cap: 1 } : layer
}
