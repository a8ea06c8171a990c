import { CodedError } from '@hearsay/catalogue'

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
  | 'mask-refused'
  | 'bad-weights'
  | 'weights-refused'
  | 'bad-workspace'
  | 'workspace-too-large'
  | 'bad-workers'
  | 'worker-lost'

/** A caller's mistake, or more hostile updates than the rule tolerates. */
export class AggregationError extends CodedError<AggregationErrorCode> {
  override readonly name = 'AggregationError'
}
