import type { OperatorEvent } from '@hearsay/peer'
import type { Told } from './teller.ts'

type Output = Extract<OperatorEvent, { kind: 'output' }>['output']
type Overdue = Extract<OperatorEvent, { kind: 'overdue' }>

/** What of the life of a peer is told, and how; undefined for what only a simulation wants to know. */
export function describeEvent(event: OperatorEvent, nameOf: (peer: string) => string | undefined): Told | undefined {
  switch (event.kind) {
    case 'neighbour':
      return { event: event.connected ? 'connected' : 'disconnected', ...who(event.peer, nameOf) }
    case 'fault':
      return { event: 'fault', ...who(event.peer, nameOf), what: event.what }
    case 'waiting':
      return {
        event: 'waiting',
        ...who(event.peer, nameOf),
        why: event.why,
        what: event.what,
        since: timeOf(event.sinceMs),
      }
    case 'stranger':
      return { event: 'stranger', peer: event.peer, what: 'it called, and genesis.yaml does not name it' }
    case 'copy': {
      const by = nameOf(event.by) ?? event.by
      const what =
        `${by} says that another process runs with the identity of this peer: stop one of the two, before they ` +
        'contradict each other'
      return { event: 'copy', by: event.by, what }
    }
    case 'copies':
      return { event: 'copies', ...who(event.peer, nameOf), what: 'two processes run with its identity' }
    case 'overdue':
      return describeOverdue(event, nameOf)
    case 'output':
      return describeOutput(event.output)
    default:
      return undefined
  }
}

function describeOutput(output: Output): Told | undefined {
  switch (output.kind) {
    case 'round':
    case 'ended':
      return { event: output.kind, round: output.round }
    case 'round-ended': {
      const { round, model, certificate } = output
      const updates = output.members.length
      if (certificate === undefined) return { event: 'averaged', round, model, updates }
      const { digest, signatures } = certificate
      return { event: 'certified', round, checkpoint: digest, model, updates, signatures: signatures.size }
    }
    case 'differs': {
      const { round, aggregated, certified } = output
      const what =
        'this peer made another model than the others agreed on, and takes theirs: its processor, memory or version ' +
        'computes otherwise'
      return { event: 'differs', round, aggregated, certified, what }
    }
    case 'vigil':
      return describeVigil(output)
    case 'evidence':
    case 'halted': {
      const { kind, round, culprits, bytes } = output.evidence
      return { event: output.kind, kind, round, culprits, proof: Buffer.from(bytes).toString('base64') }
    }
    default:
      return undefined
  }
}

const phases: Readonly<Record<Overdue['phase'], string>> = {
  pace: 'its time is not over',
  updates: 'updates are waited for; those who are missing train, are slow, or are away',
  agreement: 'it is not decided whether the updates of the missing count',
  fetching: 'updates that count are fetched, those of the missing',
  checkpoints: 'signatures are waited for, those of the missing',
  adopting: 'a certified model is fetched',
}

function describeOverdue(
  { round, phase, missing, sinceMs }: Overdue,
  nameOf: (peer: string) => string | undefined,
): Told {
  const names = missing.map((peer) => nameOf(peer) ?? peer)
  return { event: 'overdue', round, phase, missing: names, what: phases[phase], since: timeOf(sinceMs) }
}

function who(peer: string, nameOf: (peer: string) => string | undefined): { peer: string; name?: string } {
  const name = nameOf(peer)
  return name === undefined ? { peer } : { peer, name }
}

function timeOf(sinceMs: number): string {
  return new Date(performance.timeOrigin + sinceMs).toISOString()
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
