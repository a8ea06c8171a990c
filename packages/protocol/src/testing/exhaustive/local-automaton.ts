/**
 * One honest peer as a finite automaton, made of the real state machine while it is explored: a state is a whole
 * machine, copied field by field; an input is a call of it. Each pair of state and input is run once, then looked up.
 */

/** Something that can happen to one honest peer. */
export interface Input<Machine> {
  /** As a trace tells it. */
  readonly name: string
  /** The tally that it counts in; other inputs make one of their own. */
  readonly concern: string
  /** Whether it can happen now: `others` is what the other honest peers have said, `lies` whether the liar speaks. */
  available(machine: Machine, others: readonly number[], lies: boolean): boolean
  apply(machine: Machine): void
}

/** A machine and what it has asked of its caller. */
export interface Peer {
  /** Bits of the statements that it said. */
  said: number
}

export interface Transition {
  readonly to: number
  /** It said something, or gave something out. */
  readonly visible: boolean
  /** What others cannot see, but a later step of its own builds on. */
  readonly inner: boolean
}

/** Inputs up to a visible step, in segments of one concern each. */
interface Burst {
  readonly to: number
  readonly segments: readonly (readonly number[])[]
}

export interface AutomatonOptions<Machine extends Peer> {
  readonly initial: Machine
  readonly inputs: readonly Input<Machine>[]
  /** Objects that all copies share, because they never change. */
  readonly shared: ReadonlySet<unknown>
  /** Drops what no later step can read. */
  forget(machine: Machine): void
  /** What is given out. */
  output(machine: Machine): number
  /** What a step builds on besides the tally that it counts. */
  inner(machine: Machine): string
}

export class LocalAutomaton<Machine extends Peer> {
  readonly inputs: readonly Input<Machine>[]
  readonly machines: Machine[] = []
  readonly said: number[] = []
  readonly outputs: number[] = []
  readonly #options: AutomatonOptions<Machine>
  readonly #inner: string[] = []
  readonly #ids = new Map<string, number>()
  readonly #transitions: (Transition | undefined)[][] = []
  readonly #concerns: readonly (readonly number[])[]
  readonly #bursts = new Map<string, readonly number[]>()

  constructor(options: AutomatonOptions<Machine>) {
    this.#options = options
    this.inputs = options.inputs
    const byConcern = Map.groupBy(options.inputs.keys(), (index) => options.inputs[index]!.concern)
    this.#concerns = [...byConcern.values()]
    this.#id(options.initial)
  }

  step(from: number, input: number): Transition {
    const row = this.#transitions[from]!
    let transition = row[input]
    if (transition === undefined) {
      const machine = copy(this.machines[from]!, this.#options.shared)
      this.inputs[input]!.apply(machine)
      this.#options.forget(machine)
      const to = this.#id(machine)
      const visible = this.said[to] !== this.said[from] || this.outputs[to] !== this.outputs[from]
      transition = { to, visible, inner: this.#inner[to] !== this.#inner[from] }
      row[input] = transition
    }
    return transition
  }

  /** The states after the next visible step of this peer, when the others have said `others`. */
  bursts(from: number, others: readonly number[], lies: boolean): readonly number[] {
    const key = `${from} ${others.join(' ')} ${lies}`
    let found = this.#bursts.get(key)
    if (found === undefined) {
      found = [...new Set(this.#search(from, others, lies).map(({ to }) => to))]
      this.#bursts.set(key, found)
    }
    return found
  }

  /** The inputs of a burst between two states. */
  inputsOf(from: number, to: number, others: readonly number[]): readonly number[] {
    const found = this.#search(from, others, true).find((burst) => burst.to === to)
    if (found === undefined) throw new Error('no such burst: this is a bug of the exploration')
    return found.segments.flat()
  }

  available(state: number, input: number, others: readonly number[], lies: boolean): boolean {
    return this.inputs[input]!.available(this.machines[state]!, others, lies)
  }

  /**
   * Takes the inputs of one concern at a time, since only they make a threshold; what the peer then knows may be built
   * on by the inputs of another, until something is visible.
   */
  #search(from: number, others: readonly number[], lies: boolean): Burst[] {
    const found: Burst[] = []
    const bases: Burst[] = [{ to: from, segments: [] }]
    const known = new Set([from])
    for (const base of bases) {
      for (const concern of this.#concerns) {
        const queue: { state: number; inputs: readonly number[] }[] = [{ state: base.to, inputs: [] }]
        const queued = new Set([base.to])
        for (const { state, inputs } of queue) {
          for (const input of concern) {
            if (!this.available(state, input, others, lies)) continue
            const { to, visible, inner } = this.step(state, input)
            if (to === state) continue
            const next = { state: to, inputs: [...inputs, input] }
            const burst = { to, segments: [...base.segments, next.inputs] }
            if (visible) {
              if (!this.#postponable(from, burst)) found.push(burst)
            } else if (inner) {
              if (!known.has(to)) bases.push(burst)
              known.add(to)
            } else if (!queued.has(to)) {
              queued.add(to)
              queue.push(next)
            }
          }
        }
      }
    }
    return found
  }

  /** Whether one of its segments can come after the visible step just as well, and the end is the same. */
  #postponable(from: number, { to, segments }: Burst): boolean {
    return segments.slice(0, -1).some((segment, at) => {
      const before = this.#run(from, segments.toSpliced(at, 1).flat())
      return before.visible && this.#run(before.to, segment).to === to
    })
  }

  #run(from: number, inputs: readonly number[]): { to: number; visible: boolean } {
    let to = from
    let visible = false
    for (const input of inputs) {
      const step = this.step(to, input)
      visible ||= step.visible
      to = step.to
    }
    return { to, visible }
  }

  #id(machine: Machine): number {
    const key = canonical(machine, this.#options.shared)
    let id = this.#ids.get(key)
    if (id === undefined) {
      id = this.machines.length
      this.#ids.set(key, id)
      this.machines.push(machine)
      this.said.push(machine.said)
      this.outputs.push(this.#options.output(machine))
      this.#inner.push(this.#options.inner(machine))
      this.#transitions.push([])
    }
    return id
  }
}

export function copy<T>(value: T, shared: ReadonlySet<unknown>): T {
  if (typeof value !== 'object' || value === null || shared.has(value)) return value
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, copy(item, shared)])) as T
  if (value instanceof Set) return new Set(value) as T
  if (Array.isArray(value)) return value.map((item) => copy(item, shared)) as T
  const made = Object.create(Object.getPrototypeOf(value))
  for (const [name, field] of Object.entries(value)) made[name] = copy(field, shared)
  return made
}

/** A text that two values have in common if no code can tell them apart, sets and maps taken as unordered. */
export function canonical(value: unknown, shared: ReadonlySet<unknown>): string {
  if (typeof value === 'function' || shared.has(value)) return ''
  if (typeof value !== 'object' || value === null) return String(value)
  if (value instanceof Map) return `{${[...value].map(([key, item]) => `${key}:${canonical(item, shared)}`).sort()}}`
  if (value instanceof Set) return `(${[...value].map(String).sort()})`
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item, shared))}]`
  return `<${Object.entries(value).map(([name, field]) => `${name}=${canonical(field, shared)}`)}>`
}
