import type { Envelope } from './envelope.ts'
import type { Fault, Output, Work } from './step.ts'

/** A step while a peer makes it. */
export interface MutableStep {
  sends: { to: 'all'; envelope: Envelope }[]
  asks: { to?: number; bytes: Uint8Array }[]
  timers: { id: number; atMs: number }[]
  work: Work[]
  outputs: Output[]
  faults: Fault[]
}

export function emptyStep(): MutableStep {
  return { sends: [], asks: [], timers: [], work: [], outputs: [], faults: [] }
}
