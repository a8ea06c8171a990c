/** A run that did not come to its end. What was done before is in its folder. */
export class RunError extends Error {
  readonly code: 'RUN_INTERRUPTED' | 'RUN_CELL_FAILED' | 'REPLAY_NO_RUN' | 'REPLAY_NOT_VIRTUAL'

  constructor(code: RunError['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'RunError'
    this.code = code
  }
}
