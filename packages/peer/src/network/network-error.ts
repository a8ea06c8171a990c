export type NetworkErrorCode =
  | 'NETWORK_OPTIONS'
  | 'NETWORK_ADDRESS'
  | 'NETWORK_NOT_IN_ROSTER'
  | 'NETWORK_NOT_STARTED'
  | 'NETWORK_STOPPED'
  | 'NETWORK_CUT_OFF'
  | 'NETWORK_DISCONNECTED'
  | 'NETWORK_ENVELOPE_TOO_LARGE'
  | 'NETWORK_ASK_TOO_LARGE'
  | 'NETWORK_ASK_FAILED'
  | 'NETWORK_BUSY'
  | 'NETWORK_FETCH_SIZE'
  | 'NETWORK_FETCH_ABORTED'
  | 'NETWORK_FRAME'
  | 'NETWORK_DEADLINE'
  | 'NETWORK_STREAM_CLOSED'

/** What went wrong in the environment or in a call; a peer's misbehaviour is an event and a count instead. */
export class NetworkError extends Error {
  readonly code: NetworkErrorCode

  constructor(code: NetworkErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'NetworkError'
    this.code = code
  }
}
