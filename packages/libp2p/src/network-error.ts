import { CodedError } from '@hearsay/catalogue'

export type NetworkErrorCode =
  | 'bad-options'
  | 'bad-address'
  | 'not-in-roster'
  | 'not-started'
  | 'stopped'
  | 'cut-off'
  | 'disconnected'
  | 'envelope-too-large'
  | 'ask-too-large'
  | 'ask-failed'
  | 'busy'
  | 'fetch-size'
  | 'fetch-aborted'
  | 'bad-frame'
  | 'deadline'
  | 'stream-closed'

/** What went wrong in the environment or in a call; a peer's misbehaviour is an event and a count instead. */
export class NetworkError extends CodedError<NetworkErrorCode> {
  override readonly name = 'NetworkError'
}
