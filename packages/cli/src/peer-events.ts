/** What of the life of a peer is told to whoever runs it, in words too where it is for people to do something. */
import {
  type EventKind,
  type EventOf,
  type OperatorEvent,
  type PeerEvent,
  type PeerName,
  tellEvent,
} from '@hearsay/peer'

export type NameOf = (id: string) => string | undefined

/** What only a simulation wants to know, and what those tell who know more of it. */
const untold: ReadonlySet<EventKind> = new Set(['agreed', 'aggregated', 'diverged', 'failed', 'held', 'trained'])

/** Undefined for what is not told. `ids` are those of the roster, in its order. */
export function describeEvent(event: OperatorEvent, ids: readonly string[], nameOf: NameOf): PeerEvent | undefined {
  const told = tellEvent(event, { ofPosition: (position) => ids[position] ?? position, ofId: (id) => id })
  if (untold.has(told.kind)) return undefined
  const name = 'other' in told ? nameOf(String(told.other)) : undefined
  const message = messageOf(told, (peer) => nameOf(String(peer)) ?? String(peer))
  return { ...told, ...(name !== undefined && { name }), ...(message !== undefined && { message }) } as PeerEvent
}

function messageOf(told: PeerEvent, called: (peer: PeerName) => string): string | undefined {
  switch (told.kind) {
    case 'stranger':
      return 'it called, and genesis.yaml does not name it'
    case 'copy':
      return (
        `${called(told.other)} says that another process runs with the identity of this peer: stop one of the two, before they ` +
        'contradict each other'
      )
    case 'copies':
      return 'two processes run with its identity'
    case 'overdue':
      return awaited[told.awaits]
    case 'differs':
      return (
        'this peer made another model than the others agreed on, and takes theirs: its processor, memory or version ' +
        'computes otherwise'
      )
    case 'asking':
      return 'it asks what was said under its key: it speaks when n − f peers have answered, itself among them'
    case 'silent':
      return silence(told)
    default:
      return undefined
  }
}

const awaited: Readonly<Record<EventOf<'overdue'>['awaits'], string>> = {
  pace: 'its time is not over',
  updates: 'updates are waited for; those who are missing train, are slow, or are away',
  agreement: 'it is not decided whether the updates of the missing count',
  fetching: 'updates that count are fetched, those of the missing',
  checkpoints: 'signatures are waited for, those of the missing',
  adopting: 'a certified model is fetched',
}

function silence({ until, why }: EventOf<'silent'>): string {
  return why === 'behind'
    ? `it does not know what it said in rounds that are not over: it listens until round ${until} is certified`
    : `others heard words under its key that it does not know: it listens until round ${until} is certified`
}
