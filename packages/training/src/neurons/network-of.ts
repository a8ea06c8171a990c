/** A model that is a list of layers, as a network whose neurons can fail. */
import { type LayerPlan, lengthOf, paddedBefore, sizeOf, strideOf } from '../layers/plan.ts'
import { TrainingError } from '../task/training-error.ts'
import type { Layer, Network } from './network.ts'

/** Links of a convolution, unrolled: more are too many to look at one by one. */
const mostLinks = 5_000_000

/**
 * @param parameters of length d, in the order of the plans
 * @throws TrainingError `bad-model` when these are not as many as its layers have, or naming the layer whose numbers are not finite, or that
 *   is too large
 */
export function networkOf(plans: readonly LayerPlan[], parameters: Float32Array): Network {
  // A file says of which layers its model is, and may be anybody's.
  const needed = lengthOf(plans)
  if (parameters.length !== needed)
    throw new TrainingError('bad-model', `its layers have ${needed} parameters, and there are ${parameters.length}`)
  const network = plans.flatMap((plan, at): Layer[] => {
    const { spec } = plan
    if (spec.kind === 'flatten') return []
    const refuse = (what: string): never => {
      throw new TrainingError('bad-model', `layers.${at} (${spec.kind}): ${what}`)
    }
    const [kernel, bias] = plan.weights.map(({ offset, length }) => parameters.subarray(offset, offset + length))
    if (![kernel, bias].every((numbers) => numbers === undefined || numbers.every(Number.isFinite)))
      refuse('not all of its numbers are finite')
    if (spec.kind === 'dense') return [denseOf(spec, kernel!, bias!)]
    const links = sizeOf(plan.outputShape) * spec.size ** 2 * (spec.kind === 'conv2d' ? plan.inputShape[2]! : 1)
    if (links > mostLinks) refuse(`it has ${links} links, more than the ${mostLinks} that are looked at`)
    return [spec.kind === 'conv2d' ? convolutionOf(plan, spec, kernel!, bias!) : poolOf(plan, spec)]
  })
  if (network.some(({ pools }, at) => !pools && at < network.length - 1)) return network
  throw new TrainingError('bad-model', 'no layer stands between its input and its output, so that no neuron can fail')
}

type Spec<Kind> = Extract<LayerPlan['spec'], { kind: Kind }>

function denseOf({ units, activation }: Spec<'dense'>, kernel: Float32Array, bias: Float32Array): Layer {
  const inputs = kernel.length / units
  const weights = new Float64Array(kernel.length)
  for (let unit = 0; unit < units; unit++)
    for (let from = 0; from < inputs; from++) weights[unit * inputs + from] = kernel[from * units + unit]!
  return { inputs, units, weights, bias: Float64Array.from(bias), activation }
}

function convolutionOf(plan: LayerPlan, spec: Spec<'conv2d'>, kernel: Float32Array, bias: Float32Array): Layer {
  const { inputShape, outputShape } = plan
  const [channels, filters] = [inputShape[2]!, spec.filters]
  const links = linksOf(plan, spec, (place, put) => {
    // The kernel is [height, width, channels, filters].
    for (let filter = 0; filter < filters; filter++)
      put(
        place.flatMap(({ tap, input }) =>
          Array.from({ length: channels }, (_, channel) => ({
            from: input * channels + channel,
            weight: kernel[(tap * channels + channel) * filters + filter]!,
          })),
        ),
      )
  })
  return {
    inputs: sizeOf(inputShape),
    units: sizeOf(outputShape),
    ...links,
    bias: Float64Array.from({ length: sizeOf(outputShape) }, (_, unit) => bias[unit % filters]!),
    activation: spec.activation,
    channels: filters,
  }
}

function poolOf(plan: LayerPlan, spec: Spec<'max-pool'>): Layer {
  const { inputShape, outputShape } = plan
  const channels = inputShape[2]!
  const links = linksOf(plan, spec, (place, put) => {
    for (let channel = 0; channel < channels; channel++)
      put(place.map(({ input }) => ({ from: input * channels + channel, weight: 1 })))
  })
  const units = sizeOf(outputShape)
  return {
    inputs: sizeOf(inputShape),
    units,
    ...links,
    bias: new Float64Array(units),
    activation: 'none',
    pools: true,
    channels,
  }
}

/** A place of a window that is within the picture: which of the window, and which of the picture. */
interface Tap {
  readonly tap: number
  readonly input: number
}

interface Link {
  readonly from: number
  readonly weight: number
}

/** Window by window, row by row; what `same` pads is no input. */
function linksOf(
  { inputShape, outputShape }: LayerPlan,
  spec: Spec<'conv2d' | 'max-pool'>,
  at: (place: readonly Tap[], put: (unit: readonly Link[]) => void) => void,
): Required<Pick<Layer, 'weights' | 'links'>> {
  const stride = strideOf(spec)
  const [height, width] = inputShape as [number, number, number]
  const [rows, columns] = outputShape as [number, number, number]
  const [above, left] = [paddedBefore(spec, height, rows), paddedBefore(spec, width, columns)]
  const starts = [0]
  const links: Link[] = []
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const place: Tap[] = []
      for (let tap = 0; tap < spec.size ** 2; tap++) {
        const y = row * stride - above + Math.floor(tap / spec.size)
        const x = column * stride - left + (tap % spec.size)
        if (y >= 0 && y < height && x >= 0 && x < width) place.push({ tap, input: y * width + x })
      }
      at(place, (unit) => {
        for (const link of unit) links.push(link)
        starts.push(links.length)
      })
    }
  return {
    weights: Float64Array.from(links, ({ weight }) => weight),
    links: { starts: Int32Array.from(starts), from: Int32Array.from(links, ({ from }) => from) },
  }
}
