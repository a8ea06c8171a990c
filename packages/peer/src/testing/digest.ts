import { type Digest, digestOf } from '@hearsay/protocol'

export function digest(text: string): Digest {
  return digestOf(new TextEncoder().encode(text))
}
