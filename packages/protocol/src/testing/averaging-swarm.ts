/**
 * A swarm that averages real numbers, with liars that know all honest ones. A digest of 32 bytes has room for a vector of
 * eight float32, so it is the vector: everybody can "fetch" what it has heard of.
 */
import { Workspace } from '@hearsay/aggregation'
import { average } from '../agreement/averaging/average.ts'
import type { Averaging } from '../agreement/averaging/settings.ts'
import type { Participant, Result, Work } from '../shell/step.ts'
import { wrap } from '../shell/wrap.ts'
import { type Digest, fromHex, toHex } from '../words/digest.ts'
import { sealEnvelopes } from '../words/envelope.ts'
import type { Member } from '../words/member.ts'
import type { Statement } from '../words/statements.ts'
import { type Random, randomFrom } from './exchange.ts'
import { type Liar, Swarm, type SwarmOptions } from './swarm.ts'

export const length = 8

export function digestOfNumbers(numbers: readonly number[]): Digest {
  const vector = Float32Array.from({ length }, (_, at) => numbers[at] ?? 0)
  return toHex(new Uint8Array(vector.buffer))
}

export function numbersOf(digest: Digest): Float32Array<ArrayBuffer> {
  return new Float32Array(fromHex(digest).buffer)
}

/** What an honest peer made of a stage. */
export interface Averaged {
  readonly peer: number
  readonly round: number
  readonly stage: number
  readonly members: readonly Member[]
  readonly average: Float32Array
  /** The average added to the model, where the step is taken; else the average. */
  readonly numbers: Float32Array
}

export interface AveragingSwarmOptions extends Omit<SwarmOptions, 'perform' | 'liars' | 'averaging'> {
  readonly averaging: Averaging
  /** Positions of those who lie, and how. */
  readonly liars?: ReadonlyMap<number, (liar: Liar, swarm: AveragingSwarm) => Participant>
}

export class AveragingSwarm extends Swarm {
  readonly results: Averaged[] = []

  constructor({ liars = new Map(), ...options }: AveragingSwarmOptions) {
    const random = randomFrom(options.seed)
    const around = new Map(
      [...liars].map(([peer, lie]) => [peer, (liar: Liar): Participant => late(() => lie(liar, this))] as const),
    )
    super({
      ...options,
      liars: around,
      perform: (peer, work) => this.#perform(peer, work, options.tolerated, random),
    })
  }

  /** What honest peers made of a stage. */
  resultsOf(round: number, stage: number): Averaged[] {
    return this.results.filter(
      (each) => each.round === round && each.stage === stage && this.honest.includes(each.peer),
    )
  }

  #perform(peer: number, work: Work, tolerated: number, random: Random): Result | undefined {
    switch (work.kind) {
      case 'train':
        return { kind: 'trained', digest: digestOfNumbers(Array.from({ length }, () => random(1000) / 100)) }
      case 'fetch':
        return numbersOf(work.member.digest).every(Number.isFinite)
          ? { kind: 'held' }
          : { kind: 'unfit', reason: 'NaN' }
      case 'average': {
        const { round, stage, members, onto } = work
        const average = averageOf(work, tolerated)
        const model = onto === undefined || onto === this.optionsOf(peer).initial ? undefined : numbersOf(onto)
        const numbers = model === undefined ? average : average.map((value, at) => value + model[at]!)
        this.results.push({ peer, round, stage, members, average, numbers })
        return { kind: 'averaged', digest: digestOfNumbers([...numbers]) }
      }
      default:
        return undefined
    }
  }
}

/** Made when it is first needed: the swarm that it knows is not whole before. */
function late(make: () => Participant): Participant {
  let made: Participant | undefined
  const inner = (): Participant => (made ??= make())
  return {
    open: (bytes) => inner().open(bytes),
    handle: (events, nowMs) => inner().handle(events, nowMs),
    answer: (ask, from) => inner().answer(ask, from),
    holders: (round, member) => inner().holders(round, member),
  }
}

function averageOf(work: Extract<Work, { kind: 'average' }>, tolerated: number): Float32Array {
  const workspace = new Workspace({ rows: work.members.length, length })
  for (const [row, { digest }] of work.members.entries()) workspace.vector(row).set(numbersOf(digest))
  const rule = { rule: 'trimmed-mean', tolerated } as const
  return average(work.by, rule, workspace, [...work.members.keys()], numbersOf)
}

/**
 * Tells every peer another vector, as likely as not one of an honest peer, the least or greatest of all in every column, or
 * one far off; not a word of it at times.
 */
export function twoFaced(liar: Liar, swarm: AveragingSwarm): Participant {
  const random = randomFrom(liar.self + 17)
  const inner = liar.honest()
  return wrap(inner, {
    answer: () => undefined,
    handle: (events, nowMs) => {
      const step = inner.handle(events, nowMs)
      const sends = step.sends.flatMap(({ envelope }) =>
        [...Array(liar.network.peers).keys()].flatMap((to) => {
          const statements = envelope.statements.flatMap((statement) =>
            faceOf(statement, envelope.round, swarm, random),
          )
          return sealEnvelopes({ ...envelope, statements }, liar.network).map((other) => ({
            to: [to],
            envelope: other,
          }))
        }),
      )
      return { ...step, sends }
    },
  })
}

function faceOf(statement: Statement, round: number, swarm: AveragingSwarm, random: Random): Statement[] {
  if (statement.kind !== 'init') return [statement]
  const { stage = 0 } = statement
  const known = stage === 0 ? [] : swarm.resultsOf(round, stage - 1).map(({ numbers }) => numbers)
  const choice = random(5)
  if (choice === 0) return []
  return [{ ...statement, digest: digestOfNumbers(extreme(known, choice, random)) }]
}

function extreme(known: readonly Float32Array[], choice: number, random: Random): number[] {
  if (known.length === 0 || choice === 1) return Array(length).fill(random(1) === 0 ? 1e6 : -1e6)
  if (choice === 2) return [...known[random(known.length - 1)]!]
  return Array.from({ length }, (_, at) => {
    const column = known.map((numbers) => numbers[at]!)
    return choice === 3 ? Math.max(...column) : Math.min(...column)
  })
}

/** The largest distance between two, in any one coordinate (of trimmed means), or as Euclid has it. */
export function diameterOf(vectors: readonly Float32Array[], measure: 'coordinate' | 'Euclidean', at = 0): number {
  const distance = (a: Float32Array, b: Float32Array): number =>
    measure === 'coordinate'
      ? Math.abs(a[at]! - b[at]!)
      : Math.sqrt(a.reduce((sum, value, column) => sum + (value - b[column]!) ** 2, 0))
  return Math.max(0, ...vectors.flatMap((a) => vectors.map((b) => distance(a, b))))
}
