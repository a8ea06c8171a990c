import type { TrainingTask } from './pool.ts'
import { tellMeasure } from './task/measure.ts'
import { isSparse, numbersOf, type Update } from './task/update.ts'

/** Whether a task keeps one promise. `note`: it may be meant so, and has consequences. */
export interface ContractCheck {
  readonly name: string
  readonly outcome: 'holds' | 'note' | 'fails'
  readonly message: string
}

export interface ContractOptions {
  /** The task, opened so that a model that is changed is an error. */
  readonly task: TrainingTask
  /** The same, in another process. */
  readonly elsewhere: TrainingTask
  readonly peers: number
  /** So many rounds are trained for what memory and time tell. */
  readonly calls: number
  /** Bytes in memory of the processes that train the task; undefined where that cannot be known. */
  readonly residentBytes: () => number | undefined
}

/** A leak is more than what caches of libraries come to. */
const mostGrowthBytes = 64 * 1024 * 1024
const mostGrowth = 0.25

/** What a task promises, one after the other. Throws TrainingError when it breaks off. */
export async function* checkContract(options: ContractOptions): AsyncGenerator<ContractCheck> {
  const { task, elsewhere, peers } = options
  const { initial } = task
  yield check('opens', true, describeModel(task))
  yield check('first model', equal(initial, elsewhere.initial), [
    'the same in another process',
    'another one in another process: peers would not agree on the model that they start from',
  ])
  const before = await task.evaluate(initial)
  const first = await task.train(0, 1, initial)
  const moved = numbersOf(first.update).some((value) => value !== 0)
  const trained = `${describeUpdate(first.update)}, loss ${first.loss.toPrecision(4)}`
  yield check('update', !first.diverged && moved, [
    trained,
    first.diverged ? 'training came to numbers that are not finite' : 'it is zero: training changes nothing',
  ])
  const nextRound = (await task.train(0, 2, initial)).update
  const neighbour = peers > 1 ? (await task.train(1, 1, initial)).update : undefined
  yield note('other rounds', !same(first.update, nextRound), [
    'give other updates',
    'give the same update: fine where a step takes all data, a fault where it draws',
  ])
  if (neighbour !== undefined)
    yield note('other peers', !same(first.update, neighbour), [
      'give other updates',
      'give the same update: do all have the same data?',
    ])
  const again = (await task.train(0, 1, initial)).update
  const there = (await elsewhere.train(0, 1, initial)).update
  yield note('the same call', same(first.update, again) && same(first.update, there), [
    'gives the same update, later and in another process',
    'gives another update, so the task is not repeatable: neither are runs, and hearsay replay finds others',
  ])
  const after = await task.evaluate(initial)
  const evaluated = task.measures.map((measure) => told(measure, before[measure.name]!)).join(', ')
  yield note('evaluation', JSON.stringify(before) === JSON.stringify(after), [
    evaluated,
    `${evaluated} before training, and another one after it: it is not of the model alone`,
  ])
  yield* checkCalls(options)
}

async function* checkCalls({ task, peers, calls, residentBytes }: ContractOptions): AsyncGenerator<ContractCheck> {
  const times: number[] = []
  const warm = Math.ceil(calls / 4)
  let begun: number | undefined
  for (let call = 0; call < calls; call++) {
    if (call === warm) begun = residentBytes()
    times.push((await task.train(call % peers, 3 + call, task.initial)).timeMs)
  }
  const ended = residentBytes()
  if (begun === undefined || ended === undefined) yield check('memory', true, 'not known on this system')
  else {
    const grown = ended - begun
    const leaks = grown > mostGrowthBytes && grown > mostGrowth * begun
    const message = `${megabytes(ended)} resident, ${megabytes(grown)} more after ${calls} calls than after ${warm}`
    yield check('memory', !leaks, [message, `${message}: it leaks`])
  }
  times.sort((a, b) => a - b)
  const [median, slowest] = [times[Math.floor(times.length / 2)]!, times.at(-1)!]
  yield check('time', true, `${median.toFixed(1)} ms a call, the slowest ${slowest.toFixed(1)} ms`)
}

type Words = string | readonly [held: string, failed: string]

const check = (name: string, holds: boolean, words: Words): ContractCheck => judged(name, holds, words, 'fails')
const note = (name: string, holds: boolean, words: Words): ContractCheck => judged(name, holds, words, 'note')

function judged(name: string, holds: boolean, words: Words, otherwise: 'note' | 'fails'): ContractCheck {
  const [held, failed] = typeof words === 'string' ? [words, words] : words
  return holds ? { name, outcome: 'holds', message: held } : { name, outcome: otherwise, message: failed }
}

function describeModel({ tensors, initial }: TrainingTask): string {
  const named = tensors.slice(0, 4).map(({ name, shape }) => `${name} ${shape.join(' × ') || 'a number'}`)
  const more = tensors.length > named.length ? `, and ${tensors.length - named.length} more` : ''
  return `${initial.length} parameters: ${named.join(', ')}${more}`
}

function told(measure: TrainingTask['measures'][number], value: number | null): string {
  return `${measure.name} ${value === null ? 'nothing' : tellMeasure(measure, value)}`
}

function describeUpdate(update: Update): string {
  const numbers = `${numbersOf(update).length} finite numbers`
  return isSparse(update) ? `${numbers} of ${update.rows.length} rows` : numbers
}

function same(a: Update, b: Update): boolean {
  const rows = [a, b].map((update) => (isSparse(update) ? update.rows.join() : ''))
  return rows[0] === rows[1] && equal(numbersOf(a), numbersOf(b))
}

function equal(a: Float32Array, b: Float32Array): boolean {
  return a.length === b.length && a.every((value, index) => Object.is(value, b[index]))
}

const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`
