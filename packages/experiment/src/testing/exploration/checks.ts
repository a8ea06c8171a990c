/** What is promised of an agreement besides one chain, judged from what honest peers give out. */
import { encodeCertificate, LedgerCheck, type Output, type Step } from '@hearsay/protocol'
import type { ModelledSwarm } from '../modelled-swarm.ts'
import type { Schedule } from './schedule.ts'

/** Each gives what is wrong. */
export interface Check {
  /** Of a step of an honest peer. */
  see?(peer: number, step: Step): string | undefined
  /** It crashed. */
  restarts?(peer: number): void
  /** When all is over. */
  end?(swarm: ModelledSwarm): string | undefined
}

type OutputOf<Kind extends Output['kind']> = Extract<Output, { readonly kind: Kind }>

export function checksOf(schedule: Schedule): Check[] {
  const { variant } = schedule
  const lies = new Set(schedule.liars.map(({ peer }) => peer))
  const windows: Windows = { peers: schedule.peers, tolerated: schedule.tolerated, lies }
  if (variant?.kind === 'each-for-itself')
    return [new Bounded(schedule), ...(variant.settings.frequency === 'strict' ? [new Accepted(windows)] : [])]
  const strict = variant?.kind === 'ordered' && variant.options.filters.frequency === 'strict'
  return [new Identical(), new Verified(), ...(variant?.kind === 'ordered' ? [new Ordering(windows, strict)] : [])]
}

interface Windows {
  readonly peers: number
  readonly tolerated: number
  readonly lies: ReadonlySet<number>
}

/** What is wrong with a sequence of authors that were applied, if of 2f+1 in a row fewer than f+1 are honest. */
function wrongRow(authors: readonly number[], { tolerated, lies }: Windows): string | undefined {
  const inRow = 2 * tolerated + 1
  for (let at = 0; at + inRow <= authors.length; at++) {
    const row = authors.slice(at, at + inRow)
    if (row.filter((peer) => !lies.has(peer)).length <= tolerated)
      return `of ${inRow} gradients applied in a row, of ${row}, fewer than ${tolerated + 1} are honest`
  }
  return undefined
}

/** All honest peers compute what is certified. */
class Identical implements Check {
  see(peer: number, { outputs }: Step): string | undefined {
    for (const output of outputs)
      if (output.kind === 'differs')
        return `honest peer ${peer} made another model than was certified in round ${output.round}`
    return undefined
  }
}

/** A stranger accepts the ledger. */
class Verified implements Check {
  end(swarm: ModelledSwarm): string | undefined {
    const longest = swarm.honest.map((peer) => swarm.certified[peer]!).sort((a, b) => b.length - a.length)[0] ?? []
    // Who forgot what it had begins anew.
    const chain = [...new Map(longest.map((certificate) => [certificate.checkpoint.round, certificate])).values()]
    const check = new LedgerCheck(swarm.networks[0]!)
    for (const certificate of chain.sort((a, b) => a.checkpoint.round - b.checkpoint.round)) {
      if (certificate.checkpoint.round !== check.height + 1) break
      const verified = check.next(encodeCertificate(certificate))
      if (typeof verified === 'string') return `a ledger that does not verify: ${verified}`
    }
    return undefined
  }
}

/** In an agreed order: all judge alike, of the agreed set alone, and no set or row is the liars'. */
class Ordering implements Check {
  readonly #windows: Windows
  readonly #strict: boolean
  readonly #sets = new Map<string, ReadonlySet<number>>()
  readonly #judged = new Map<number, OutputOf<'ordered'>>()

  constructor(windows: Windows, strict: boolean) {
    this.#windows = windows
    this.#strict = strict
  }

  see(peer: number, { outputs }: Step): string | undefined {
    for (const output of outputs) {
      if (output.kind === 'agreed')
        this.#sets.set(`${peer} ${output.round}`, new Set(output.members.map((member) => member.peer)))
      const wrong = output.kind === 'ordered' ? this.#wrong(peer, output) : undefined
      if (wrong !== undefined) return wrong
    }
    return undefined
  }

  #wrong(peer: number, output: OutputOf<'ordered'>): string | undefined {
    const { round, applied, robust } = output
    const set = this.#sets.get(`${peer} ${round}`) ?? new Set()
    const { lies, peers, tolerated } = this.#windows
    if (!applied.every((author) => set.has(author)) || new Set(applied).size < applied.length)
      return `of round ${round} what was applied, of ${applied}, is not of the agreed set ${[...set]}`
    if ([...set].every((author) => lies.has(author))) return `the set of round ${round} is of liars alone`
    if (set.size < (robust ? peers - tolerated : tolerated + 1))
      return `the set of round ${round} is of ${set.size} alone`
    const before = this.#judged.get(round)
    this.#judged.set(round, output)
    return before === undefined || JSON.stringify(before) === JSON.stringify(output)
      ? undefined
      : `round ${round} was judged in two ways`
  }

  end(): string | undefined {
    if (!this.#strict) return undefined
    const rounds = [...this.#judged.values()].sort((a, b) => a.round - b.round)
    const authors = rounds.flatMap(({ applied, robust }) => (robust ? [] : applied))
    return wrongRow(authors, this.#windows)
  }
}

/** Each for itself: no row that a peer applies is the liars'. A peer that starts again begins a new one. */
class Accepted implements Check {
  readonly #windows: Windows
  readonly #rows = new Map<number, number[]>()

  constructor(windows: Windows) {
    this.#windows = windows
  }

  see(peer: number, { outputs }: Step): string | undefined {
    const row = this.#rows.get(peer) ?? []
    this.#rows.set(peer, row)
    for (const output of outputs) {
      if (output.kind !== 'judged' || output.factor === 0) continue
      row.push(output.peer)
      row.splice(0, row.length - 2 * this.#windows.tolerated - 1)
      const wrong = wrongRow(row, this.#windows)
      if (wrong !== undefined) return `peer ${peer}: ${wrong}`
    }
    return undefined
  }

  restarts(peer: number): void {
    this.#rows.delete(peer)
  }
}

/** Each for itself: what a peer has to hold is bounded by the number of peers. */
class Bounded implements Check {
  readonly #most: number

  /**
   * Of each author: its last gradient, two that wait to be judged, one that is pulled and one that waits for that, each with a model; and how far
   * it was off, between two models and since another.
   */
  constructor({ peers }: Pick<Schedule, 'peers'>) {
    this.#most = 15 * peers + 8
  }

  see(peer: number, { outputs }: Step): string | undefined {
    for (const output of outputs)
      if (output.kind === 'needed' && output.digests.length > this.#most)
        return `peer ${peer} needs ${output.digests.length} vectors, of ${this.#most} at most`
    return undefined
  }
}
