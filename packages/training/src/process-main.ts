import { performance } from 'node:perf_hooks'
import { type Dataset, loadDataset } from './dataset.ts'
import { type Engine, loadEngine } from './engine.ts'
import type { Answers, Reply, Request } from './messages.ts'
import { partition } from './partition.ts'
import type { TaskSpec } from './schema.ts'
import { createTrainer, type Trainer } from './trainer.ts'
import { TrainingError } from './training-error.ts'

/** Main file of a training process: serves its parent's requests in order, and ends when the parent goes. */

let engine: Engine | undefined
const trainers = new Map<number, Trainer>()
/** The data set of the last task: the next one of a sweep mostly has the same. */
let lastDataset: { key: string; dataset: Dataset } | undefined

async function answer(request: Request): Promise<Answers[keyof Answers]> {
  switch (request.kind) {
    case 'load':
      engine = await loadEngine(request.engine)
      return { version: engine.version }
    case 'open': {
      const { task, learning, peers, seed } = request
      const dataset = await datasetOf(task)
      const shares = partition(dataset.train.labels, peers, task.partition, seed, learning.batchSize)
      trainers.set(request.taskId, createTrainer({ engine: engine!, task, learning, dataset, shares, seed }))
      return undefined
    }
    case 'train': {
      const start = performance.now()
      const { peer, round, model, poison } = request
      const { update, loss, diverged } = trainers.get(request.taskId)!.train(peer, round, model, poison)
      return { update, loss, diverged, timeMs: performance.now() - start }
    }
    case 'evaluate':
      return trainers.get(request.taskId)!.evaluate(request.model, request.backdoors)
    case 'close':
      trainers.delete(request.taskId)
      return undefined
  }
}

async function datasetOf(task: TaskSpec): Promise<Dataset> {
  const key = JSON.stringify([task.dataset, task.data, task.trainSamples, task.testSamples])
  if (lastDataset?.key !== key) lastDataset = { key, dataset: await loadDataset(task) }
  return lastDataset.dataset
}

async function serve(request: Request): Promise<Reply> {
  try {
    return { id: request.id, answer: await answer(request) }
  } catch (error) {
    const code = error instanceof TrainingError ? error.code : 'ERR_TRAINING_FAILED'
    return { id: request.id, error: { code, message: error instanceof Error ? error.message : String(error) } }
  }
}

let queue = Promise.resolve()
process.on('message', (request: Request) => {
  queue = queue.then(async () => {
    const reply = await serve(request)
    if (process.connected) process.send!(reply)
  })
})
process.on('disconnect', () => process.exit(0))
// Ctrl-C reaches every process of the terminal; the parent decides when its children end.
process.on('SIGINT', () => {})
