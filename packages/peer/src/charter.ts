/**
 * What the peers of a network agree on before the first round, and what its genesis record says, in one object: made here alone, of
 * the file of an operator, of a scenario and of a record that a stranger reads. It is asked as of a round, since roster and weights
 * will change between eras; until then a network has one.
 */
import { checkRule, type RuleSpec, ruleSpec } from '@hearsay/aggregation'
import {
  type AgreementKind,
  createNetwork,
  type Digest,
  digestOf,
  type Keys,
  type Network,
  Quorums,
} from '@hearsay/protocol'
import { canonical } from './canonical.ts'

export interface Terms {
  /** The genesis record, canonical: its digest names the network. */
  readonly record: string
  /** Peer ids in the order of the roster. */
  readonly ids: readonly string[]
  /** Of the peers, in the same order; each weighs 1 when left out. */
  readonly weights?: readonly number[] | undefined
  /** F, the weight that may lie. */
  readonly tolerated: number
  readonly aggregation: { readonly rule: string }
  readonly agreement: AgreementKind
}

/** What holds in a round. */
export interface Era {
  readonly ids: readonly string[]
  /** Who weighs how much, and how much of it may lie. */
  readonly quorums: Quorums
  /** It counts peers: it has to withstand as many as may lie when the lightest do. */
  readonly rule: RuleSpec
  readonly agreement: AgreementKind
}

export class Charter {
  readonly record: string
  /** Digest of the record. */
  readonly genesis: Digest
  readonly #era: Era

  /** Throws RangeError when weights and F do not fit: W > 3F is needed. */
  constructor({ record, ids, weights, tolerated, aggregation, agreement }: Terms) {
    this.record = record
    this.genesis = digestOf(new TextEncoder().encode(record))
    const quorums = new Quorums(weights ?? ids.map(() => 1), tolerated)
    const rule = { ...aggregation, tolerated: quorums.mostLiars } as RuleSpec
    this.#era = { ids, quorums, rule, agreement }
  }

  /** As of a round, from 1. */
  at(_round: number): Era {
    return this.#era
  }

  /** The network as the peer with these keys has it. */
  network(keys: Keys, opened?: Network['opened']): Network<AgreementKind> {
    const { quorums, rule, agreement } = this.at(1)
    const { genesis } = this
    return createNetwork({ genesis, quorums, keys, rule: canonical(rule), agreement, ...(opened && { opened }) })
  }
}

/** A rule of so many peers, looked up. Throws AggregationError if it is not defined for some number of updates that a round may have. */
export function checkedRule(rule: RuleSpec, peers: number): RuleSpec {
  const known = ruleSpec(rule)
  for (let updates = Math.max(1, peers - rule.tolerated); updates <= peers; updates++) checkRule(known, updates)
  return known
}
