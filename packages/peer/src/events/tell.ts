/** What happens at a peer in the words of the vocabulary. */
import type { Member, Position } from '@hearsay/protocol'
import type { OperatorEvent } from './attention.ts'
import type { PeerEvent, PeerName } from './vocabulary.ts'

type Told = Extract<OperatorEvent, { readonly kind: 'output' }>['output']

/** What peers are called where it is told. */
export interface Names {
  readonly ofPosition: (position: Position) => PeerName
  readonly ofId: (id: string) => PeerName
}

export function tellEvent(event: OperatorEvent, names: Names): PeerEvent {
  switch (event.kind) {
    case 'neighbour':
      return { kind: event.connected ? 'connected' : 'disconnected', other: names.ofId(event.peer) }
    case 'fault':
      return { kind: 'fault', other: names.ofId(event.peer), message: event.what }
    case 'failed':
      return { kind: 'failed', message: event.error.message }
    case 'paused': {
      const { round, backTo } = event
      return { kind: 'paused', round, ...(backTo !== undefined && { backTo }) }
    }
    case 'held':
    case 'diverged':
      return { kind: event.kind, round: event.round }
    case 'trained':
    case 'aggregated':
      return { kind: event.kind, round: event.round, tookMs: event.tookMs }
    case 'output':
      return tellOutput(event.output, names)
    case 'waiting': {
      const { why, what: message, sinceMs } = event
      return { kind: 'waiting', other: names.ofId(event.peer), why, message, since: timeOf(sinceMs) }
    }
    case 'stranger':
    case 'copies':
      return { kind: event.kind, other: names.ofId(event.peer) }
    case 'copy':
      return { kind: 'copy', other: names.ofId(event.by) }
    case 'overdue': {
      const { kind, round, awaits, missing, sinceMs } = event
      return { kind, round, awaits, missing: missing.map(names.ofId), since: timeOf(sinceMs) }
    }
    case 'unwritten':
    case 'unread':
      return { kind: event.kind, file: event.file, message: event.error.message }
  }
}

function tellOutput(output: Told, { ofPosition }: Names): PeerEvent {
  const sorted = (positions: Iterable<number>): PeerName[] => [...positions].map(ofPosition).sort(inOrder)
  switch (output.kind) {
    case 'round':
    case 'ended':
      return { kind: output.kind, round: output.round }
    case 'era': {
      const { kind, round, tolerated } = output
      const all = output.weights.map((weight, peer) => ({ peer: ofPosition(peer), weight }))
      const weights = all.filter(({ weight }) => weight > 0).sort((a, b) => inOrder(a.peer, b.peer))
      return { kind, round, weights, tolerated }
    }
    case 'judged': {
      const { round, staleness, factor, why } = output
      const other = ofPosition(output.peer)
      return { kind: 'judged', round, other, staleness, factor, ...(why === undefined ? {} : { why }) }
    }
    case 'agreed':
      return { kind: 'agreed', round: output.round, members: membersOf(output.members, ofPosition) }
    case 'ordered': {
      const { kind, round, robust, applied, refused } = output
      return { kind, round, robust, applied: applied.map(ofPosition), refused: sorted(refused) }
    }
    case 'round-ended': {
      const { round, model, certificate } = output
      const members = membersOf(output.members, ofPosition)
      if (certificate === undefined) return { kind: 'averaged', round, model, members }
      const { checkpoint, digest, signatures } = certificate
      const { previous } = checkpoint
      return {
        kind: 'certified',
        round,
        checkpoint: digest,
        previous,
        model,
        members,
        signers: sorted(signatures.keys()),
      }
    }
    case 'evidence':
    case 'halted': {
      const { kind, round, culprits, bytes } = output.evidence
      const proof = Buffer.from(bytes).toString('base64')
      return { kind: output.kind, evidence: kind, round, culprits: sorted(culprits), proof }
    }
    case 'differs': {
      const { kind, round, aggregated, certified } = output
      return { kind, round, aggregated, certified }
    }
    case 'vigil': {
      const { state, until, why } = output
      if (state === 'silent') return { kind: 'silent', until, ...(why === undefined ? {} : { why }) }
      return { kind: state === 'asking' ? 'asking' : 'speaks' }
    }
  }
}

function membersOf(members: readonly Member[], ofPosition: Names['ofPosition']): { peer: PeerName; digest: string }[] {
  const named = members.map(({ peer, digest }) => ({ peer: ofPosition(peer), digest }))
  return named.sort((a, b) => inOrder(a.peer, b.peer))
}

/** Numbers by size, ids by their text. */
function inOrder(a: PeerName, b: PeerName): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return String(a) < String(b) ? -1 : 1
}

/** Of a time of `performance.now`. */
function timeOf(ms: number): string {
  return new Date(performance.timeOrigin + ms).toISOString()
}
