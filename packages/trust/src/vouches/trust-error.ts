import { CodedError, type MemberErrorCode } from '@hearsay/catalogue'

export type TrustErrorCode =
  | MemberErrorCode<'trust-method'>
  | 'bad-vouch' // one that no method can use; the message says which
  | 'bad-peers' // too many of them, or none
  | 'bad-pre-trusted' // nobody, or somebody who is no peer

/** A caller's mistake, or a file's. */
export class TrustError extends CodedError<TrustErrorCode> {
  override readonly name = 'TrustError'
}
