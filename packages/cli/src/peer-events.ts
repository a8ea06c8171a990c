import type { DriverEvent } from '@hearsay/peer'
import type { Output } from '@hearsay/protocol'
import type { Told } from './teller.ts'

/** What of the life of a peer is told, and how; undefined for what only a simulation wants to know. */
export function describeEvent(event: DriverEvent): Told | undefined {
  if (event.kind === 'neighbour') return { event: event.connected ? 'connected' : 'disconnected', peer: event.peer }
  if (event.kind === 'fault') return { event: 'fault', peer: event.peer, what: event.what }
  if (event.kind !== 'output') return undefined
  const { output } = event
  if (output.kind === 'round' || output.kind === 'ended') return { event: output.kind, round: output.round }
  if (output.kind === 'vigil') return describeVigil(output)
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

/** Whether the peer speaks, and if not, why, and until when. */
function describeVigil({ state, until, why }: Extract<Output, { kind: 'vigil' }>): Told {
  if (state === 'over') return { event: 'speaks' }
  if (state === 'asking')
    return {
      event: 'asking',
      what: 'what was said under its key: it speaks when n − f peers have answered, itself among them',
    }
  const what =
    why === 'behind'
      ? `it does not know what it said in rounds that are not over: it listens until round ${until} is certified`
      : `others heard words under its key that it does not know: it listens until round ${until} is certified`
  return { event: 'silent', until, what }
}
