import { CodedError } from '@hearsay/catalogue'

export type RunErrorCode =
  | 'interrupted'
  | 'impossible' // known before the first job
  | 'not-connected' // peers of a cell that never came to be a network
  | 'job-ended' // the process of a job ended before it
  | 'write-failed' // the folder of the run; the cause is the system's error
  | 'no-run'
  | 'differs' // from the run that was to be gone on with
  | 'missing' // jobs of a sweep
  | 'not-submitted' // by the command of a cluster
  | 'busy' // another process is at the folder of the run
  | 'log-failed' // a place besides its folder that a run is kept in
  | 'not-virtual'
  | 'replay-failed'

/** A run that did not come to its end. What was done before is in its folder. */
export class RunError extends CodedError<RunErrorCode> {
  override readonly name = 'RunError'
}
