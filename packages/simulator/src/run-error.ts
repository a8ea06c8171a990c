/** A run that did not come to its end. What was done before is in its folder. */
export class RunError extends Error {
  readonly code:
    | 'RUN_INTERRUPTED'
    | 'RUN_IMPOSSIBLE' // known before the first job
    | 'RUN_NOT_CONNECTED' // peers of a cell that never came to be a network
    | 'RUN_JOB_ENDED' // the process of a job ended before it
    | 'RUN_WRITE_FAILED' // the folder of the run; the cause is the system's error
    | 'REPLAY_NO_RUN'
    | 'REPLAY_NOT_VIRTUAL'
    | 'REPLAY_FAILED'

  constructor(code: RunError['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'RunError'
    this.code = code
  }
}
