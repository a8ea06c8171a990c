import { checkMember, type Kind, type Member, optionsOf, unknownMember } from './kind.ts'
import type { Options } from './option.ts'

/** The members of one kind by name: those that ship, in the order given, then those that users add. None is taken out. */
export class Registry<T extends Member, Word extends string = string, Name extends string = T['name']> {
  readonly kind: Kind<Word>
  readonly #members: Map<string, T>
  readonly #shipped: ReadonlySet<T>
  /** Registries whose members are chosen in one place, so that no two may have one name; this one among them. */
  #together: Registry<Member>[] = [this as unknown as Registry<Member>]

  constructor(kind: Kind<Word>, shipped: Readonly<Record<string, T>>) {
    this.kind = kind
    this.#members = new Map(Object.values(shipped).map((member) => [member.name, member]))
    this.#shipped = new Set(this.#members.values())
  }

  get size(): number {
    return this.#members.size
  }

  /** Any text may be looked up. */
  get(name: string): T | undefined {
    return this.#members.get(name)
  }

  has(name: string): boolean {
    return this.#members.has(name)
  }

  keys(): MapIterator<Name> {
    return this.#members.keys() as MapIterator<Name>
  }

  values(): MapIterator<T> {
    return this.#members.values()
  }

  [Symbol.iterator](): MapIterator<[Name, T]> {
    return this.#members.entries() as MapIterator<[Name, T]>
  }

  /** Whether it came with the program, and no user added it. */
  ships(member: T): boolean {
    return this.#shipped.has(member)
  }

  /** As `get`, of what is read from a file or comes from anybody. Throws the kind's error `unknown-…`, with the nearest name. */
  find(name: unknown): T {
    const found = typeof name === 'string' ? this.get(name) : undefined
    if (found === undefined) throw unknownMember(this.kind, name, [...this.keys()])
    return found
  }

  /**
   * The member that a choice names, and all its options: a name, or a name with options. Throws the kind's error `bad-option`
   * for what is no choice, and as `resolve`.
   */
  choose(choice: unknown): { readonly member: T; readonly options: Options } {
    if (typeof choice !== 'object' || choice === null) return this.resolve(choice, {})
    const entries = Object.entries(choice)
    const [name, given] = entries[0] ?? []
    if (entries.length === 1 && typeof given === 'object' && given !== null)
      return this.resolve(name, given as Readonly<Record<string, unknown>>)
    const [noun] = this.kind.nouns
    throw this.kind.error(
      'bad-option',
      `A ${noun} is its name, or one name with its options, like { "name": { "option": 1 } }.`,
    )
  }

  /** The member of this name, and all its options. Throws the kind's error `unknown-…`, `unknown-option` or `bad-option`. */
  resolve(name: unknown, given: Readonly<Record<string, unknown>>): { readonly member: T; readonly options: Options } {
    const member = this.find(name)
    return { member, options: optionsOf(this.kind, member, given) }
  }

  /**
   * Makes a member of one's own known, for the life of the process; once more is no matter. Throws the kind's error `bad-…`
   * when it lacks something, or when another has its name.
   */
  add(member: T): void {
    checkMember(this.kind, member)
    const { name } = member
    const known = this.#together.flatMap((registry) => registry.get(name) ?? [])
    if (known.some((other) => other !== member)) this.#refuse(name)
    this.#members.set(name, member)
  }

  /** From now on members of both have different names. Throws the kind's error `bad-…` when they have not. */
  shareNames(other: Registry<Member>): void {
    for (const member of other.values()) if ((this.get(member.name) ?? member) !== member) this.#refuse(member.name)
    const together = [...new Set([...this.#together, ...other.#together])]
    for (const registry of together) registry.#together = together
  }

  #refuse(name: string): never {
    const { word, nouns } = this.kind
    const article = /^[aeiou]/.test(nouns[0]) ? 'an' : 'a'
    throw this.kind.error(`bad-${word}`, `There is ${article} ${nouns[0]} "${name}" already: give yours another name.`)
  }
}
