/**
 * The lines of `events.jsonl`: everything that happened at honest peers, in the order in which it happened.
 *
 * `cell`, `seed` and `peer` say where, `atMs` when, in milliseconds since the network of the cell was made. Peers are
 * always those of the scenario, 0 … peers − 1 with the liars last, never positions in the roster, which is sorted by
 * id and looks shuffled. Of a job that failed there is one more line, `job-failed`, with why, and without `peer` and `atMs`.
 */
import type { DriverEvent } from '@hearsay/peer'
import type { Digest, Member } from '@hearsay/protocol'

export type RunEvent = { readonly peer: number; readonly atMs: number } & (
  | { readonly kind: 'neighbour'; readonly other: number; readonly connected: boolean }
  /** The peer begins a round. */
  | { readonly kind: 'round'; readonly round: number }
  /** It has trained its own update. */
  | { readonly kind: 'trained'; readonly round: number; readonly tookMs: number }
  /** Its training came to numbers that are not finite: it ended early, or gave zeros. */
  | { readonly kind: 'diverged'; readonly round: number }
  /** It holds one more update of the round, its own or another's. */
  | { readonly kind: 'held'; readonly round: number }
  /** It knows which updates count, and holds them. */
  | { readonly kind: 'agreed'; readonly round: number; readonly members: readonly Member[] }
  | { readonly kind: 'aggregated'; readonly round: number; readonly tookMs: number }
  /** It holds a certificate of the round; `checkpoint` is the digest of what the signers signed. */
  | {
      readonly kind: 'certified'
      readonly round: number
      readonly checkpoint: Digest
      readonly previous: Digest
      readonly model: Digest
      readonly members: readonly Member[]
      readonly signers: readonly number[]
    }
  /** It has averaged the models of the members: the round is over for it, by averaging agreement. */
  | { readonly kind: 'averaged'; readonly round: number; readonly model: Digest; readonly members: readonly Member[] }
  /** Conflicting signed statements; `proof` is the portable evidence, base64. */
  | {
      readonly kind: 'evidence'
      readonly evidence: 'equivocation' | 'fork'
      readonly round: number
      readonly culprits: readonly number[]
      readonly proof: string
    }
  /** What it aggregated is not what was certified. */
  | { readonly kind: 'differs'; readonly round: number; readonly aggregated: Digest; readonly certified: Digest }
  /** The last round of the network is over. */
  | { readonly kind: 'ended'; readonly round: number }
  /** Whether it may speak, or says nothing until this round is certified. */
  | {
      readonly kind: 'vigil'
      readonly state: 'asking' | 'silent' | 'over'
      readonly until: number
      readonly why?: string
    }
  /** It saw a fork in this round, or heard that it contradicted itself, and stopped learning. */
  | { readonly kind: 'halted'; readonly round: number; readonly culprits: readonly number[] }
  /** A neighbour sent what no honest peer sends. */
  | { readonly kind: 'fault'; readonly other: number; readonly what: string }
  /** The peer could not go on, which ends the job. */
  | { readonly kind: 'failed'; readonly message: string }
)

/** Scenario indices of roster positions and of peer ids; −1 where there is none. */
export interface Names {
  indexOf(position: number): number
  indexOfId(id: string): number
}

export function describeEvent(event: DriverEvent, { indexOf, indexOfId }: Names): EventOf<RunEvent> {
  const sorted = (positions: Iterable<number>): number[] => [...positions].map(indexOf).sort((a, b) => a - b)
  const membersOf = (members: readonly Member[]): Member[] =>
    members.map(({ peer, digest }) => ({ peer: indexOf(peer), digest })).sort((a, b) => a.peer - b.peer)
  switch (event.kind) {
    case 'neighbour':
      return { kind: event.kind, other: indexOfId(event.peer), connected: event.connected }
    case 'fault':
      return { kind: event.kind, other: indexOfId(event.peer), what: event.what }
    case 'failed':
      return { kind: event.kind, message: event.error.message }
    case 'held':
    case 'diverged':
      return { kind: event.kind, round: event.round }
    case 'trained':
    case 'aggregated':
      return { kind: event.kind, round: event.round, tookMs: event.tookMs }
    case 'output':
      break
  }
  const { output } = event
  switch (output.kind) {
    case 'round':
      return { kind: output.kind, round: output.round }
    case 'agreed':
      return { kind: output.kind, round: output.round, members: membersOf(output.members) }
    case 'round-ended': {
      const { round, model, certificate } = output
      const members = membersOf(output.members)
      if (certificate === undefined) return { kind: 'averaged', round, model, members }
      const { checkpoint, digest, signatures } = certificate
      const signers = sorted(signatures.keys())
      return { kind: 'certified', round, checkpoint: digest, previous: checkpoint.previous, model, members, signers }
    }
    case 'evidence': {
      const { kind, round, culprits, bytes } = output.evidence
      const proof = Buffer.from(bytes).toString('base64')
      return { kind: output.kind, evidence: kind, round, culprits: sorted(culprits), proof }
    }
    case 'differs': {
      const { kind, round, aggregated, certified } = output
      return { kind, round, aggregated, certified }
    }
    case 'ended':
      return { kind: output.kind, round: output.round }
    case 'vigil':
      return output
    case 'halted':
      return { kind: output.kind, round: output.evidence.round, culprits: sorted(output.evidence.culprits) }
  }
}

type EventOf<E> = E extends unknown ? Omit<E, 'peer' | 'atMs'> : never
