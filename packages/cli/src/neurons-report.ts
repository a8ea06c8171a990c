/** What failing neurons of a model do, at worst and on average, as numbers. */
import { namedStream } from '@hearsay/catalogue/random'
import {
  type BoundName,
  boundNames,
  boundOf,
  type Copies,
  calibrated,
  copiesFor,
  type DenseNetwork,
  drawnMoments,
  type FaultName,
  faultsOf,
  gradientMoments,
  gradientOf,
  type Injected,
  inject,
  type Moments,
  maxWeightOf,
  removalMoments,
  runAfter,
  runNetwork,
  safeShare,
  type Tolerance,
  toleranceOf,
  topOf,
  weakestOf,
} from '@hearsay/training/neurons'
import { CommandError } from './command-error.ts'

export interface NeuronsAsk {
  readonly network: DenseNetwork
  /** Without them: no calibration, and nothing is tried. */
  readonly inputs?: readonly Float32Array[]
  /** The greatest output is the class. */
  readonly classes: boolean
  /** ε − ε′ */
  readonly epsilon: number
  readonly fault: FaultName
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

export interface LayerReport {
  /** From 1, of the hidden layers. */
  readonly layer: number
  readonly neurons: number
  readonly activation: string
  /** C; `cut`: what neurons send has to be cut at this at run time. */
  readonly off: number
  readonly cut?: number
  /** w */
  readonly maxWeight: number
  readonly bounds: Readonly<Record<BoundName, Omit<Tolerance, 'layer' | 'neurons'>>>
  /** By how much outputs are off at most with f failed, for f = 1, 2, 4, … and N. */
  readonly growth: readonly { readonly failed: number; readonly bounds: Readonly<Record<BoundName, number>> }[]
  /** Of as many failures as the absolute bound tolerates, and at least one. */
  readonly injected?: Injected & { readonly failed: number; readonly bound: number }
  readonly crashes?: { readonly b3: Moments; readonly b4: Moments; readonly drawn: Moments }
}

export interface NeuronsReport {
  readonly epsilon: number
  readonly fault: FaultName
  readonly samples?: number
  readonly layers: readonly LayerReport[]
  /** From 1. */
  readonly weakest: Readonly<Record<BoundName, number>>
  readonly together: {
    readonly failed: readonly number[]
    readonly bounds: Readonly<Record<BoundName, number>>
    /** Share of predictions whose class is proven not to change. */
    readonly safe?: Readonly<Record<BoundName, number>>
  }
  readonly crash?: number
  readonly copies?: Copies
}

export function neuronsReport(ask: NeuronsAsk): NeuronsReport {
  const { inputs, epsilon, fault } = ask
  const network = inputs === undefined ? ask.network : calibrated(ask.network, inputs)
  const hidden = network.slice(0, -1)
  const faults = faultsOf(network, fault)
  const open = faults.findIndex((off) => !Number.isFinite(off))
  if (open >= 0)
    throw new CommandError(
      `hidden layer ${open + 1} computes ${hidden[open]!.activation}, which has no greatest value: give --data, of which its greatest is taken`,
    )
  const neurons = hidden.map(({ units }) => units)
  const failed = ask.failed ?? neurons.map(() => 1)
  checkFailed(failed, neurons)
  const bounds = byBound((name) => boundOf(name, network, faults))
  const tolerances = byBound((name) => toleranceOf(bounds[name], neurons, epsilon))
  const together = byBound((name) => bounds[name](failed))
  const outputs = inputs?.map((input) => runNetwork(network, input).at(-1)!)
  const layers = hidden.map((layer, at): LayerReport => {
    const ofLayer = byBound((name) => ({ one: tolerances[name][at]!.one, tolerated: tolerances[name][at]!.tolerated }))
    const alone = (f: number) =>
      byBound((name) => largest(bounds[name](neurons.map((_, other) => (other === at ? f : 0)))))
    const f = Math.max(1, ofLayer.absolute.tolerated)
    return {
      layer: at + 1,
      neurons: layer.units,
      activation: layer.activation,
      off: faults[at]!,
      ...(layer.cap !== undefined && { cut: layer.cap }),
      maxWeight: maxWeightOf(layer),
      bounds: ofLayer,
      growth: doubling(layer.units).map((failed) => ({ failed, bounds: alone(failed) })),
      ...(inputs && {
        injected: { failed: f, bound: alone(f).absolute, ...injectedIn(ask, network, at, f, faults[at]!) },
      }),
      ...(inputs && ask.crash !== undefined && { crashes: crashesOf(ask, network, at) }),
    }
  })
  return {
    epsilon,
    fault,
    ...(inputs && { samples: inputs.length }),
    layers,
    weakest: byBound((name) => weakestOf(tolerances[name]).layer + 1),
    together: {
      failed,
      bounds: byBound((name) => largest(together[name])),
      ...(ask.classes && outputs && { safe: byBound((name) => safeShare(outputs, together[name])) }),
    },
    ...(ask.crash !== undefined && { crash: ask.crash }),
    ...(ask.delta !== undefined && { copies: copiesOf(ask, network) }),
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
  { inputs, fault, tries, drawsSeed }: NeuronsAsk,
  network: DenseNetwork,
  layer: number,
  failed: number,
  off: number,
): Injected {
  const random = namedStream('neurons', 'inject', drawsSeed, layer)
  return inject(network, inputs!, { layer, failed, fault, off, tries }, random)
}

/** Of the output that is the greatest, averaged over inputs; the variance of what is drawn for one input. */
function crashesOf({ inputs, samples, crash: p, draws, drawsSeed }: NeuronsAsk, network: DenseNetwork, layer: number) {
  const { uniform } = namedStream('neurons', 'crash', drawsSeed, layer)
  const found = inputs!.slice(0, samples).map((input) => {
    const values = runNetwork(network, input)
    const top = topOf(values.at(-1)!)
    const g = (sent: Float64Array): number => runAfter(network, layer, sent)[top]!
    const sent = values[layer]!
    return {
      b3: gradientMoments(gradientOf(network, values, layer, top), sent, p!),
      b4: removalMoments(g, sent, p!),
      drawn: drawnMoments(g, sent, p!, draws, uniform),
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
function copiesOf({ inputs, samples, crash, delta, epsilon }: NeuronsAsk, network: DenseNetwork): Copies {
  const [first] = network
  const sums = Array.from({ length: first!.units }, (_, unit) =>
    first!.weights
      .subarray(unit * first!.inputs, (unit + 1) * first!.inputs)
      .reduce((sum, each) => sum + Math.abs(each), 0),
  )
  let [mean, variance] = [0, 0]
  for (const input of inputs!.slice(0, samples)) {
    const values = runNetwork(network, input)
    for (const output of values.at(-1)!.keys()) {
      const found = gradientMoments(gradientOf(network, values, 0, output), values[0]!, crash!)
      mean = Math.max(mean, Math.abs(found.mean))
      variance = Math.max(variance, found.variance)
    }
  }
  const balance = Math.min(...sums) / Math.max(...sums)
  return copiesFor({ probability: crash!, neurons: first!.units, balance, mean, variance }, epsilon, delta!)
}
