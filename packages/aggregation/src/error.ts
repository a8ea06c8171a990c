export type AggregationErrorCode =
  | 'unknown-rule'
  | 'unknown-option'
  | 'bad-option'
  | 'bad-tolerated'
  | 'requirement-unmet'
  | 'too-many-non-finite'
  | 'bad-rows'
  | 'bad-vectors'
  | 'bad-context'
  | 'bad-rule'
  | 'bad-workspace'
  | 'workspace-too-large'
  | 'bad-workers'
  | 'worker-lost'

/** A caller's mistake, or more hostile updates than the rule tolerates. `code` is stable; the message says the remedy. */
export class AggregationError extends Error {
  readonly code: AggregationErrorCode

  constructor(code: AggregationErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'AggregationError'
    this.code = code
  }
}
