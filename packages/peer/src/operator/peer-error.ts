export type PeerErrorCode =
  | 'PEER_FOLDER_EXISTS'
  | 'PEER_FOLDER_MISSING'
  | 'PEER_FILE_INVALID'
  | 'PEER_STATE_CORRUPT'
  | 'PEER_OTHER_NETWORK'
  | 'PEER_STORAGE_FAILED'
  | 'PEER_ADDRESS'
  | 'PEER_FORKED'
  | 'PEER_CONTRADICTED'
  | 'PEER_LOCKED'

/** What an operator can mend. */
export class PeerError extends Error {
  readonly code: PeerErrorCode

  constructor(code: PeerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** The disk refused something. */
export function storageFailed(folder: string, error: unknown): PeerError {
  if (error instanceof PeerError) return error
  return new PeerError(
    'PEER_STORAGE_FAILED',
    `${folder}: ${(error as Error).message}. A peer that cannot remember what it says must not speak: ` +
      'mend the disk and start it again; it goes on from what it kept.',
    { cause: error },
  )
}
