import type { Message, Position, Quorums, Statement } from '@hearsay/protocol'
import type { Powers } from '../adversary.ts'

export type Vote = Extract<Statement, { readonly phase: number }>
type Bit = 0 | 1

/**
 * A scheme of liars and of the schedule against one binary agreement, the same in every phase: drawn from its number, by the
 * parts that peers have in the phase. What can be decided in a phase is its parity; the other bit is the "other".
 */
export class Mischief {
  /** The liar whose update the agreement is on. */
  readonly target: number
  readonly #scheme: number
  readonly #quorums: Quorums
  readonly #honest: readonly Position[]
  readonly #liars: readonly Position[]
  /** The honest peer that delivers the target's update in time; and those who need to echo it for that. */
  readonly #early: number
  readonly #echoing: ReadonlySet<number>

  constructor({ network, coalition }: Pick<Powers, 'network' | 'coalition'>, scheme: number) {
    this.#scheme = scheme
    this.#quorums = network.quorums
    this.#honest = [...coalition.halves.flat()].sort((a, b) => a - b)
    this.#liars = coalition.liars
    this.target = coalition.liars[0]!
    this.#early = this.#hurried(1)
    this.#echoing = echoing(this.#honest, this.#liars, this.#early, network.quorums)
  }

  isAboutTarget(author: Position, statement: Statement): boolean {
    if (statement.kind === 'init') return author === this.target
    if ('sender' in statement) return statement.sender === this.target
    return 'instance' in statement && statement.instance === this.target
  }

  /** What liars say for the target's update, once it is there. */
  support(digest: string): Statement[] {
    return (['echo', 'ready'] as const).map((kind) => ({ kind, sender: this.target, digest }))
  }

  /** Who hears what is said of the target's update: other liars learn of it too. */
  audienceOf({ kind }: Statement): readonly number[] {
    if (kind === 'ready') return [this.#early]
    return kind === 'init' ? [...this.#echoing, ...this.#liars] : [...this.#echoing]
  }

  /** What to say when an honest peer has said this. */
  lies(heard: Vote): Vote[] {
    const { instance, phase } = heard
    const of = { instance, phase }
    const parity = (phase % 2) as Bit
    const other = (1 - parity) as Bit
    const chosen: Vote[] = []
    // Some at once, some only when somebody says AUX.
    const say = (what: string, wanted: boolean, vote: Vote): void => {
      if (wanted && (heard.kind === 'auxiliary' || this.#draw(`at once ${what}`, 2) === 0)) chosen.push(vote)
    }
    say('other', this.#draw('other', 3) > 0, { kind: 'estimate', ...of, value: other })
    say('parity', this.#draw('parity', 3) > 0, { kind: 'estimate', ...of, value: parity })
    const auxiliary = this.#draw('auxiliary', 4)
    const values = auxiliary === 3 ? 3 : ((1 << (auxiliary === 1 ? other : parity)) as 1 | 2)
    say('auxiliary', auxiliary > 0, { kind: 'auxiliary', ...of, values })
    if (this.#liars.includes(this.#quorums.coordinator(phase)))
      say('coordinate', this.#draw('coordinate', 3) > 0, { kind: 'coordinate', ...of, value: other })
    // "I am in the next phase already": what is the other bit there can be decided here.
    say('hurry', this.#draw('hurry', 3) > 0, { kind: 'estimate', instance, phase: phase + 1, value: parity })
    return chosen
  }

  /** How late an envelope is to come to an honest peer from another: 1 if late, else so that liars can speak before. */
  delayOf({ to, envelope: { author, statements } }: Message): number {
    if (statements.some((statement) => this.isLate(author, to, statement))) return 1
    return statements.some((statement) => 'phase' in statement && this.isAboutTarget(author, statement)) ? 0.25 : 0
  }

  isLate(author: Position, to: Position, statement: Statement): boolean {
    if (!this.isAboutTarget(author, statement))
      // So that the grace time of the early one ends last.
      return statement.kind === 'auxiliary' && statement.phase === 1 && to === this.#early
    if (!('phase' in statement)) return statement.kind === 'ready' ? to !== this.#early : !this.#echoing.has(to)
    const { phase } = statement
    const parity = phase % 2
    const bits = statement.kind === 'auxiliary' ? statement.values : 1 << statement.value
    const bit = bits === 3 ? 'both' : bits === 1 << parity ? 'parity' : 'other'
    return this.#draw(`${statement.kind} ${bit} ${this.#partOf(author, phase)} ${this.#partOf(to, phase)}`, 3) === 0
  }

  /** Who coordinates the next phase, if that is no liar. */
  #hurried(phase: number): number {
    const next = this.#quorums.coordinator(phase + 1)
    return this.#honest.includes(next) ? next : this.#honest[0]!
  }

  #partOf(peer: Position, phase: number): string {
    if (this.#liars.includes(peer)) return 'liar'
    if (peer === this.#hurried(phase)) return 'hurried'
    if (peer === this.#quorums.coordinator(phase)) return 'coordinator'
    return peer === this.#hurried(phase - 1) ? 'hurried before' : 'other'
  }

  /** One of so many, by the scheme. */
  #draw(what: string, choices: number): number {
    let hash = 0x811c9dc5 ^ Math.imul(this.#scheme, 0x9e3779b1)
    for (let at = 0; at < what.length; at++) hash = Math.imul(hash ^ what.charCodeAt(at), 0x01000193)
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
    hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39)
    return ((hash ^ (hash >>> 15)) >>> 0) % choices
  }
}

/** The early one and as many others as make a quorum of echoes with the liars. */
function echoing(
  honest: readonly Position[],
  liars: readonly Position[],
  early: number,
  quorums: Quorums,
): Set<number> {
  const chosen = new Set([early])
  for (const peer of honest) if (!quorums.echo(quorums.weigh([...chosen, ...liars]))) chosen.add(peer)
  return chosen
}
