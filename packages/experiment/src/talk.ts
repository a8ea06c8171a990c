/** What peers say to each other and hear, for whoever reads a run: lines of `events.jsonl` beside those of all networks. */
import { type Digest, digestOf, type Event, type Position, type Statement, type Step } from '@hearsay/protocol'
import type { TalkEvent } from './events.ts'
import type { ScenarioIndex } from './scenario-index.ts'

export class Talk {
  readonly #indexOf: (position: Position) => ScenarioIndex
  readonly #tell: (event: TalkEvent) => void
  readonly #numbers = new Map<Digest, number>()

  /** Peers are told by `indexOf` their positions. */
  constructor(indexOf: (position: Position) => ScenarioIndex, tell: (event: TalkEvent) => void) {
    this.#indexOf = indexOf
    this.#tell = tell
  }

  step(position: Position, { sends }: Step, events: readonly Event[], atMs: number): void {
    const peer = this.#indexOf(position)
    for (const event of events) {
      if (event.kind !== 'envelope') continue
      const { id, author, round, statements } = event.envelope
      const described = this.#describe(statements)
      const from = this.#indexOf(author)
      this.#tell({ peer, atMs, kind: 'heard', envelope: this.#numberOf(id), round, from, statements: described })
    }
    for (const { to, envelope } of sends) {
      const audience = to === 'all' ? {} : { to: to.map(this.#indexOf).sort((a, b) => a - b) }
      const { id, round, statements } = envelope
      const described = this.#describe(statements)
      this.#tell({ peer, atMs, kind: 'said', envelope: this.#numberOf(id), round, ...audience, statements: described })
    }
  }

  #numberOf(id: Digest): number {
    const number = this.#numbers.get(id) ?? this.#numbers.size
    this.#numbers.set(id, number)
    return number
  }

  /** Statements that differ only in whom they are about are one. */
  #describe(statements: readonly Statement[]): string[] {
    const about = new Map<string, ScenarioIndex[]>()
    for (const statement of statements) {
      const [what, position] = wordsOf(statement)
      const peers = about.get(what) ?? []
      about.set(what, peers)
      if (position !== undefined) peers.push(this.#indexOf(position))
    }
    return [...about].map(([what, peers]) => [what, ...peers.sort((a, b) => a - b)].join(' '))
  }
}

/** What a statement says, and about whom. */
function wordsOf(statement: Statement): [string, Position?] {
  switch (statement.kind) {
    case 'init': {
      const what = (statement.stage ?? 0) === 0 ? 'update' : 'vector'
      return [`${what} ${statement.digest.slice(0, 8)}${atStage(statement)}`]
    }
    case 'echo':
    case 'ready':
      return [`${statement.kind}${statement.stage === undefined ? '' : `${atStage(statement)} for`}`, statement.sender]
    case 'estimate':
    case 'coordinate':
      return [`${statement.kind} ${statement.value} in phase ${statement.phase} for`, statement.instance]
    case 'auxiliary': {
      const values = ['none', '0', '1', '0 or 1'][statement.values]
      return [`auxiliary ${values} in phase ${statement.phase} for`, statement.instance]
    }
    case 'checkpoint':
      return [`checkpoint ${digestOf(statement.checkpoint).slice(0, 8)}`]
    case 'word':
      return [`word ${statement.content}${atStage(statement)}`]
    case 'witness':
      return [`witness of ${statement.members.length}${atStage(statement)}`]
  }
}

/** Of agreements that have stages. */
function atStage({ stage }: { readonly stage?: number }): string {
  return stage === undefined ? '' : ` at stage ${stage}`
}
