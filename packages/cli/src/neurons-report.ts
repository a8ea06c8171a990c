/** What failing neurons of a model do, at worst and on average, as numbers. */
import { namedStream } from '@hearsay/catalogue/random'
import {
  type Bound,
  type BoundName,
  boundNames,
  boundOf,
  type Consequences,
  type Copies,
  calibrated,
  consequencesOf,
  copiesFor,
  countsOf,
  drawnMoments,
  type FaultName,
  faultsOf,
  gradientMoments,
  gradientOf,
  type Injected,
  inject,
  layersWithNeurons,
  layersWithSynapses,
  type Moments,
  maxWeightOf,
  type Network,
  neuronsOf,
  precisionOf,
  removalMoments,
  runAfter,
  runNetwork,
  safeShare,
  synapseBoundOf,
  synapseFaultsOf,
  type Tolerance,
  toleranceOf,
  topOf,
  weakestOf,
} from '@hearsay/training/neurons'
import { CommandError } from './command-error.ts'

export interface NeuronsAsk {
  readonly network: Network
  /** Without them: no calibration, and nothing is tried. */
  readonly inputs?: readonly Float32Array[]
  /** The greatest output is the class. */
  readonly classes: boolean
  /** ε − ε′ */
  readonly epsilon: number
  readonly fault: FaultName
  /** C, in place of what follows from `fault`. */
  readonly off?: number
  /** f of each hidden layer, for what fails at once; one of each when left out. */
  readonly failed?: readonly number[]
  /** p */
  readonly crash?: number
  /** δ */
  readonly delta?: number
  readonly draws: number
  readonly tries: number
  /** Of the inputs, on how many crashes are averaged. */
  readonly samples: number
  readonly drawsSeed: number
}

/** What failures in one layer do. */
interface PartReport {
  /** From 1; of synapses those into it, the output last. */
  readonly layer: number
  /** How many there are that can fail. */
  readonly count: number
  /** C, of synapses that of the greatest weight. */
  readonly off: number
  readonly bounds: Readonly<Record<BoundName, Omit<Tolerance, 'layer' | 'neurons'>>>
  /** By how much outputs are off at most with f failed, for f = 1, 2, 4, … and all. */
  readonly growth: readonly { readonly failed: number; readonly bounds: Readonly<Record<BoundName, number>> }[]
  /** Of as many failures as the absolute bound tolerates, and at least one. */
  readonly injected?: Injected & { readonly failed: number; readonly bound: number }
}

export interface LayerReport extends PartReport {
  readonly kind: 'dense' | 'convolution'
  readonly activation: string
  /** What neurons send has to be cut at this at run time. */
  readonly cut?: number
  /** w */
  readonly maxWeight: number
  readonly consequences: Consequences
  readonly crashes?: { readonly b3: Moments; readonly b4: Moments; readonly drawn: Moments }
}

interface Together {
  readonly failed: readonly number[]
  readonly bounds: Readonly<Record<BoundName, number>>
  /** Share of predictions whose class is proven not to change. */
  readonly safe?: Readonly<Record<BoundName, number>>
  readonly injected?: Injected
}

export interface NeuronsReport {
  readonly epsilon: number
  readonly fault: FaultName
  /** C, where it was given. */
  readonly off?: number
  readonly samples?: number
  readonly layers: readonly LayerReport[]
  /** Undefined without data, of which the greatest input counts, and where there are too many. */
  readonly synapses?: readonly PartReport[]
  /** From 1. */
  readonly weakest: Readonly<Record<BoundName, number>>
  readonly together: Together
  /** By how much all neurons may round at once, by the absolute bound. */
  readonly precision: number
  readonly crash?: number
  readonly copies?: Copies
}

/** Of a larger model single synapses are not looked at: it takes eight bytes for each and each output. */
const mostSynapses = 30_000_000

export function neuronsReport(ask: NeuronsAsk): NeuronsReport {
  const { inputs, epsilon, fault } = ask
  const network = inputs === undefined ? ask.network : calibrated(ask.network, inputs)
  const places = layersWithNeurons(network)
  const off = ask.off === undefined ? faultsOf(network, fault) : places.map(() => ask.off!)
  const open = off.findIndex((each) => !Number.isFinite(each))
  if (open >= 0)
    throw new CommandError(
      `hidden layer ${open + 1} computes ${network[places[open]!]!.activation}, which has no greatest value: give --data, of which its greatest is taken`,
    )
  const neurons = partOf(ask, network, { part: 'neurons', off }, (name) => boundOf(name, network, off))
  const waited = ask.off === undefined && fault === 'crash' ? off : faultsOf(network, 'crash')
  const consequences = consequencesOf(network, {
    ones: neurons.layers.map(({ bounds }) => bounds.absolute.one),
    off: waited,
    allowed: epsilon,
  })
  const layers = neurons.layers.map((part, at): LayerReport => {
    const layer = network[places[at]!]!
    return {
      ...part,
      kind: layer.links === undefined ? 'dense' : 'convolution',
      activation: layer.activation,
      ...(layer.cap !== undefined && { cut: layer.cap }),
      maxWeight: maxWeightOf(layer),
      consequences: consequences[at]!,
      ...(inputs && ask.crash !== undefined && { crashes: crashesOf(ask, network, places[at]!) }),
    }
  })
  const synapses = synapsesOf(ask, network)
  return {
    epsilon,
    fault,
    ...(ask.off !== undefined && { off: ask.off }),
    ...(inputs && { samples: inputs.length }),
    layers,
    ...(synapses && { synapses }),
    weakest: neurons.weakest,
    together: togetherOf(ask, network, off),
    precision: precisionOf(network, places, epsilon),
    ...(ask.crash !== undefined && { crash: ask.crash }),
    ...(ask.delta !== undefined && { copies: copiesOf(ask, network) }),
  }
}

/** What fails, and C of each layer. */
type Part =
  | { readonly part: 'neurons'; readonly off: readonly number[] }
  | { readonly part: 'synapses'; readonly off: readonly ((weight: number) => number)[] }

function partOf(ask: NeuronsAsk, network: Network, part: Part, boundOf: (name: BoundName) => Bound) {
  const counts = countsOf(network, part.part)
  const bounds = byBound(boundOf)
  const tolerances = byBound((name) => toleranceOf(bounds[name], counts, ask.epsilon))
  const alone = (f: number, at: number): number[] => counts.map((_, other) => (other === at ? f : 0))
  const most = (f: number, at: number) => byBound((name) => largest(bounds[name](alone(f, at))))
  const layers = counts.map((count, at): PartReport => {
    const failed = Math.max(1, tolerances.absolute[at]!.tolerated)
    return {
      layer: at + 1,
      count,
      off:
        part.part === 'neurons'
          ? part.off[at]!
          : part.off[at]!(maxWeightOf(network[layersWithSynapses(network)[at]!]!)),
      bounds: byBound((name) => ({ one: tolerances[name][at]!.one, tolerated: tolerances[name][at]!.tolerated })),
      growth: doubling(count).map((f) => ({ failed: f, bounds: most(f, at) })),
      ...(ask.inputs && {
        injected: { failed, bound: most(failed, at).absolute, ...injectedIn(ask, network, part, alone(failed, at)) },
      }),
    }
  })
  return { layers, weakest: byBound((name) => weakestOf(tolerances[name]).layer + 1) }
}

function synapsesOf(ask: NeuronsAsk, network: Network): readonly PartReport[] | undefined {
  const count = network.reduce((sum, { weights }) => sum + weights.length, 0)
  if (ask.inputs === undefined || count * network.at(-1)!.units > mostSynapses) return undefined
  const greatest = ask.inputs.reduce((most, row) => row.reduce((a, b) => Math.max(a, Math.abs(b)), most), 0)
  const off =
    ask.off === undefined
      ? synapseFaultsOf(network, ask.fault, greatest)
      : layersWithSynapses(network).map(() => () => ask.off!)
  return partOf(ask, network, { part: 'synapses', off }, (name) => synapseBoundOf(name, network, off)).layers
}

/** Of neurons of several layers that fail at once. */
function togetherOf(ask: NeuronsAsk, network: Network, off: readonly number[]): Together {
  const counts = countsOf(network, 'neurons')
  const failed = ask.failed ?? counts.map(() => 1)
  checkFailed(failed, counts)
  const bounds = byBound((name) => boundOf(name, network, off)(failed))
  const outputs = ask.inputs?.map((input) => runNetwork(network, input).at(-1)!)
  return {
    failed,
    bounds: byBound((name) => largest(bounds[name])),
    ...(ask.classes && outputs && { safe: byBound((name) => safeShare(outputs, bounds[name])) }),
    ...(ask.inputs && { injected: injectedIn(ask, network, { part: 'neurons', off }, failed) }),
  }
}

function byBound<T>(of: (name: BoundName) => T): Record<BoundName, T> {
  return Object.fromEntries(boundNames.map((name) => [name, of(name)])) as Record<BoundName, T>
}

function doubling(most: number): number[] {
  const counts: number[] = []
  for (let count = 1; count < most; count *= 2) counts.push(count)
  return [...counts, most]
}

function largest(values: Float64Array): number {
  return values.reduce((a, b) => Math.max(a, b))
}

function checkFailed(failed: readonly number[], neurons: readonly number[]): void {
  if (failed.length === neurons.length && failed.every((f, at) => f <= neurons[at]!)) return
  throw new CommandError(
    `--failed ${failed}: it takes a number for each of ${neurons.length} hidden ${neurons.length === 1 ? 'layer' : 'layers'}, at most ${neurons.join(', ')}`,
  )
}

function injectedIn(
  { inputs, fault, tries, drawsSeed, off }: NeuronsAsk,
  network: Network,
  part: Part,
  failed: readonly number[],
) {
  const random = namedStream('neurons', 'inject', drawsSeed, part.part, ...failed)
  // What is off by C is no crash.
  return inject(network, inputs!, { ...part, failed, fault: off === undefined ? fault : 'byzantine', tries }, random)
}

/** Of the output that is the greatest, averaged over inputs; the variance of what is drawn for one input. */
function crashesOf({ inputs, samples, crash: p, draws, drawsSeed }: NeuronsAsk, network: Network, layer: number) {
  const { uniform } = namedStream('neurons', 'crash', drawsSeed, layer)
  const neurons = neuronsOf(network[layer]!)
  const found = inputs!.slice(0, samples).map((input) => {
    const values = runNetwork(network, input)
    const top = topOf(values.at(-1)!)
    const g = (sent: Float64Array): number => runAfter(network, layer, sent)[top]!
    const sent = values[layer]!
    return {
      b3: gradientMoments(gradientOf(network, values, layer, top), sent, p!, neurons),
      b4: removalMoments(g, sent, p!, neurons),
      drawn: drawnMoments(g, sent, p!, draws, uniform, neurons),
    }
  })
  const averaged = (of: 'b3' | 'b4' | 'drawn'): Moments => ({
    mean: average(found.map((each) => each[of].mean)),
    variance: average(found.map((each) => each[of].variance)),
  })
  return { b3: averaged('b3'), b4: averaged('b4'), drawn: averaged('drawn') }
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** For the worst of the inputs and outputs. */
function copiesOf({ inputs, samples, crash, delta, epsilon }: NeuronsAsk, network: Network): Copies {
  const first = network[0]!
  const neurons = neuronsOf(first)
  const sums = first.weights.reduce((rows, weight, at) => {
    // Of a convolution each place has the same.
    rows[Math.floor((at * first.units) / first.weights.length) % neurons]! += Math.abs(weight)
    return rows
  }, new Float64Array(neurons))
  let [mean, variance] = [0, 0]
  for (const input of inputs!.slice(0, samples)) {
    const values = runNetwork(network, input)
    for (const output of values.at(-1)!.keys()) {
      const found = gradientMoments(gradientOf(network, values, 0, output), values[0]!, crash!, neurons)
      mean = Math.max(mean, Math.abs(found.mean))
      variance = Math.max(variance, found.variance)
    }
  }
  const balance = Math.min(...sums) / Math.max(...sums)
  return copiesFor({ probability: crash!, neurons, balance, mean, variance }, epsilon, delta!)
}
