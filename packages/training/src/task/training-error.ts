import type { MemberErrorCode } from '@hearsay/catalogue'

export type TrainingErrorCode =
  | 'ERR_TASK_INVALID' // task, learning or poison does not follow the schema, or the parts do not fit together
  | MemberErrorCode<'task' | 'dataset' | 'model' | 'partition' | 'poison'>
  | 'ERR_MODEL_INVALID' // layers that do not fit each other or the data
  | 'ERR_PARTITION_TOO_SMALL' // a peer would get less than one batch
  | 'ERR_DATA_MISSING' // no folder given, or a file is not in it
  | 'ERR_DATA_INVALID' // a file is not what its name says
  | 'ERR_DOWNLOAD_FAILED' // no mirror gave the file
  | 'ERR_DOWNLOAD_STORAGE' // our own disk does not take the file; the cause is the system's error
  | 'ERR_DOWNLOAD_CHECKSUM' // every mirror that answered gave another file
  | 'ERR_ENGINE_UNAVAILABLE' // the engine asked for does not load
  | 'ERR_PROCESS_ENDED' // a training process died
  | 'ERR_DEADLINE' // a training process did not answer in time
  | 'ERR_TRAINING_FAILED' // a training process reported an error that has no other code
  | 'ERR_CLOSED' // used after close
  | 'ERR_ARGUMENT' // peer, round, model or number of processes out of range

/** What the environment or the caller got wrong; the message names the place and the remedy. */
export class TrainingError extends Error {
  readonly code: TrainingErrorCode
  constructor(code: TrainingErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'TrainingError'
    this.code = code
  }
}
