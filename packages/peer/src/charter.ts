/**
 * What the peers of a network agree on before the first round, in one object: who they are, how many of them may lie, what they
 * learn, by which rule and agreement. It is made here alone, of the file of an operator, of a scenario and of a record that a
 * stranger reads. It is of the era of the genesis: those that follow are in the chain, of which nobody knows here.
 */
import {
  AggregationError,
  aggregateRows,
  checkRule,
  checkRuleOfWeights,
  type RowShape,
  type RuleSpec,
  ruleSpec,
} from '@hearsay/aggregation'
import {
  type AgreementKind,
  createNetwork,
  type Digest,
  digestOf,
  type Keys,
  type Network,
  Quorums,
  type TrustTerms,
} from '@hearsay/protocol'
import { canonical } from './canonical.ts'

export interface Terms {
  /** Peer ids in the order of the roster. */
  readonly ids: readonly string[]
  /** Of the peers, in the same order; each weighs 1 when left out. */
  readonly weights?: readonly number[] | undefined
  /** F, the weight that may lie. */
  readonly tolerated: number
  /** How weights follow vouches: `weights` and F are of round 1 then, and F is the most that these allow. */
  readonly trust?: TrustTerms | undefined
  /** With the f of the rule, unless it is that of the agreement. */
  readonly aggregation: { readonly rule: string; readonly tolerated?: number | undefined }
  readonly agreement: AgreementKind
  /** The rows that the parameters are, where updates are of those that they speak about; of all parameters unless given. */
  readonly rows?: RowShape | undefined
  /** What is learnt, and how a peer learns, as it was written: training knows what it means. Nothing unless given. */
  readonly task?: Written
  readonly learning?: Written
}

type Written = Readonly<Record<string, unknown>>

/** What holds in a round. */
export interface Era
  extends Required<Pick<Terms, 'ids' | 'agreement' | 'task' | 'learning'>>,
    Pick<Terms, 'rows' | 'trust'> {
  /** Who weighs how much, and how much of it may lie. */
  readonly quorums: Quorums
  /** It withstands F, unless it says itself how much weight; whose updates weigh what it is told with them. */
  readonly rule: RuleSpec
}

export class Charter {
  readonly #era: Era

  /** Throws RangeError when weights and F do not fit: W > 3F is needed. */
  constructor({ weights, tolerated, aggregation, task = {}, learning = {}, ...same }: Terms) {
    const quorums = weights ? new Quorums(weights, tolerated) : Quorums.equal(same.ids.length, tolerated)
    const rule = { ...aggregation, tolerated: aggregation.tolerated ?? tolerated } as RuleSpec
    this.#era = { ...same, task, learning, quorums, rule }
  }

  /** As of a round, from 1. */
  at(_round: number): Era {
    return this.#era
  }
}

/** One whose first model is known, which follows from task and seed, and so its record and the name of its network. */
export class FoundedCharter extends Charter {
  /** The genesis record, canonical. */
  readonly record: string
  /** Digest of the record: the name of the network. */
  readonly genesis: Digest

  constructor({ record, ...terms }: Terms & { readonly record: string }) {
    super(terms)
    this.record = record
    this.genesis = digestOf(new TextEncoder().encode(record))
  }

  /** The network as the peer with these keys has it. */
  network(keys: Keys, opened?: Network['opened']): Network<AgreementKind> {
    const { quorums, rule, agreement, trust } = this.at(1)
    return createNetwork({
      ...{ genesis: this.genesis, quorums, keys, rule: canonical(rule), agreement },
      ...(trust && { trust }),
      ...(opened && { opened }),
    })
  }
}

/**
 * A rule of peers that weigh so much, looked up. A round may have any set of updates of weight `least` or more: throws
 * AggregationError if the rule is not defined for some of them. One that counts weight is for all if it is for `least`,
 * whoever is the heaviest there.
 */
export function checkedRule(rule: RuleSpec, all: readonly number[], least: number): RuleSpec {
  const known = ruleSpec(rule)
  const weights = all.filter((weight) => weight > 0)
  const [weight = 1] = weights
  if (weights.every((each) => each === weight)) {
    const ofPeers = { ...known, tolerated: Math.floor(rule.tolerated / weight) }
    const fewest = Math.max(1, Math.ceil(least / weight))
    for (let updates = fewest; updates <= weights.length; updates++) checkRule(ofPeers, updates)
  } else {
    checkRuleOfWeights(known, weights)
    checkRule(known, Math.max(1, least), Math.max(...weights))
  }
  return known
}

/** Throws AggregationError if the rule is not defined whatever peers weigh, as they may while W > 3F. */
export function checkRuleOfTrust(rule: RuleSpec): void {
  const [total, tolerated] = [301, 100]
  checkRule({ ...rule, tolerated }, total - tolerated, total - tolerated)
}

/**
 * Why such a network cannot have updates of rows; undefined if it can.
 *
 * @param end what becomes of rounds, in the word of their agreement
 */
export function faultOfRowUpdates({
  inChunks = false,
  end,
  ordered = false,
  rule,
  peers,
  workerMomentum = 0,
}: {
  inChunks?: boolean
  end: string
  /** Updates are judged in an agreed order. */
  ordered?: boolean
  rule: RuleSpec
  peers: number
  workerMomentum?: number | undefined
}): string | undefined {
  if (inChunks) return 'updates of rows are not sent in chunks: leave exchange.loss out'
  if (ordered || end === 'judged')
    return 'gradients are judged as whole vectors, and the task has updates of rows: set agreement.kind to exact'
  if (end !== 'certified')
    return 'averaging is of whole vectors, and the task has updates of rows: set agreement.kind to exact'
  if (workerMomentum > 0)
    return 'momentum over rounds is of whole vectors, and the task has updates of rows: leave learning.workerMomentum out'
  try {
    const silent = { rows: new Uint32Array(), values: new Float32Array() }
    aggregateRows({ ...rule, tolerated: 0 }, Array(peers).fill(silent), 1)
    return undefined
  } catch (error) {
    if (error instanceof AggregationError && error.code === 'mask-refused') return error.message
    throw error
  }
}
