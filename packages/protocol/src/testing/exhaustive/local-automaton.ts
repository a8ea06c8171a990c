/**
 * One honest peer as a finite automaton, made of the real state machine while it is explored: a state is a machine that
 * has had some inputs, told from others by its snapshot; an input is a call of it. Each pair of state and input is run
 * once, on a machine that gets all inputs again, then looked up.
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
  /** A machine that has had no input. */
  create(): Machine
  readonly inputs: readonly Input<Machine>[]
  /** Plain values, without what no later step can read: machines in which they are equal are in one state. */
  snapshot(machine: Machine): unknown
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
  /** The inputs by which each state was found first. */
  readonly #ways: (readonly number[])[] = []
  readonly #transitions: (Transition | undefined)[][] = []
  readonly #concerns: readonly (readonly number[])[]
  readonly #bursts = new Map<string, readonly number[]>()

  constructor(options: AutomatonOptions<Machine>) {
    this.#options = options
    this.inputs = options.inputs
    const byConcern = Map.groupBy(options.inputs.keys(), (index) => options.inputs[index]!.concern)
    this.#concerns = [...byConcern.values()]
    this.#id(options.create(), [])
  }

  step(from: number, input: number): Transition {
    const row = this.#transitions[from]!
    let transition = row[input]
    if (transition === undefined) {
      const machine = this.#options.create()
      const way = [...this.#ways[from]!, input]
      for (const each of way) this.inputs[each]!.apply(machine)
      const to = this.#id(machine, way)
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

  #id(machine: Machine, way: readonly number[]): number {
    const key = JSON.stringify(this.#options.snapshot(machine))
    let id = this.#ids.get(key)
    if (id === undefined) {
      id = this.machines.length
      this.#ids.set(key, id)
      this.machines.push(machine)
      this.#ways.push(way)
      this.said.push(machine.said)
      this.outputs.push(this.#options.output(machine))
      this.#inner.push(this.#options.inner(machine))
      this.#transitions.push([])
    }
    return id
  }
}
