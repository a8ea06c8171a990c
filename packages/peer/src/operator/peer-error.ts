export type PeerErrorCode =
  | 'PEER_FOLDER_EXISTS'
  | 'PEER_FOLDER_MISSING'
  | 'PEER_FILE_INVALID'
  | 'PEER_STATE_CORRUPT'
  | 'PEER_LOCKED'

/** What an operator can mend. */
export class PeerError extends Error {
  readonly code: PeerErrorCode

  constructor(code: PeerErrorCode, message: string) {
    super(message)
    this.code = code
  }
}
