import { contentOf, contradict, type Statement, slotOf } from './statements.ts'

/** The slots that the statements of one envelope fill, for whoever holds them against what was said before. */
export interface Slots {
  /** A bit a slot, in words of 32: the numbers of the words that are not 0, ascending, and the words. */
  readonly numbers: readonly number[]
  readonly words: readonly number[]
  /** Whether two of the statements fill one slot, alike or not. */
  readonly inner: 'repeats' | 'conflict' | undefined
  /** The highest phase of a vote, 0 without any. */
  readonly phase: number
}

export function slotsOf(statements: readonly Statement[], peers: number): Slots {
  const contents = new Map<number, string | number>()
  let inner: Slots['inner']
  let phase = 0
  for (const statement of statements) {
    const slot = slotOf(statement, peers)
    const content = contentOf(statement)
    const twin = contents.get(slot)
    if (twin !== undefined && inner !== 'conflict') inner = contradict(twin, content) ? 'conflict' : 'repeats'
    contents.set(slot, content)
    if ('phase' in statement && statement.phase > phase) phase = statement.phase
  }
  const words = new Map<number, number>()
  for (const slot of contents.keys()) words.set(wordOf(slot), (words.get(wordOf(slot)) ?? 0) | bitOf(slot))
  const numbers = [...words.keys()].sort((a, b) => a - b)
  return { numbers, words: numbers.map((number) => words.get(number)!), inner, phase }
}

/** A phase may be any number that goes over the wire, and slots beyond 32 bits. */
function wordOf(slot: number): number {
  return Math.floor(slot / 32)
}

function bitOf(slot: number): number {
  return 1 << (slot % 32)
}

/** Slots that were filled, by whatever number of envelopes. */
export class FilledSlots {
  #words = new Uint32Array(0)

  /** Whether one of these is filled. */
  some({ numbers, words }: Slots): boolean {
    for (let i = 0; i < numbers.length; i++) if (((this.#words[numbers[i]!] ?? 0) & words[i]!) !== 0) return true
    return false
  }

  has(slot: number): boolean {
    return ((this.#words[wordOf(slot)] ?? 0) & bitOf(slot)) !== 0
  }

  add({ numbers, words }: Slots): void {
    const last = numbers.at(-1) ?? 0
    if (last >= this.#words.length) {
      const grown = new Uint32Array(Math.max(last + 1, 2 * this.#words.length))
      grown.set(this.#words)
      this.#words = grown
    }
    for (let i = 0; i < numbers.length; i++) this.#words[numbers[i]!]! |= words[i]!
  }
}
