import type { EngineName } from './engines/engine.ts'
import type { Holdings } from './holdings.ts'
import type { Architecture } from './task/architecture.ts'
import type { LearningSpec } from './task/learning.ts'
import type { Evaluation } from './task/measure.ts'
import type { Reading } from './task/reading.ts'
import type { Items, NamedTensor, PoisonSpec, TaskSpec, Trained, TrainingCall } from './task/task.ts'
import type { TrainingErrorCode } from './task/training-error.ts'
import type { RowShape, Update } from './task/update.ts'

/** Files with tasks, data sets, models, … of a user's own; `from`: see `loadModule`. */
export interface Extensions {
  readonly files: readonly string[]
  readonly from: string
}

/** What a training process is asked; each request is answered by one reply of the same id. */
export type Request = { id: number } & (
  | { kind: 'load'; engine: EngineName; extensions?: Extensions }
  | {
      kind: 'open'
      taskId: number
      task: TaskSpec
      learning: LearningSpec
      peers: number
      /** Of these the first divide the data; all unless given. */
      holders?: number
      seed: number | string
      base: string
      /** It is an error when training changes the model that it was given. */
      strict?: boolean
    }
  | { kind: 'train'; taskId: number; peer: number; round: number; model: Float32Array; poison?: PoisonSpec }
  | { kind: 'train-together'; taskId: number; calls: readonly TrainingCall[] }
  | { kind: 'evaluate'; taskId: number; model: Float32Array; poisons: readonly PoisonSpec[] }
  | { kind: 'recall'; taskId: number; task: TaskSpec; reading: Reading; base: string }
  | { kind: 'outputs'; taskId: number; model: Float32Array; inputs: Float32Array }
  | { kind: 'close'; taskId: number }
)

/** A request as it travels: without its model where that is the one of the last request that had one. */
export type Sent = Request extends infer Each
  ? Each extends { model: Float32Array }
    ? Each | Omit<Each, 'model'>
    : Each
  : never

export interface Answers {
  load: { version: string }
  open: {
    tensors: readonly NamedTensor[]
    initial: Float32Array
    architecture: Architecture
    rows?: RowShape
    items?: Items
    /** Trainings may be asked for together. */
    together: boolean
    holdings: Holdings
  }
  train: Trained<Update> & { readonly timeMs: number }
  'train-together': readonly (Trained<Update> & { readonly timeMs: number })[]
  evaluate: Evaluation
  recall: { tensors: readonly NamedTensor[] }
  outputs: Float32Array
  close: undefined
}

export type Reply =
  | { id: number; answer: Answers[keyof Answers] }
  | { id: number; error: { code: TrainingErrorCode; message: string } }

/** What a training process tells unasked: that a trainer's program of its own is there or gone, by its id, or a line of its log. */
export type Notice = { readonly program: number; readonly running: boolean } | { readonly said: string }
