import { CodedError } from '@hearsay/catalogue'

export type AttackErrorCode = 'unknown-attack' | 'unknown-option' | 'bad-option' | 'bad-context' | 'bad-attack'

/** A caller's mistake. */
export class AttackError extends CodedError<AttackErrorCode> {
  override readonly name = 'AttackError'
}
