/** What a cell that ran with one seed comes to. */
import { type Digest, digestOfVector } from '@hearsay/protocol'
import type { RoundRow } from '@hearsay/results'
import {
  type Cell,
  lyingGroups,
  maliciousPeers,
  median,
  poisonOf,
  type SeedMeasures,
  spreadOf,
} from '@hearsay/scenario'
import type { TrainingTask } from '@hearsay/training'
import type { Evaluation } from '@hearsay/training/schema'
import type { CellNetwork } from './cell-network.ts'
import { forkedRounds, largestDistance, outsideTraining } from './measures.ts'
import type { Observation, PartTimes, RoundMeasures } from './observation.ts'
import type { Seen } from './seen.ts'

export interface CellResult {
  readonly measures: SeedMeasures
  /** By round and peer. */
  readonly rows: readonly RoundRow[]
  /** The newest model of the first honest peer. */
  readonly head: Head
  /** Per round, ms from when the last honest peer had trained to when all honest peers had certified. */
  readonly outsideTrainingMs: readonly number[]
}

export interface Head {
  /** By scenario index. */
  readonly peer: number
  /** The last one that it is the model of; 0: what everybody starts from. */
  readonly round: number
  readonly digest: Digest
  readonly model: Float32Array
  readonly evaluation: Evaluation
}

export interface CellRecord {
  readonly cell: Cell
  readonly seed: number
  readonly task: TrainingTask
  readonly network: CellNetwork
  readonly seen: Seen
  readonly stalled: boolean
}

export async function cellResult(record: CellRecord): Promise<CellResult> {
  const { cell, seed, network, stalled, seen } = record
  const { rounds } = cell.parameters
  const observed = [...seen.observed.values()]
  const traceDigest = seen.traceDigest()
  const heads = observed.map((each) => headOf(each, record))
  const evaluated = await Promise.all(
    heads.map(({ digest, model }) => seen.evaluations.get(digest) ?? evaluateModel(record, model)),
  )
  const models = [...new Map(heads.map(({ digest, model }) => [digest, model])).values()]
  const liars = maliciousPeers(cell.parameters)
  const named = [...new Set(observed.flatMap(({ culprits }) => [...culprits]))].map((at) => network.indexOf(at))
  const measures: SeedMeasures = {
    seed,
    rounds,
    evaluation: Object.fromEntries(
      record.task.measures.map(({ name }) => [name, spreadOf(evaluated.flatMap((one) => one[name] ?? []))]),
    ),
    disagreement: { distance: largestDistance(models), forks: forkedRounds(observed).size },
    liveness: { ended: Math.min(rounds, ...observed.map(({ height }) => height)), rounds },
    evidence: {
      culprits: named.filter((index) => liars.has(index)).length,
      falseAccusations: named.filter((index) => !liars.has(index)).length,
    },
    ...weightOf(record),
    ...pausesOf(record),
    ...gradientsOf(record),
    bytes: bytesOf(record),
    timeMs: medianTimes(observed),
    diverged:
      observed.reduce((sum, one) => sum + one.diverged, 0) +
      evaluated.filter((one) => Object.values(one).some((value) => value !== null && !Number.isFinite(value))).length,
    stalled,
    ...(traceDigest !== undefined && { traceDigest }),
  }
  const head = { peer: network.honest[0]!, ...heads[0]!, evaluation: evaluated[0]! }
  return { measures, rows: await rowsOf(record), head, outsideTrainingMs: outsideTraining(observed) }
}

/** What a model of this cell is worth, to honest peers and to those who poison data. */
export function evaluateModel(
  { cell, task }: Pick<CellRecord, 'cell' | 'task'>,
  model: Float32Array,
): Promise<Evaluation> {
  const poisons = lyingGroups(cell.parameters).flatMap((group) =>
    Array(group.count)
      .fill(poisonOf(group) ?? [])
      .flat(),
  )
  return task.evaluate(model, poisons)
}

/**
 * The newest certified model of a peer that any peer holds: a peer that is behind certifies before it has pulled the
 * model, and one digest is one model.
 */
function headOf({ rounds }: Observation, { network, task }: CellRecord): Pick<Head, 'round' | 'digest' | 'model'> {
  for (const { round, model: digest } of rounds.toReversed()) {
    const model = network.model(digest)
    if (model !== undefined) return { round, digest, model }
  }
  return { round: 0, digest: digestOfVector(task.initial), model: task.initial }
}

/** Where weights follow vouches. */
function weightOf({ cell, seen: { observed }, network }: CellRecord): Pick<SeedMeasures, 'weight'> {
  const [first] = [...observed.values()].sort((a, b) => b.weights.length - a.weights.length)
  if (first === undefined || first.weights.length === 0) return {}
  const liars = maliciousPeers(cell.parameters)
  const shares = first.weights.map((weights) => {
    const lying = weights.filter((_, position) => liars.has(network.indexOf(position)))
    return sum(lying) / sum(weights)
  })
  return { weight: { liars: shares.at(-1)!, most: Math.max(...shares) } }
}

/** Where pauses count. */
function pausesOf({ seen: { observed } }: CellRecord): Pick<SeedMeasures, 'pauses'> {
  const [first] = [...observed.values()].sort((a, b) => b.height - a.height)
  if (first?.pauses === undefined) return {}
  const { learnt, record } = first.pauses
  return { pauses: { learnt, share: first.height === 0 ? 0 : Math.min(...record.executed) / first.height } }
}

/** Where gradients are judged one by one. */
function gradientsOf({ cell, seen: { observed }, network }: CellRecord): Pick<SeedMeasures, 'gradients'> {
  const judged = [...observed.values()].flatMap((one) => [...one.judged])
  if (judged.length === 0) return {}
  const liars = maliciousPeers(cell.parameters)
  const share = (lying: boolean): number | null => {
    const of = judged.flatMap(([author, counts]) => (liars.has(network.indexOf(author)) === lying ? counts : []))
    return of.length === 0 ? null : sum(of.map(({ applied }) => applied)) / sum(of.map(({ all }) => all))
  }
  return { gradients: { honest: share(false), liars: share(true) } }
}

function sum(weights: readonly number[]): number {
  return weights.reduce((total, weight) => total + weight, 0)
}

function bytesOf({ seen }: CellRecord): SeedMeasures['bytes'] {
  const hosts = [...seen.observed.keys()].map((index) => seen.bytes(index))
  const mean = (of: 'sent' | 'received'): number =>
    Math.round(hosts.reduce((sum, bytes) => sum + bytes[of], 0) / hosts.length)
  return { sent: mean('sent'), received: mean('received') }
}

/** Over all rounds that honest peers took part in and certified; null without one. */
function medianTimes(observed: readonly Observation[]): SeedMeasures['timeMs'] {
  const times = observed.flatMap(({ rounds }) => rounds.flatMap(({ timeMs }) => timeMs ?? []))
  const middle = (part: keyof PartTimes): number | null =>
    times.length === 0 ? null : Math.round(10 * median(times.map((time) => time[part]))) / 10
  return {
    training: middle('training'),
    exchange: middle('exchange'),
    agreement: middle('agreement'),
    aggregation: middle('aggregation'),
    total: middle('total'),
  }
}

async function rowsOf(record: CellRecord): Promise<RoundRow[]> {
  const { cell, seed, seen } = record
  const { observed, evaluations } = seen
  const forked = forkedRounds([...observed.values()])
  const rows: RoundRow[] = []
  for (const [peer, one] of observed) {
    const add = ({ round, timeMs }: Pick<RoundMeasures, 'round' | 'timeMs'>, evaluation: Evaluation = {}): void => {
      const bytes = one.bytes.get(round)
      rows.push({
        cell: cell.index,
        label: cell.label,
        seed,
        round,
        peer,
        evaluation,
        ended: round <= one.height,
        forked: forked.has(round),
        distance: seen.disagreement.of(round),
        bytesSent: bytes?.sent ?? 0,
        bytesReceived: bytes?.received ?? 0,
        trainingMs: timeMs?.training ?? null,
        exchangeMs: timeMs?.exchange ?? null,
        agreementMs: timeMs?.agreement ?? null,
        aggregationMs: timeMs?.aggregation ?? null,
      })
    }
    for (const each of one.rounds) add(each, await evaluations.get(each.model))
    if (one.begun <= one.height || one.begun > cell.parameters.rounds) continue
    one.countBytes(one.begun, seen.bytes(peer))
    add({ round: one.begun, timeMs: undefined })
  }
  return rows.sort((a, b) => a.round - b.round || a.peer - b.peer)
}
