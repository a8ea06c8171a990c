import { flushCompileCache } from 'node:module'
import { performance } from 'node:perf_hooks'
import { addKnown, loadModule } from '@hearsay/catalogue/extension'
import { type Engine, loadEngine } from './engines/engine.ts'
import { programs } from './external/program.ts'
import { firstModel } from './first-model.ts'
import { countShares } from './holdings.ts'
import { LastModel } from './last-model.ts'
import type { Answers, Notice, Reply, Request, Sent } from './messages.ts'
import { registries } from './registries.ts'
import { checkedRows, finiteUpdate, refuseCrashVariance, sharesOf } from './task/checked.ts'
import { learningSchema } from './task/learning.ts'
import { completeEvaluation, type Measure } from './task/measure.ts'
import type { Task, Trainer } from './task/task.ts'
import { TrainingError } from './task/training-error.ts'
import type { RowShape, Update } from './task/update.ts'
import { measuresOf, taskOf } from './tasks.ts'

/** Main file of a training process: serves its parent's requests in order, and ends when the parent goes. */

let engine: Engine | undefined
const opened = new Map<
  number,
  {
    readonly kind: Task
    readonly measures: readonly Measure[]
    readonly trainer: Trainer<Update>
    readonly rows: RowShape | undefined
    readonly strict: boolean
  }
>()
/** The data of the last task: the next one of a sweep mostly has the same. */
let lastData: { readonly key: string; readonly data: unknown } | undefined

async function answer(request: Request): Promise<Answers[keyof Answers]> {
  switch (request.kind) {
    case 'load':
      for (const file of request.extensions?.files ?? []) extend(loadModule(file, request.extensions!.from))
      engine = await loadEngine(request.engine)
      // Where compiled code is kept: this process will be killed, and would keep nothing.
      flushCompileCache()
      return { version: engine.version }
    case 'open':
      return open(request)
    case 'train': {
      const start = performance.now()
      const { peer, round, model, poison } = request
      const { kind, trainer, rows, strict } = opened.get(request.taskId)!
      // Others train on the same one, and a trainer of one's own may change what it is given.
      const given = registries.tasks.ships(kind) && !strict ? model : model.slice()
      const trained = finiteUpdate(kind, await trainer.train(peer, round, given, poison), model.length, rows)
      if (strict && !given.every((value, index) => Object.is(value, model[index])))
        throw new TrainingError('bad-task', `task ${kind.name}: training changes the model that it is given`)
      return { ...trained, timeMs: performance.now() - start }
    }
    case 'train-together': {
      const start = performance.now()
      const { kind, trainer, rows } = opened.get(request.taskId)!
      const all = trainer.trainTogether!(request.calls)
      const made = all.map((trained, at) => finiteUpdate(kind, trained, request.calls[at]!.model.length, rows))
      const timeMs = (performance.now() - start) / made.length
      return made.map((trained) => ({ ...trained, timeMs }))
    }
    case 'evaluate': {
      const { measures, trainer } = opened.get(request.taskId)!
      return completeEvaluation(measures, await trainer.evaluate(request.model, request.poisons))
    }
    case 'recall':
      return recall(request)
    case 'outputs':
      return opened.get(request.taskId)!.trainer.outputs!(request.model, request.inputs)
    case 'close': {
      const closed = opened.get(request.taskId)
      opened.delete(request.taskId)
      await closed?.trainer.close?.()
      return undefined
    }
  }
}

/** The parent has checked all that the file exports. */
function extend(module: Readonly<Record<string, unknown>>): void {
  const [fault] = addKnown(module, registries)
  if (fault !== undefined) throw new TrainingError('bad-task', fault)
}

async function open(request: Extract<Request, { kind: 'open' }>): Promise<Answers['open']> {
  const { taskId, task: spec, learning, peers, holders, seed, base, strict = false } = request
  const kind = taskOf(spec)
  const key = JSON.stringify([kind.name, base, kind.source(spec)])
  if (lastData?.key !== key) lastData = { key, data: await kind.load(spec, { base, learning, peers, seed }) }
  const { data } = lastData
  refuseCrashVariance(kind, data, learning)
  const shares = sharesOf(kind, data, { spec, peers, holders, seed, least: learning.batchSize })
  const model = firstModel(kind, spec, data, { base, seed })
  const trainer = kind.trainer({ engine: engine!, spec, learning, data, shares, seed })
  const rows = checkedRows(kind, kind.rows?.(spec, data), model.initial.length)
  opened.set(taskId, { kind, measures: measuresOf(spec), trainer, rows, strict })
  const reading = kind.reading?.(spec, data)
  const architecture = { ...kind.architecture?.(spec, data), ...(reading && { reading }) }
  const items = kind.items?.(spec, data)
  const together = trainer.trainTogether !== undefined && !strict
  const holdings = countShares(shares, kind.contents?.(data))
  return { ...model, architecture, ...(rows && { rows }), ...(items && { items }), together, holdings }
}

/** A model that has learnt, without the data that it learnt from. */
async function recall({
  taskId,
  task,
  reading,
  base,
}: Extract<Request, { kind: 'recall' }>): Promise<Answers['recall']> {
  const kind = taskOf(task)
  const recalled = await kind.recall?.(task, reading, { base })
  if (recalled === undefined)
    throw new TrainingError('bad-task', `task ${kind.name}: only the program that trains it knows what its model gives`)
  const tensors = kind.tensors(recalled.spec, recalled.data)
  const learning = learningSchema.parse({})
  const trainer = kind.trainer({ ...recalled, engine: engine!, learning, shares: [], seed: 0 })
  opened.set(taskId, { kind, measures: [], trainer, rows: undefined, strict: false })
  return { tensors }
}

async function serve(request: Request): Promise<Reply> {
  try {
    return { id: request.id, answer: await answer(request) }
  } catch (error) {
    const code = error instanceof TrainingError ? error.code : 'training-failed'
    return { id: request.id, error: { code, message: error instanceof Error ? error.message : String(error) } }
  }
}

const tell = (message: Reply | Notice): void => {
  if (process.connected) process.send!(message)
}
programs.on('started', (program) => tell({ program, running: true }))
programs.on('ended', (program) => tell({ program, running: false }))
programs.on('said', (said) => tell({ said }))

let queue = Promise.resolve()
const models = new LastModel()
process.on('message', (sent: Sent) => {
  const request = models.with(sent)
  queue = queue.then(async () => {
    tell(await serve(request))
  })
})
process.on('disconnect', () => process.exit(0))
// Ctrl-C reaches every process of the terminal; the parent decides when its children end.
process.on('SIGINT', () => {})
