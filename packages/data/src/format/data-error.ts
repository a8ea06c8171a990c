import { CodedError, type MemberErrorCode } from '@hearsay/catalogue'

export type DataErrorCode =
  | MemberErrorCode<'format' | 'data-set'>
  | 'data-missing' // a file is not there or cannot be opened
  | 'bad-data' // a file is not what the specification says
  | 'download-failed' // no mirror gave the file
  | 'download-storage' // our own disk does not take the file; the cause is the system's error
  | 'download-checksum' // every mirror that answered gave another file

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
