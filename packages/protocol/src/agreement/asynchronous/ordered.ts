/**
 * The ordered variant of asynchronous agreement: gradients are judged one after the other, as Kardam does (judge.ts), in an order that
 * all honest peers share; so all have one model, certificates, evidence and a ledger.
 *
 * It is exact agreement of which three things differ. What exact agreement proves of a round does not depend on them:
 *
 * 1. *Whose gradient is in.* A peer trains when it is idle, on its newest model, whatever epochs go by meanwhile, and announces what
 *    it has made in the epoch that is then under way: INIT of the digest, and behind it of which epoch's model it is.
 *    That names one model, since the envelope names the chain. A peer without a gradient says no INIT: its input is nothing.
 *    What came too late for an epoch is announced in the next. Of models older than `remembered` epochs nothing counts, so
 *    what peers hold is bounded.
 * 2. *How many must be in.* A common subset ends with the weight f+1 in place of n−f (`isEnough`). Its argument
 *    (common-subset.ts, step 2) asks for as many honest peers that surely speak: those are delivered by all (validity, totality), so while f+1
 *    ones are not decided every honest peer gives 1 to all of them, and these decide 1; then all give an input to all, and
 *    all decide. Any n−f honest peers train and in the end announce, so f+1 do; the slowest may be left out, and
 *    an epoch takes as long as the (f+1)st honest gradient, whatever the others take. Agreement (that all have one set) uses no
 *    threshold but those of broadcast and binary agreement, which stay.
 *    Why not f: then liars alone would make epochs, of their gradients only, as fast as they can; with f+1 one of the set
 *    is honest. Why n−f is not needed: that is what makes a rule over the set robust, an honest majority of it. Here each gradient
 *    is judged for itself, and the majority is one of 2f+1 in a row (frequency-filter.ts), across epochs.
 * 3. *What the set becomes.* Not a rule's aggregate, but what filters let through, in an order (ordered-epoch.ts). Some epochs
 *    are robust: n−f gradients, of the newest model, by the rule of the network.
 *
 * What filters know is in the checkpoint, and certified with the model. It could be computed again from the chain instead, but
 * only by who has all gradients since the genesis, since a coefficient and who was applied last hang on all before. With it in
 * the checkpoint one certificate tells a peer that starts, was behind, or verifies offline, all that the next epoch is judged by, but for
 * vectors: those of at most n+1 gradients and `remembered` + 2 models, which whoever signed holds. A state that is
 * wrong is signed by no honest peer, so it costs the liars what a wrong model costs them.
 *
 * Guarantees, with at most f liars of n ≥ 3f+1: those of exact agreement on the chain; every set has an honest author; with
 * the strict frequency filter any 2f+1 gradients applied in a row have f+1 honest authors; epochs go on once messages arrive within an
 * unknown bound, with f silent and whoever slow. Not guaranteed: that a gradient is applied (filters refuse honest ones too),
 * nor that a robust epoch does not wait for the (n−f)th fastest.
 */

import type { AgreementKind } from '../../shell/agreement.ts'
import { mayCount, type OrderedRound, type Ordering } from '../../words/order.ts'
import { exact } from '../exact/exact.ts'
import { ExactAgreement } from '../exact/exact-agreement.ts'
import { Gradients } from './gradients.ts'
import { decodeState, mostStateBytes, type OrderState, type StateBounds } from './order-state.ts'
import { type EpochOptions, epochOrder, firstState, modelsNamed } from './ordered-epoch.ts'

export type OrderedOptions = EpochOptions

export function ordered(options: OrderedOptions): AgreementKind {
  const ordering = orderingOf(options)
  return {
    name: 'asynchronous',
    ordering,
    create: (shell, peer) => {
      const { quorums } = peer.network
      if (quorums.total !== quorums.peers)
        throw new RangeError('asynchronous agreement counts peers: every peer weighs 1')
      return new ExactAgreement(shell, peer, new Gradients(ordering, shell))
    },
    refuses: (statement, said, network) => {
      // Of any number, each would fill a slot of its own.
      if ('stage' in statement) return 'a word of another agreement'
      // Of who is ready for what it has echoed, the digest is left out.
      if (
        'digest' in statement &&
        statement.digest !== '' &&
        !mayCount(statement.digest, said.round, ordering.remembered, false)
      )
        return 'an update of a model that is none, or forgotten'
      return 'digest' in statement ? undefined : exact.refuses(statement, said, network)
    },
    ...(exact.isSigned && { isSigned: exact.isSigned }),
  }
}

function orderingOf(options: OrderedOptions): Ordering {
  const { filters, remembered } = options
  const bounds = (peers: number, tolerated: number): StateBounds => ({
    ...{ peers, tolerated, models: modelsNamed(remembered), memory: filters.memory },
  })
  const stateOf = ({ state, model, peers, tolerated }: OrderedRound): OrderState => {
    if (state === undefined) return firstState(model, peers)
    const known = decodeState(state, bounds(peers, tolerated))
    if (known === undefined)
      throw new RangeError('the state of filters in a certified checkpoint is none: this is a bug')
    return known
  }
  return {
    remembered,
    stateBytes: (peers, tolerated) => mostStateBytes(bounds(peers, tolerated)),
    isState: (state, round, peers, tolerated) => {
      const known = decodeState(state, bounds(peers, tolerated))
      return known?.models.length === Math.min(round + 1, modelsNamed(remembered))
    },
    isRobust: (round) => stateOf(round).robust,
    order: (round, members) => epochOrder(round, stateOf(round), members, options),
  }
}
