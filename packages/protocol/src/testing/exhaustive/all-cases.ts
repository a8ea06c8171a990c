import type { Bit } from '../../words/statements.ts'
import { type AgreementOptions, agreementCase } from './agreement-case.ts'
import type { Weights } from './alphabet.ts'
import { broadcastCase } from './broadcast-case.ts'
import { confirm } from './confirm.ts'
import { type Case, Exploration, type Explored } from './exploration.ts'
import type { Peer } from './local-automaton.ts'

export interface Result extends Omit<Explored, 'violation'> {
  readonly violation: { readonly what: string; readonly trace: readonly string[] } | undefined
}

export interface Exploring {
  readonly name: string
  /** Whether it takes seconds rather than minutes. */
  readonly quick: boolean
  run(seen?: (states: number) => void): Result
  /** How many visible states `walks` random schedules saw, and those of them that the exploration has not seen. */
  wander(random: (most: number) => number, walks: number): { seen: number; missed: string[] }
}

const steps = 400

/** Every case that is explored whole. What peers start with is given up to an exchange of peers that are alike. */
export function allCases(): Exploring[] {
  const cases: Exploring[] = ([3, 0] as const).map((sender) =>
    exploring(
      true,
      () => broadcastCase(sender),
      () => broadcastCase(sender),
    ),
  )
  const add = (options: AgreementOptions, quick = true): void => {
    const equal = new Set(options.inputs).size === 1
    cases.push(
      exploring(
        quick && (options.phases < 2 || (equal && options.liar === 1)),
        () => agreementCase(options),
        () => agreementCase({ ...options, plain: true }),
      ),
    )
  }
  for (const [at, weights] of unlikeWeights.entries()) {
    const few = at === 0
    for (const sender of [3, 0] as const)
      cases.push(
        exploring(
          few && sender === 0,
          () => broadcastCase(sender, weights),
          () => broadcastCase(sender, weights),
        ),
      )
    for (const phases of [0, 1] as const)
      for (const inputs of triples)
        add({ phases, inputs, liar: 3, weights }, few && phases === 0 && inputs[0] !== inputs[1])
  }
  for (const phases of [0, 1, 2] as const) for (const inputs of multisets) add({ phases, inputs, liar: 1 })
  // Peer 1, the first of the honest ones then, coordinates phase 2.
  for (const first of [0, 1] as const)
    for (const [second, third] of pairs) add({ phases: 2, inputs: [first, second, third], liar: 0 })
  return cases
}

const multisets: readonly (readonly [Bit, Bit, Bit])[] = [
  [0, 0, 0],
  [0, 0, 1],
  [0, 1, 1],
  [1, 1, 1],
]

const triples = [0, 1, 2, 3, 4, 5, 6, 7].map((bits) => [bits & 1, (bits >> 1) & 1, bits >> 2] as [Bit, Bit, Bit])

/** Of 1, 1, 1, 2 with F = 1 and 3, 2, 2, 1 with F = 2: whoever may lie is last. */
const unlikeWeights: readonly Weights[] = [
  [3, 2, 1, 2],
  [1, 1, 2, 1],
  [3, 2, 2, 1],
]

const pairs: readonly (readonly [Bit, Bit])[] = [
  [0, 0],
  [0, 1],
  [1, 1],
]

function exploring<Machine extends Peer>(
  quick: boolean,
  create: () => Case<Machine>,
  createPlain: () => Case<Machine>,
): Exploring {
  const { name } = create()
  return {
    name,
    quick,
    run: (seen) => {
      const given = create()
      const { violation, ...explored } = new Exploration(given).run(Number.POSITIVE_INFINITY, seen)
      return {
        ...explored,
        violation: violation === undefined ? undefined : confirm(violation, given, createPlain()),
      }
    },
    wander: (random, walks) => {
      const exploration = new Exploration(create())
      exploration.run()
      const visible = exploration.visible()
      const plain = new Exploration(createPlain())
      const seen = new Set<string>()
      for (let walk = 0; walk < walks; walk++) for (const state of plain.wander(random, steps)) seen.add(state)
      return { seen: seen.size, missed: [...seen].filter((state) => !visible.has(state)) }
    },
  }
}
