import { CodedError, type MemberErrorCode } from '@hearsay/catalogue'
import type { DataErrorCode } from '@hearsay/data'

export type TrainingErrorCode =
  | 'bad-task' // task, learning or poison does not follow the schema, or the parts do not fit together
  | MemberErrorCode<'task' | 'dataset' | 'model' | 'loss' | 'partition' | 'poison'>
  | 'bad-model' // layers that do not fit each other or the data
  | 'partition-too-small' // a peer would get less than one batch
  | DataErrorCode // no folder given, a file is not in it or not what its name says, …
  | 'engine-unavailable' // the engine asked for does not load
  | 'process-ended' // a training process died, or the program of a trainer
  | 'deadline' // one of these did not answer in time
  | 'bad-trainer' // the program of a trainer does not start, or answers what is no answer
  | 'training-failed' // a training process reported an error that has no other code
  | 'closed' // used after close
  | 'bad-argument' // peer, round, model or number of processes out of range

/** What the environment or the caller got wrong; the message names the place and the remedy. */
export class TrainingError extends CodedError<TrainingErrorCode> {
  override readonly name = 'TrainingError'
}
