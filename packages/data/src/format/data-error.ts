import { CodedError, type MemberErrorCode } from '@hearsay/catalogue'

export type DataErrorCode =
  | MemberErrorCode<'format'>
  | 'data-missing' // a file is not there or cannot be opened
  | 'bad-data' // a file is not what the specification says

/**
 * What is wrong with data or with what is said of them. The message begins with the place, `FILE:LINE:`, `FILE: column NAME:` or
 * `FILE: row N:`, and ends with the remedy.
 */
export class DataError extends CodedError<DataErrorCode> {
  override readonly name = 'DataError'
}

/** `bad-data` at a place in a file. */
export function badData(place: string, problem: string, options?: ErrorOptions): DataError {
  return new DataError('bad-data', `${place}: ${problem}.`, options)
}
