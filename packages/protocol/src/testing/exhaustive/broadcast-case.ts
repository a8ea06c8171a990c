import { ReliableBroadcast } from '../../agreement/broadcast/reliable-broadcast.ts'
import type { Statement } from '../../words/statements.ts'
import { Alphabet, equalWeights, nameOf, positions, quorumsOf, type Weights, weighing } from './alphabet.ts'
import type { Case } from './exploration.ts'
import { type Input, LocalAutomaton, type Peer } from './local-automaton.ts'

interface Broadcaster extends Peer {
  readonly broadcast: ReliableBroadcast
}

const digests = ['A', 'B'] as const
const liar = 3
const honest: readonly number[] = positions.filter((position) => position !== liar)

/**
 * Reliable broadcast, whole. The sender is the liar, or peer 0, who is honest and says INIT(A). A payload may be held at
 * any time. Two digests are enough where all weigh the same: an honest peer echoes one, so of three digests each has one honest
 * echo, and with the liar's that is less than what a READY takes.
 */
export function broadcastCase(sender: 0 | 3, weights: Weights = equalWeights): Case<Broadcaster> {
  const quorums = quorumsOf(weights)
  const kinds = ['init', 'echo', 'ready'] as const
  const alphabet = new Alphabet(kinds.flatMap((kind) => digests.map((digest) => ({ kind, sender, digest }))))
  const sayOf =
    (machine: Broadcaster) =>
    (statement: Statement): void => {
      machine.said |= 1 << alphabet.bit(statement)
    }
  const part = (position: number): Case<Broadcaster>['parts'][number] => ({
    position,
    automaton: new LocalAutomaton<Broadcaster>({
      create: () => ({ said: 0, broadcast: new ReliableBroadcast(sender, quorums) }),
      inputs: inputsOf(position, sender, alphabet, sayOf),
      snapshot: ({ said, broadcast }) => ({ said, ...broadcast.snapshot() }),
      output: ({ broadcast }) => (broadcast.delivered === undefined ? 0 : broadcast.delivered === 'A' ? 1 : 2),
      inner: ({ broadcast }) => broadcast.announced ?? '',
    }),
  })
  const delivered = (machines: readonly Broadcaster[]): Set<string | undefined> =>
    new Set(machines.map(({ broadcast }) => broadcast.delivered))
  const saysTwo = (kind: 'echo' | 'ready', { said }: Broadcaster): boolean =>
    digests.every((digest) => (said >> alphabet.bit({ kind, sender, digest })) & 1)
  return {
    name: `reliable broadcast of ${sender === liar ? 'a lying' : 'an honest'} sender${weighing(weights)}`,
    parts: honest.map(part),
    unsafe: (machines) => {
      if (machines.some((machine) => saysTwo('echo', machine) || saysTwo('ready', machine)))
        return 'integrity: an honest peer filled a slot twice'
      const values = delivered(machines)
      values.delete(undefined)
      if (values.size > 1) return 'agreement: two honest peers delivered different digests'
      if (sender !== liar && values.has('B'))
        return 'integrity: a digest was delivered that its honest sender never said'
      return undefined
    },
    unfinished: (machines) => {
      const values = delivered(machines)
      if (values.size > 1) return 'totality: one honest peer delivered, another never will'
      if (sender !== liar && !values.has('A')) return "validity: an honest sender's digest is never delivered"
      return undefined
    },
  }
}

function inputsOf(
  position: number,
  sender: number,
  alphabet: Alphabet,
  sayOf: (machine: Broadcaster) => (statement: Statement) => void,
): Input<Broadcaster>[] {
  const others = honest.filter((other) => other !== position)
  const heard = (statement: Statement, by: number, apply: (machine: Broadcaster) => void): Input<Broadcaster> => {
    const bit = alphabet.bit(statement)
    const has = (said: number | undefined): boolean => (((said ?? 0) >> bit) & 1) === 1
    return {
      name: `${nameOf(statement)} from ${by === liar ? 'the liar' : `peer ${by}`}`,
      concern: nameOf(statement),
      available: ({ said }, saidByOthers, lies) => {
        if (by === liar) return lies
        return has(by === position ? said : saidByOthers[others.indexOf(by)])
      },
      apply,
    }
  }
  const inputs = digests.flatMap((digest): Input<Broadcaster>[] => [
    heard({ kind: 'init', digest }, sender, ({ broadcast }) => broadcast.onInit(digest)),
    {
      name: `holds the payload of ${digest}`,
      concern: `held ${digest}`,
      available: () => true,
      apply: (machine) => machine.broadcast.onHeld(digest, sayOf(machine)),
    },
    ...positions.flatMap((by) => [
      heard({ kind: 'echo', sender, digest }, by, (machine) => machine.broadcast.onEcho(by, digest, sayOf(machine))),
      heard({ kind: 'ready', sender, digest }, by, (machine) => machine.broadcast.onReady(by, digest, sayOf(machine))),
    ]),
  ])
  if (position !== sender) return inputs
  const broadcasts: Input<Broadcaster> = {
    name: 'broadcasts A',
    concern: 'broadcast',
    available: () => true,
    apply: (machine) => sayOf(machine)({ kind: 'init', digest: 'A' }),
  }
  return [broadcasts, ...inputs]
}
