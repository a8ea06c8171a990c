import type { Engine } from '../engines/engine.ts'
import { digitsDataset } from '../pictures/datasets/digits.ts'
import { createTrainer } from '../pictures/trainer.ts'
import { learningSchema } from '../task/learning.ts'
import { partition } from '../task/partitions/partitions.ts'
import type { TrainingCall } from '../task/task.ts'
import { initialModel } from './initial-model.ts'
import { picturesSpec } from './pictures-spec.ts'

export { type EngineName, loadEngine } from '../engines/engine.ts'

/** Of the trainings of a round of so many peers, in time of the processor. */
export interface TogetherCosts {
  readonly eachMs: number
  readonly togetherMs: number
  /** Of the updates, the greatest distance between the two ways, as a share of an update's norm. */
  readonly distance: number
}

/** A model of pictures by name, with the learning of a scenario that says none. `engine` is native. */
export function togetherCosts(engine: Engine, model: string, peers: number, turns: number): TogetherCosts {
  const spec = picturesSpec({ model })
  const data = digitsDataset(200 * peers, 200)
  const { labels } = data.train
  const shares = partition({ count: labels.length, labels }, peers, spec.partition, 1, 32)
  const options = { spec, learning: learningSchema.parse({}), data, shares, seed: 1 }
  const one = createTrainer({ ...options, engine })
  const batched = createTrainer({ ...options, engine: { ...engine, name: 'batched' } })
  const initial = initialModel(model, 1)
  const calls = Array.from({ length: peers }, (_, peer): TrainingCall => ({ peer, round: 1, model: initial }))
  const works = [
    () => calls.map((call) => one.train(call.peer, call.round, call.model).update),
    () => batched.trainTogether!(calls).map(({ update }) => update),
  ] as const
  const [own, others] = works.map((work) => work()) as [Float32Array[], Float32Array[]]
  const distance = Math.max(...own.map((update, peer) => norm(update, others[peer]) / norm(update)))
  const times = works.map((): number[] => [])
  for (let turn = 0; turn < turns; turn++)
    for (const [at, work] of works.entries()) {
      const start = process.cpuUsage()
      work()
      const { user, system } = process.cpuUsage(start)
      times[at]!.push((user + system) / 1000)
    }
  batched.close?.()
  const [eachMs, togetherMs] = times.map((all) => all.sort((a, b) => a - b)[Math.floor(all.length / 2)]!)
  return { eachMs: eachMs!, togetherMs: togetherMs!, distance }
}

/** Of a vector, or of what it differs by from another. */
function norm(vector: Float32Array, other?: Float32Array): number {
  return Math.sqrt(vector.reduce((sum, value, at) => sum + (value - (other?.[at] ?? 0)) ** 2, 0))
}
