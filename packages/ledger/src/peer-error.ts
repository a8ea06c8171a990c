import { CodedError } from '@hearsay/catalogue'

export type PeerErrorCode =
  | 'folder-exists'
  | 'folder-missing'
  | 'bad-file'
  | 'state-corrupt'
  | 'other-network'
  | 'storage-failed'
  | 'bad-address'
  | 'forked'
  | 'contradicted'
  | 'locked'

/** What an operator can mend. */
export class PeerError extends CodedError<PeerErrorCode> {
  override readonly name = 'PeerError'
}

/** The disk refused something. */
export function storageFailed(folder: string, error: unknown): PeerError {
  if (error instanceof PeerError) return error
  return new PeerError(
    'storage-failed',
    `${folder}: ${(error as Error).message}. A peer that cannot remember what it says must not speak: ` +
      'mend the disk and start it again; it goes on from what it kept.',
    { cause: error },
  )
}
