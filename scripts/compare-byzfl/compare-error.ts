export type CompareErrorCode = 'bad-arguments' | 'no-byzfl' | 'no-python' | 'missing-modules' | 'driver-failed'

/** What keeps the comparison from being made. The message says the remedy. */
export class CompareError extends Error {
  readonly code: CompareErrorCode

  constructor(code: CompareErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'CompareError'
    this.code = code
  }
}
