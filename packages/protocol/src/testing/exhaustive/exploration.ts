/**
 * Every state that four peers can get into, of whom one lies without any constraint, up to what cannot be told apart.
 *
 * What is explored: all orders of deliveries to the honest peers (a delivery may be late for any time, a peer's own
 * words to itself too), of local acts and timers (a timer may fire at any time after it was asked for), and of lies: at
 * any time the liar may deliver any statement of the alphabet to any single honest peer.
 *
 * What is not explored one by one, and why nothing is lost:
 * 1. A delivery of which nobody can see the effect is put off until just before the next step of that peer that others
 *    can see. Deliveries to different peers commute, and what was said stays available, so the same visible steps
 *    happen in the same order.
 * 2. Before such a step a peer gets the inputs of one tally at a time, and only of those that complete something on which
 *    the step depends. Any other can come later just as well: no threshold reads two tallies, and a tally is a set.
 * 3. States that differ in nothing that is ever read again are one state (`forget` of a case says what that is).
 * 4. Peers that differ in their position only are exchanged; and where a case says so, a tally tells those in it apart
 *    only by being different, so that it is known by how many they are.
 *
 * A violation does not rest on these arguments: its trace is run again without them, delivery by delivery. `wander`
 * tests them from the other side: schedules drawn at random, without any of the four, must see nothing that the
 * exploration has not seen.
 */
import type { LocalAutomaton, Peer } from './local-automaton.ts'

export interface Case<Machine extends Peer> {
  readonly name: string
  /** The honest peers. Those of one automaton are alike, and stand next to each other. */
  readonly parts: readonly { readonly position: number; readonly automaton: LocalAutomaton<Machine> }[]
  /** What is wrong with what the honest peers have said and given out, if anything is. */
  unsafe(machines: readonly Machine[]): string | undefined
  /** The same, when all that honest peers said has arrived, and no more lies come. */
  unfinished(machines: readonly Machine[]): string | undefined
}

export interface Explored {
  readonly name: string
  readonly states: number
  /** States of one peer, the most of all. */
  readonly localStates: number
  readonly steps: number
  readonly quiescent: number
  readonly violation: Violation | undefined
}

export interface Violation {
  readonly what: string
  /** What happens to which of the honest peers, in order. */
  readonly trace: readonly { readonly part: number; readonly input: string }[]
}

/** Local states of one peer that a state of all can tell apart. */
const span = 2 ** 17

/** Triples of local states, each once, in the order in which they were found. */
class States {
  count = 0
  #keys = new Float64Array(1 << 12)
  #parents = new Int32Array(1 << 12)
  #table = new Int32Array(1 << 14).fill(-1)

  key(at: number): number {
    return this.#keys[at]!
  }

  parent(at: number): number {
    return this.#parents[at]!
  }

  has(key: number): boolean {
    return this.#table[this.#slot(key)]! >= 0
  }

  add(key: number, parent: number): boolean {
    const slot = this.#slot(key)
    if (this.#table[slot]! >= 0) return false
    if (this.count === this.#keys.length) this.#grow()
    this.#keys[this.count] = key
    this.#parents[this.count] = parent
    this.#table[this.#slot(key)] = this.count++
    return true
  }

  #slot(key: number): number {
    const mask = this.#table.length - 1
    const hash = Math.imul((key % 4294967296) | 0, 0x9e3779b1) ^ Math.imul(Math.floor(key / 4294967296), 0x85ebca6b)
    let slot = (hash ^ (hash >>> 15)) & mask
    while (this.#table[slot]! >= 0 && this.#keys[this.#table[slot]!] !== key) slot = (slot + 1) & mask
    return slot
  }

  #grow(): void {
    const keys = new Float64Array(2 * this.#keys.length)
    keys.set(this.#keys)
    const parents = new Int32Array(keys.length)
    parents.set(this.#parents)
    this.#keys = keys
    this.#parents = parents
    this.#table = new Int32Array(4 * keys.length).fill(-1)
    for (let at = 0; at < this.count; at++) this.#table[this.#slot(keys[at]!)] = at
  }
}

export class Exploration<Machine extends Peer> {
  readonly #case: Case<Machine>
  readonly #automata: readonly LocalAutomaton<Machine>[]
  readonly #states = new States()

  constructor(given: Case<Machine>) {
    this.#case = given
    this.#automata = given.parts.map(({ automaton }) => automaton)
  }

  /** Until all states are seen, one of them is wrong, or `most` are seen. */
  run(most = Number.POSITIVE_INFINITY, seen: (states: number) => void = () => {}): Explored {
    const states = this.#states
    states.add(pack(this.#automata.map(() => 0)), -1)
    let steps = 0
    let quiescent = 0
    for (let at = 0; at < states.count && at < most; at++) {
      if (at % 100_000 === 99_999) seen(at + 1)
      const locals = unpack(states.key(at))
      const unsafe = this.#case.unsafe(this.#machines(locals))
      if (unsafe !== undefined) return this.#result(steps, quiescent, this.#violation(unsafe, at))
      let quiet = true
      for (const [part, automaton] of this.#automata.entries()) {
        const from = locals[part]!
        const others = this.#others(locals, part)
        for (const to of automaton.bursts(from, others, true)) {
          steps++
          states.add(pack(this.#sorted(locals.with(part, to))), at)
        }
        quiet &&= automaton.bursts(from, others, false).length === 0
      }
      if (!quiet) continue
      quiescent++
      const unfinished = this.#case.unfinished(this.#machines(locals))
      if (unfinished !== undefined) return this.#result(steps, quiescent, this.#violation(unfinished, at))
    }
    return this.#result(steps, quiescent, undefined)
  }

  /** A schedule drawn at random, every delivery on its own: the visible states on its way. */
  *wander(random: (most: number) => number, length: number): Generator<string> {
    const locals = this.#automata.map(() => 0)
    for (let taken = 0; taken < length; taken++) {
      const part = random(locals.length - 1)
      const automaton = this.#automata[part]!
      const input = random(automaton.inputs.length - 1)
      if (!automaton.available(locals[part]!, input, this.#others(locals, part), true)) continue
      const { to, visible } = automaton.step(locals[part]!, input)
      locals[part] = to
      if (visible) yield this.visibleOf(locals)
    }
  }

  /** What others could see in the states that were explored. */
  visible(): Set<string> {
    const all = new Set<string>()
    for (let at = 0; at < this.#states.count; at++) all.add(this.visibleOf(unpack(this.#states.key(at))))
    return all
  }

  /** What the honest peers have said and given out, whoever they are. */
  visibleOf(locals: readonly number[]): string {
    const parts = this.#automata.map(({ said, outputs }, part) => `${said[locals[part]!]}/${outputs[locals[part]!]}`)
    return parts.sort().join(' ')
  }

  #others(locals: readonly number[], part: number): number[] {
    return locals.flatMap((local, other) => (other === part ? [] : [this.#automata[other]!.said[local]!]))
  }

  #machines(locals: readonly number[]): Machine[] {
    return locals.map((local, part) => this.#automata[part]!.machines[local]!)
  }

  /** Of peers that are alike, in ascending order. */
  #sorted(locals: number[]): number[] {
    for (let at = 1; at < locals.length; at++)
      for (let to = at; to > 0 && this.#automata[to] === this.#automata[to - 1] && locals[to]! < locals[to - 1]!; to--)
        [locals[to], locals[to - 1]] = [locals[to - 1]!, locals[to]!]
    return locals
  }

  #violation(what: string, at: number): Violation {
    const path = [at]
    while (path[0]! > 0) path.unshift(this.#states.parent(path[0]!))
    const trace: { part: number; input: string }[] = []
    // Which peer is where in a state in which those that are alike are in order.
    let locals = unpack(this.#states.key(0))
    for (const state of path.slice(1)) {
      const { part, to } = this.#stepTo(locals, this.#states.key(state))
      const automaton = this.#automata[part]!
      for (const input of automaton.inputsOf(locals[part]!, to, this.#others(locals, part)))
        trace.push({ part, input: automaton.inputs[input]!.name })
      locals = locals.with(part, to)
    }
    return { what, trace }
  }

  /** The step from a state in any order to one that is, in order, `key`. */
  #stepTo(locals: readonly number[], key: number): { part: number; to: number } {
    for (const [part, automaton] of this.#automata.entries())
      for (const to of automaton.bursts(locals[part]!, this.#others(locals, part), true))
        if (pack(this.#sorted(locals.with(part, to))) === key) return { part, to }
    throw new Error('a state without a way to it: this is a bug of the exploration')
  }

  #result(steps: number, quiescent: number, violation: Violation | undefined): Explored {
    const localStates = Math.max(...this.#automata.map(({ machines }) => machines.length))
    return { name: this.#case.name, states: this.#states.count, localStates, steps, quiescent, violation }
  }
}

function pack(locals: readonly number[]): number {
  if (locals.some((local) => local >= span)) throw new Error('more local states than a state of all can tell apart')
  return locals.reduce((sum, local) => sum * span + local, 0)
}

function unpack(key: number): number[] {
  return [Math.floor(key / (span * span)), Math.floor(key / span) % span, key % span]
}
