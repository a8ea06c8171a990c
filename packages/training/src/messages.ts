import type { EngineName } from './engine.ts'
import type { BackdoorSpec, LearningSpec, PoisonSpec, TaskSpec } from './schema.ts'
import type { TrainingErrorCode } from './training-error.ts'

/** What a training process is asked; each request is answered by one reply of the same id. */
export type Request = { id: number } & (
  | { kind: 'load'; engine: EngineName }
  | {
      kind: 'open'
      taskId: number
      task: TaskSpec
      learning: LearningSpec
      peers: number
      seed: number | string
    }
  | { kind: 'train'; taskId: number; peer: number; round: number; model: Float32Array; poison?: PoisonSpec }
  | { kind: 'evaluate'; taskId: number; model: Float32Array; backdoors: BackdoorSpec[] }
  | { kind: 'close'; taskId: number }
)

export interface Answers {
  load: { version: string }
  open: undefined
  train: { update: Float32Array; loss: number; diverged: boolean; timeMs: number }
  evaluate: { accuracy: number; loss: number; backdoor: number | null }
  close: undefined
}

export type Reply =
  | { id: number; answer: Answers[keyof Answers] }
  | { id: number; error: { code: TrainingErrorCode; message: string } }
