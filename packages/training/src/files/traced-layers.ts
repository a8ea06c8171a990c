/**
 * A model of TensorFlow.js as the list of layers that it is, where each of its layers has its like there: dense, convolutional
 * and pooling layers, one after the other.
 */
import { type LayerPlan, planLayers } from '../layers/plan.ts'
import type { Topology } from '../task/architecture.ts'
import { type LayerSpec, modelSchema } from '../task/layers.ts'
import { TrainingError } from '../task/training-error.ts'
import { arraysOf, type NamedModel } from './model-file.ts'

interface Layer {
  readonly class_name: string
  readonly name?: string
  readonly config: Readonly<Record<string, unknown>>
  readonly inbound_nodes?: readonly (readonly (readonly unknown[])[])[]
}

/**
 * @throws TrainingError `bad-model` naming the layer that has no like
 */
export function plansOf(
  topology: Topology,
  model: NamedModel,
): { readonly plans: readonly LayerPlan[]; readonly parameters: Float32Array } {
  const layers = layersIn(topology)
  const specs: { spec: LayerSpec; place: number }[] = []
  for (const [place, layer] of layers.entries()) {
    const activation = activationOf(layer)
    if (activation !== undefined) join(specs.at(-1)?.spec, activation, layer)
    else if (!idle.has(layer.class_name)) specs.push({ spec: specOf(layer), place })
  }
  const [first] = layers
  const given = { name: 'model', inputShape: inputShapeOf(first!), layers: specs.map(({ spec }) => spec) }
  const parsed = modelSchema.safeParse(given)
  if (!parsed.success) {
    const [{ path, message }] = parsed.error.issues as [(typeof parsed.error.issues)[number]]
    const at = path[0] === 'layers' && layers[specs[Number(path[1])]?.place ?? -1]
    throw at ? refused(at, `${path.slice(2).join('.')} ${message}`) : wrong(`${path.join('.')}: ${message}`)
  }
  const plans = planLayers(parsed.data)
  return {
    plans,
    parameters: parametersIn(
      plans,
      specs.map(({ place }) => place),
      model,
    ),
  }
}

/** Layers that do nothing once a model is trained, or that only say what comes in. */
const idle = new Set(['InputLayer', 'Dropout', 'SpatialDropout1D', 'GaussianNoise', 'GaussianDropout', 'AlphaDropout'])

/** In the order in which they work. */
function layersIn({ model }: Topology): readonly Layer[] {
  const { config } = model as { readonly config?: { readonly layers?: unknown } | unknown[] }
  const layers = (Array.isArray(config) ? config : config?.layers) as readonly Layer[] | undefined
  if (!Array.isArray(layers) || layers.length === 0) throw wrong('it has no layers')
  for (const [place, layer] of layers.entries()) {
    const { inbound_nodes: nodes } = layer as Layer
    if (nodes === undefined || (place === 0 && nodes.length === 0)) continue
    const before = nodes.length === 1 && nodes[0]!.length === 1 ? nodes[0]![0]![0] : undefined
    if (before !== nameOf(layers[place - 1])) throw refused(layer, 'does not follow the layer before it alone')
  }
  return layers
}

function inputShapeOf({ config }: Layer): unknown {
  const shape = config.batch_input_shape
  return Array.isArray(shape) ? shape.slice(1) : undefined
}

/** What a layer that is an activation alone computes. */
function activationOf({ class_name: kind, config }: Layer): unknown {
  if (kind === 'Activation') return config.activation
  if (kind !== 'ReLU') return undefined
  return config.max_value == null && !config.negative_slope && !config.threshold ? 'relu' : 'a bounded relu'
}

/** The layer before it computes it with the rest. */
function join(before: LayerSpec | undefined, activation: unknown, layer: Layer): void {
  if (activation === 'linear') return
  if (before === undefined || !('activation' in before) || before.activation !== 'none' || !isKnown(activation))
    throw refused(layer, `computes ${String(activation)} where no layer of its own can`)
  before.activation = activation
}

function isKnown(activation: unknown): activation is 'relu' | 'tanh' {
  return activation === 'relu' || activation === 'tanh'
}

function specOf(layer: Layer): LayerSpec {
  const { class_name: kind, config } = layer
  const activation = (): 'none' | 'relu' | 'tanh' => {
    if (isKnown(config.activation)) return config.activation
    if (config.activation == null || config.activation === 'linear') return 'none'
    throw refused(layer, `computes ${String(config.activation)}`)
  }
  const square = (field: string): number => {
    const [height, width] = [config[field]].flat() as number[]
    if (width !== undefined && width !== height) throw refused(layer, `has ${field} [${height}, ${width}], no square`)
    return height!
  }
  const padding = config.padding as 'valid' | 'same'
  switch (kind) {
    case 'Dense':
      return { kind: 'dense', units: Number(config.units), activation: activation() }
    case 'Flatten':
      return { kind: 'flatten' }
    case 'Conv2D':
      needChannelsLast(layer)
      if ([config.dilation_rate ?? 1].flat().some((rate) => rate !== 1)) throw refused(layer, 'is dilated')
      return {
        kind: 'conv2d',
        filters: Number(config.filters),
        size: square('kernel_size'),
        stride: square('strides'),
        padding,
        activation: activation(),
      }
    case 'MaxPooling2D':
      needChannelsLast(layer)
      return { kind: 'max-pool', size: square('pool_size'), stride: square('strides'), padding }
    default:
      throw refused(layer, 'is no dense, convolutional or pooling layer')
  }
}

function needChannelsLast(layer: Layer): void {
  const format = layer.config.data_format ?? 'channelsLast'
  if (!['channelsLast', 'channels_last'].includes(String(format))) throw refused(layer, 'has channels first')
}

/** In the order of the plans; a layer without a bias has one of zeros. */
function parametersIn(plans: readonly LayerPlan[], places: readonly number[], model: NamedModel): Float32Array {
  const arrays = new Map(arraysOf(model).map(({ name, values }) => [name, values]))
  const last = plans.flatMap(({ weights }) => weights).at(-1)
  const parameters = new Float32Array(last === undefined ? 0 : last.offset + last.length)
  for (const [at, { weights }] of plans.entries())
    for (const [index, { offset, length }] of weights.entries()) {
      const name = `layers.${places[at]}.${index === 0 ? 'kernel' : 'bias'}`
      const values = arrays.get(name)
      if (values === undefined && index === 1) continue
      if (values?.length !== length) throw wrong(`its tensor ${name} has not ${length} numbers`)
      parameters.set(values, offset)
    }
  return parameters
}

function nameOf(layer: Layer | undefined): unknown {
  return layer?.name ?? layer?.config.name
}

function refused(layer: Layer, why: string): TrainingError {
  return wrong(`its layer ${String(nameOf(layer))} (${layer.class_name}) ${why}`)
}

function wrong(problem: string): TrainingError {
  return new TrainingError('bad-model', `the model: ${problem}; take --format tfjs, safetensors or npy`)
}
