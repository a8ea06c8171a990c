export { type EngineName, loadEngine } from '../engines/engine.ts'

import { gradientOf as tracedGradientOf } from '../autodiff/descend.ts'
import { buildNetwork, setParameters } from '../autodiff/network.ts'
import { tracedLoss } from '../autodiff/traced-loss.ts'
import type { Engine } from '../engines/engine.ts'
import { softmaxCrossEntropy } from '../losses/cross-entropy.ts'
import { digitsDataset } from '../pictures/datasets/digits.ts'
import { inputOfPixel } from '../pictures/input.ts'
import { digitsFit, models, planModel } from '../pictures/models.ts'
import { gradientOf } from '../pictures/trainer.ts'
import { initialModel } from './initial-model.ts'
import { builtOf } from './same-models.ts'

export const stepsOfATurn = 10

/** Of the gradient of one step, in time of the processor. */
export interface GradientCosts {
  readonly model: string
  readonly writtenMs: number
  readonly tracedMs: number
  readonly ratio: number
}

/** Of a model of pictures by name, written out and traced by TensorFlow.js. */
export function gradientCosts(engine: Engine, name: string, batch: number, turns: number): GradientCosts {
  const { tf } = engine
  const plans = planModel(name)
  const parameters = initialModel(name, 1)
  const { train } = digitsDataset(batch, 1)
  const { inputShape } = models.find(name).layers({}, digitsFit)
  const network = buildNetwork(tf, builtOf(models.find(name).layers({}, digitsFit)), 1)
  const gradient = new Float32Array(parameters.length)
  const written = (): number => gradientOf(engine, plans, parameters, train, gradient)
  const traced = (): number => {
    setParameters(tf, network, parameters)
    return tf.tidy(() => {
      const values = new Float32Array(train.images.length)
      for (let index = 0; index < values.length; index++) values[index] = inputOfPixel[train.images[index]!]!
      const inputs = tf.tensor(values, [batch, ...inputShape])
      const loss = (outputs: Parameters<typeof tracedLoss>[1]) =>
        tracedLoss(tf, outputs, (logits) => softmaxCrossEntropy(logits, train.labels))
      return tracedGradientOf(tf, network, { inputs, loss }, gradient)
    })
  }
  const [writtenMs, tracedMs] = medians([written, traced], turns)
  network.model.dispose()
  return { model: name, writtenMs, tracedMs, ratio: tracedMs / writtenMs }
}

/** In turns, in time of the processor, so that what else the machine does slows both alike; milliseconds. */
function medians(works: [() => number, () => number], turns: number): [number, number] {
  const times = works.map((): number[] => [])
  for (let turn = 0; turn < turns + 2; turn++)
    for (const [index, work] of works.entries()) {
      const start = process.cpuUsage()
      for (let step = 0; step < stepsOfATurn; step++) work()
      const { user, system } = process.cpuUsage(start)
      // The first ones warm up.
      if (turn >= 2) times[index]!.push((user + system) / 1000 / stepsOfATurn)
    }
  return times.map((each) => each.sort((a, b) => a - b)[Math.floor(each.length / 2)]!) as [number, number]
}
