import { CodedError } from '@hearsay/catalogue'

type CompareErrorCode = 'bad-arguments' | 'no-byzfl' | 'no-python' | 'missing-modules' | 'driver-failed'

/** What keeps the comparison from being made. The message says the remedy. */
export class CompareError extends CodedError<CompareErrorCode> {
  override readonly name = 'CompareError'
}
