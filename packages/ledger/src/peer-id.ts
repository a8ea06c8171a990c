import { isPeerId, unusableId } from '@hearsay/libp2p/identity'
import { z } from 'zod'

/** The id of a peer, wherever one is read. */
export const peerIdSchema = z
  .string()
  .regex(/^12D3Koo[1-9A-HJ-NP-Za-km-z]{45}$/, {
    error: 'must be the libp2p peer id of an Ed25519 key: 12D3Koo…',
    abort: true,
  })
  .refine(isPeerId, `is ${unusableId}. Put the id that hearsay init printed`)
