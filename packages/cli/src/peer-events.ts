import type { DriverEvent } from '@hearsay/peer'
import type { Told } from './teller.ts'

/** What of the life of a peer is told, and how; undefined for what only a simulation wants to know. */
export function describeEvent(event: DriverEvent): Told | undefined {
  if (event.kind === 'neighbour') return { event: event.connected ? 'connected' : 'disconnected', peer: event.peer }
  if (event.kind === 'fault') return { event: 'fault', peer: event.peer, what: event.what }
  if (event.kind !== 'output') return undefined
  const { output } = event
  if (output.kind === 'round' || output.kind === 'ended') return { event: output.kind, round: output.round }
  if (output.kind === 'certified') {
    const { checkpoint, digest, signatures } = output.certificate
    const { round, members, model } = checkpoint
    return {
      event: 'certified',
      round,
      checkpoint: digest,
      model,
      updates: members.length,
      signatures: signatures.size,
    }
  }
  if (output.kind === 'evidence' || output.kind === 'halted') {
    const { kind, round, culprits, bytes } = output.evidence
    return { event: output.kind, kind, round, culprits, proof: Buffer.from(bytes).toString('base64') }
  }
  return undefined
}
