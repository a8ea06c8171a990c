import {
  BinaryAgreement,
  type BinaryAgreementSnapshot,
  type PhaseSnapshot,
} from '../../agreement/exact/binary-agreement.ts'
import type { Bit, BitSet, Statement } from '../../words/statements.ts'
import { Alphabet, equalWeights, nameOf, positions, quorumsOf, type Weights, weighing } from './alphabet.ts'
import type { Case } from './exploration.ts'
import { type Input, LocalAutomaton, type Peer } from './local-automaton.ts'

export interface AgreementOptions {
  /** Of the honest peers, in order. */
  readonly inputs: readonly [Bit, Bit, Bit]
  /** Where all weigh the same, 0 coordinates phase 1 and 1 phase 2: a liar in 0 can do all that those in 2 and 3 can, and coordinate. */
  readonly liar: 0 | 1 | 2 | 3
  readonly weights?: Weights
  /** Phases that are explored; 0 for the binary-value broadcast of the first alone. */
  readonly phases: 0 | 1 | 2
  /** Nothing is forgotten, and everybody has a name: none of the arguments of the exploration is used. */
  readonly plain?: boolean
}

export interface Agreer extends Peer {
  readonly agreement: BinaryAgreement
  /** The phase in which it decided, 0 before. */
  decidedIn: number
  /** Where senders have no names: how many others each statement has come from. */
  readonly heard: Map<string, number>
}

type Vote = Extract<Statement, { readonly phase: number }>

/**
 * Binary agreement on one bit, or the binary-value broadcast in it. What the phases after the last explored one say is
 * not heard: all that it could do in these is to end a wait for a timer, which may end at any time anyway.
 */
export function agreementCase(options: AgreementOptions): Case<Agreer> {
  const { inputs, liar, phases, plain = false, weights = equalWeights } = options
  const quorums = quorumsOf(weights)
  // Who weighs more than another is not like it.
  const areNamed = plain || weights !== equalWeights
  const last = Math.max(1, phases)
  const alphabet = new Alphabet(votesOf(last + 1))
  const honest = positions.filter((position) => position !== liar)
  const on =
    (act: (machine: Agreer) => void) =>
    (machine: Agreer): void => {
      act(machine)
      if (machine.agreement.decided !== undefined && machine.decidedIn === 0)
        machine.decidedIn = machine.agreement.snapshot().phase - 1
    }
  const machineAt = (position: number): Agreer => {
    const machine: Agreer = {
      said: 0,
      decidedIn: 0,
      heard: new Map(),
      agreement: new BinaryAgreement(0, position, quorums, {
        say: (statement) => {
          machine.said |= 1 << alphabet.bit(statement)
        },
        // What is explored is when it runs out.
        timer: () => {},
      }),
    }
    return machine
  }
  const create = (position: number, input: Bit): LocalAutomaton<Agreer> => {
    const act = (name: string, when: Input<Agreer>['available'], apply: (machine: Agreer) => void): Input<Agreer> => ({
      name,
      concern: name,
      available: when,
      apply: on(apply),
    })
    const timers = Array.from({ length: phases }, (_, at) =>
      act(
        `a timer of phase ${at + 1}`,
        ({ agreement }) => {
          const state = phaseOf(agreement.snapshot(), at + 1)
          return state !== undefined && state.timersOver < state.timersAsked
        },
        (machine) => machine.agreement.onTimer(at + 1),
      ),
    )
    const start = act(
      `starts with ${input}`,
      () => true,
      (machine) => machine.agreement.start(input),
    )
    const deliveries = votesOf(last)
      .filter(({ kind }) => phases > 0 || kind === 'estimate')
      .flatMap((vote) =>
        (areNamed ? named : nameless)(
          vote,
          { position, liar, coordinator: quorums.coordinator(vote.phase) },
          alphabet,
        ).map((each) => ({ ...each, apply: on(each.apply) })),
      )
    return new LocalAutomaton<Agreer>({
      create: () => machineAt(position),
      inputs: [start, ...timers, ...deliveries],
      snapshot: ({ said, decidedIn, heard, agreement }) => [
        said,
        decidedIn,
        ...(plain
          ? [agreement.snapshot()]
          : remembered(agreement.snapshot(), heard, (phase) => quorums.coordinator(phase) === position)),
      ],
      output: (machine) =>
        4 * (phases === 0 ? valuesOf(machine, 1) : 0) +
        (machine.agreement.decided === undefined ? 0 : 1 + machine.agreement.decided),
      inner: innerOf,
    })
  }
  const alike = new Map<string, LocalAutomaton<Agreer>>()
  const parts = honest.map((position, at) => {
    const input = inputs[at]!
    const coordinates = phases === 2 && position === 1
    const kind = areNamed ? `${position}` : `${coordinates} ${input}`
    const automaton = alike.get(kind) ?? create(position, input)
    alike.set(kind, automaton)
    return { position, kind, automaton }
  })
  return {
    name:
      phases === 0
        ? `binary-value broadcast of ${inputs.join(', ')}${weighing(weights, liar)}`
        : `${phases} phase${phases === 1 ? '' : 's'} of binary agreement on ${inputs.join(', ')}${weighing(weights, liar)}; the liar is peer ${liar}`,
    parts: parts.sort((a, b) => (a.kind < b.kind ? -1 : 1)),
    unsafe: (machines) => unsafe(machines, new Set(inputs), last, alphabet),
    unfinished: (machines) => {
      const wanting = (bit: Bit): number => quorums.weigh(honest.filter((_, at) => inputs[at] === bit))
      return phases === 0 ? unequal(machines, (bit) => quorums.amplify(wanting(bit))) : stuck(machines, last)
    },
  }
}

function votesOf(phases: number): Vote[] {
  return Array.from({ length: phases }, (_, at) => ({ instance: 0, phase: at + 1 })).flatMap((vote): Vote[] => [
    ...([0, 1] as const).map((value) => ({ kind: 'estimate' as const, ...vote, value })),
    ...([1, 2, 3] as const).map((values) => ({ kind: 'auxiliary' as const, ...vote, values })),
    ...([0, 1] as const).map((value) => ({ kind: 'coordinate' as const, ...vote, value })),
  ])
}

function hear({ agreement }: Agreer, from: number, vote: Vote): void {
  if (vote.kind === 'estimate') agreement.onEstimate(from, vote.phase, vote.value)
  else if (vote.kind === 'auxiliary') agreement.onAuxiliary(from, vote.phase, vote.values)
  else agreement.onCoordinate(from, vote.phase, vote.value)
}

/** AUX of all values of a phase are one tally; an estimate has one for each value. */
function concernOf(vote: Vote): string {
  return vote.kind === 'auxiliary' ? `AUX(${vote.phase})` : nameOf(vote)
}

/** Who hears a vote, who lies, and who coordinates its phase. */
interface Hearer {
  readonly position: number
  readonly liar: number
  readonly coordinator: number
}

/** The vote as it comes from each who may cast it. */
function named(vote: Vote, { position, liar, coordinator }: Hearer, alphabet: Alphabet): Input<Agreer>[] {
  const others = positions.filter((other) => other !== position && other !== liar)
  const has = bitOf(vote, alphabet)
  return positions
    .filter((by) => vote.kind !== 'coordinate' || by === coordinator)
    .map((by) => ({
      name: `${nameOf(vote)} from ${by === liar ? 'the liar' : `peer ${by}`}`,
      concern: concernOf(vote),
      available: (machine, said, lies) =>
        by === liar ? lies : has(by === position ? machine.said : said[others.indexOf(by)]!),
      apply: (machine) => hear(machine, by, vote),
    }))
}

/**
 * The vote as it comes from the peer itself, or from one more of the others, whoever that is. The liar is in each tally
 * once; in that of AUX it may be for any of the values.
 */
function nameless(vote: Vote, { position, liar, coordinator }: Hearer, alphabet: Alphabet): Input<Agreer>[] {
  const has = bitOf(vote, alphabet)
  const others = positions.filter((other) => other !== position)
  const own: Input<Agreer> = {
    name: `${nameOf(vote)} from itself`,
    concern: concernOf(vote),
    available: ({ said }) => has(said),
    apply: (machine) => hear(machine, position, vote),
  }
  if (vote.kind === 'coordinate') {
    if (coordinator === position) return [own]
    return [
      {
        name: `${nameOf(vote)} from its coordinator`,
        concern: concernOf(vote),
        available: (_machine, said, lies) => (coordinator === liar ? lies : said.some(has)),
        apply: (machine) => hear(machine, coordinator, vote),
      },
    ]
  }
  const tally: readonly Vote[] =
    vote.kind === 'estimate' ? [vote] : ([1, 2, 3] as const).map((values) => ({ ...vote, values }))
  const rows = tally.map((each) => ({ name: nameOf(each), has: bitOf(each, alphabet) }))
  const name = nameOf(vote)
  const heardOf = (machine: Agreer, of: string): number => machine.heard.get(of) ?? 0
  const other: Input<Agreer> = {
    name: `${name} from another`,
    concern: concernOf(vote),
    available: (machine, said, lies) => {
      let beyond = 0
      for (const row of rows)
        beyond += Math.max(0, heardOf(machine, row.name) + (row.name === name ? 1 : 0) - said.filter(row.has).length)
      return beyond === 0 || (beyond === 1 && (lies || heardOf(machine, name) < said.filter(has).length))
    },
    apply: (machine) => {
      const before = rows.reduce((sum, row) => sum + heardOf(machine, row.name), 0)
      machine.heard.set(name, heardOf(machine, name) + 1)
      hear(machine, others[before]!, vote)
    },
  }
  return [own, other]
}

function bitOf(vote: Vote, alphabet: Alphabet): (said: number) => boolean {
  const bit = alphabet.bit(vote)
  return (said) => ((said >> bit) & 1) === 1
}

function phaseOf({ phases }: BinaryAgreementSnapshot, phase: number): PhaseSnapshot | undefined {
  return phases.find((state) => state.phase === phase)
}

/** The values of a phase, or none. */
function valuesOf({ agreement }: Agreer, phase: number): BitSet {
  return phaseOf(agreement.snapshot(), phase)?.values ?? 0
}

/**
 * Of the phase that this peer is in: what comes for later ones can come when it is there, and waits for their timer. Not
 * so for phase 1, which has none: a peer that starts late may say EST and AUX at once.
 */
function innerOf({ agreement }: Agreer): string {
  const snapshot = agreement.snapshot()
  const phase = Math.max(1, snapshot.phase)
  const state = phaseOf(snapshot, phase)
  return `${phase} ${state?.values} ${state?.coordinated} ${state?.timersOver}`
}

function unsafe(
  machines: readonly Agreer[],
  given: ReadonlySet<Bit>,
  last: number,
  alphabet: Alphabet,
): string | undefined {
  const decisions = new Set(machines.flatMap(({ agreement }) => agreement.decided ?? []))
  if (decisions.size > 1) return 'agreement: two honest peers decided different bits'
  // Within two phases 1 is decided in the first, and 0 in the second.
  const snapshots = machines.map(({ agreement }) => agreement.snapshot())
  for (const { agreement, decidedIn } of machines)
    if (agreement.decided !== undefined)
      if (snapshots.some(({ phase, estimate }) => phase > decidedIn && estimate !== agreement.decided))
        return 'agreement: one honest peer has decided, and another goes on with the other bit'
  for (const [at, machine] of machines.entries()) {
    const { decided, phase } = snapshots[at]!
    if (decided !== undefined && !given.has(decided)) return 'validity: a bit was decided that only the liar wants'
    for (const bit of [0, 1] as const) {
      if (phase <= 1 && (valuesOf(machine, 1) >> bit) & 1 && !given.has(bit))
        return 'justification: a bit is among the values that only the liar wants'
    }
    if (saysTwo(machine, last, alphabet)) return 'integrity: an honest peer filled a slot twice'
  }
  return undefined
}

function saysTwo({ said }: Agreer, last: number, alphabet: Alphabet): boolean {
  for (let phase = 1; phase <= last; phase++) {
    const vote = { instance: 0, phase }
    const count = (votes: readonly Vote[]): number => votes.filter((each) => bitOf(each, alphabet)(said)).length
    if (count(([1, 2, 3] as const).map((values) => ({ kind: 'auxiliary', ...vote, values }))) > 1) return true
    if (count(([0, 1] as const).map((value) => ({ kind: 'coordinate', ...vote, value }))) > 1) return true
  }
  return false
}

/** Binary-value broadcast at its end. */
function unequal(machines: readonly Agreer[], isWanted: (bit: Bit) => boolean): string | undefined {
  const values = machines.map((machine) => valuesOf(machine, 1))
  if (new Set(values).size > 1) return 'uniformity: a bit is among the values of one honest peer, and never of another'
  for (const bit of [0, 1] as const)
    if (isWanted(bit) && !((values[0]! >> bit) & 1))
      return 'obligation: f+1 honest peers want a bit that is never among the values'
  return undefined
}

function stuck(machines: readonly Agreer[], last: number): string | undefined {
  return machines.every(({ agreement }) => agreement.decided !== undefined || agreement.snapshot().phase > last)
    ? undefined
    : 'termination: an honest peer is stuck in a phase'
}

/**
 * The snapshot and who was heard, without what is never read again. Of a phase that is over: all but estimates, and the
 * values as long as this peer may have to say COORD. The word of a coordinator once AUX is said. Of a tally of estimates
 * that is through: who is in it, since another changes nothing, and the three that are in it have done all that can be
 * done by saying any estimate. Who has reached phase 2 matters in none that is explored: phase 1 has no timers, and is
 * within every window.
 */
function remembered(
  snapshot: BinaryAgreementSnapshot,
  heard: ReadonlyMap<string, number>,
  coordinates: (phase: number) => boolean,
): readonly unknown[] {
  const { phase: now, decided, estimate } = snapshot
  const senders = new Map(heard)
  const phases = snapshot.phases.map((state) => {
    const { phase, saidEstimate, saidCoordinate } = state
    const over = phase < now
    const values = over && (!coordinates(phase) || phase === 1 || saidCoordinate) ? 3 : state.values
    const through = ([0, 1] as const).map((value) => saidEstimate[value] && ((values >> value) & 1) === 1)
    const forgotten: Vote[] = []
    for (const value of [0, 1] as const)
      if (through[value]) forgotten.push({ kind: 'estimate', instance: 0, phase, value })
    if (over)
      for (const said of [1, 2, 3] as const) forgotten.push({ kind: 'auxiliary', instance: 0, phase, values: said })
    for (const vote of forgotten) senders.delete(nameOf(vote))
    return {
      ...state,
      ...(over ? { auxiliaries: [], auxiliaryWeights: [], timersAsked: 0, timersOver: 0 } : {}),
      values,
      coordinated: over || state.saidAuxiliary ? undefined : state.coordinated,
      estimates: state.estimates.map((tally, value) => (through[value] ? 'through' : tally)),
    }
  })
  return [now, decided, estimate, phases, [...senders].sort()]
}
