import type { LayersModel } from '@tensorflow/tfjs'
import { plainTensorflow } from '../engines/plain.ts'
import { sizeOf } from '../layers/plan.ts'
import type { SamplesSpec } from '../samples/schema.ts'
import { fitOf } from '../samples/trainer.ts'
import { TrainingError } from '../task/training-error.ts'
import { type BuildModel, badModel, buildNetwork, type Network } from './network.ts'
import type { Learnable } from './saved-model.ts'

/** What a model has to fit. */
export interface Fit {
  readonly shape: readonly number[]
  readonly outputs: number
  /** Whether the loss has softmax or sigmoid in itself: twice would be learnt, and badly. */
  readonly logits: boolean
  /** Where the model is, if it is saved. */
  readonly file?: string | undefined
}

/** What a model of such samples has to fit; a loss of a user's own has in itself what he says. */
export function tracedFitOf(samples: Learnable, spec: Pick<SamplesSpec, 'loss' | 'data'>, ownLoss = false): Fit {
  return { ...fitOf(samples, spec), logits: !ownLoss && samples.targets !== 'numbers', file: samples.file }
}

/**
 * Builds a model without an engine, looks whether it fits, and forgets it.
 *
 * @throws TrainingError `bad-model`, as `buildNetwork` and when it does not fit
 */
export function withNetwork<Result>(
  build: BuildModel,
  fit: Fit,
  seed: number | string,
  use: (network: Network) => Result,
): Result {
  let network: Network | undefined
  try {
    network = buildNetwork(plainTensorflow(), build, seed)
    checkFit(network.model, fit)
    if (fit.logits) checkLogits(network.model)
    return use(network)
  } catch (error) {
    if (fit.file === undefined || !(error instanceof TrainingError)) throw error
    throw new TrainingError(error.code, error.message.replace(/^the model(?=:)/, fit.file), { cause: error })
  } finally {
    network?.model.dispose()
  }
}

/** The shape in which the model takes a sample: it has as many numbers, and maybe in other rows. */
export function inputShapeOf({ inputs }: LayersModel, shape: readonly number[]): number[] {
  const own = inputs[0]!.shape.slice(1)
  return own.includes(null) ? [...shape] : (own as number[])
}

function checkFit(model: LayersModel, { shape, outputs }: Fit): void {
  const [input, output] = [model.inputs[0]!.shape.slice(1), model.outputs[0]!.shape.slice(1)]
  const fits = input.includes(null)
    ? input.length === shape.length && input.every((side, at) => side === null || side === shape[at])
    : sizeOf(input as number[]) === sizeOf(shape)
  if (!fits) throw badModel(`its input is [${input}], and a sample is [${shape}]; correct its inputShape`)
  if (output.length !== 1 || output[0] !== outputs)
    throw badModel(
      `it gives [${output}], and the data and the loss need [${outputs}]; end with a dense layer of ${outputs} units`,
    )
}

function checkLogits({ outputs }: LayersModel): void {
  const { activation } = outputs[0]!.sourceLayer as { activation?: { getClassName(): string } }
  const name = activation?.getClassName() ?? ''
  if (['softmax', 'sigmoid'].includes(name))
    throw badModel(`it ends in ${name}, which the loss has in itself; leave that activation out`)
}
