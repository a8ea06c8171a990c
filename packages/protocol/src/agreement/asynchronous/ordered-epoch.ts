/**
 * One epoch of the ordered variant, as vectors are concerned: from an agreed set of gradients to the model, and to what the
 * next epoch is judged by. A function of the set, of what the checkpoint before it has, and of n and f alone.
 *
 * The order: whose gradient was applied longest ago is first, then by position, turned on by one place an epoch among those of whom none was.
 * It does not follow from digests, models or any number in this epoch, so there is nothing that a liar could try out until the
 * order suits it: all that it can choose is to be in the set or not, and who stays away to come first gives fewer gradients
 * for it. What a place gives is what it gives to any honest peer: a factor of dampening, which is ≤ 1, and the last place that what is
 * applied is compared with in the next epoch. A hash of the set would be as fair on average, but who announces last could
 * choose it among as many digests as it can make.
 *
 * For the same reason no gradient of an epoch is compared with another of it by the Lipschitz filter, but with the last that was applied
 * before, of another model than its own (`anchors`). In an epoch most are of one model, where gradients differ by their noise and models not
 * at all: to compare these with each other would let one of them through, and which one would be the order's to say.
 *
 * What is allowed follows from the coefficients of all of the set, which are found before one of it is judged (`Judge.meet`). So what the
 * Lipschitz filter says in an epoch does not hang on the order at all, but for `escape`; the frequency filter and dampening do.
 *
 * With the strict frequency filter this order also loses the least: whoever would be refused for having been applied lately
 * is judged after all who were not.
 *
 * A robust epoch takes n−f gradients of its own model, by the rule of the network, as exact agreement does. It is due
 * - in the beginning, until n−f workers have a coefficient: after f+2 such epochs at the latest, if the model moves, as r of them count
 *   r(n−f) gradients or more, and if fewer than n−f workers had two, no more than (n−f−1)(r−1) + n would be counted;
 * - after an epoch in which nothing was applied. Else a model that does not move, and so gives no new gradients, could be for ever: whether
 *   filters refused all of an honest minority, or a liar's last gradient made the others look strange. What it gives is
 *   robust by the rule and no gradient of anybody's, and the next is compared with it.
 */
import type { Position } from '../../roster/position.ts'
import { type Digest, digestOf } from '../../words/digest.ts'
import type { Member } from '../../words/member.ts'
import { type Bench, modelRoundOf, type Order, type OrderedRound } from '../../words/order.ts'
import { announcedOf } from '../../words/vouches.ts'
import { type Candidate, Judge, type JudgeOptions, type JudgeState, type Met, type Sample } from './judge.ts'
import type { Change } from './lipschitz-filter.ts'
import { encodeState, type OrderState, step } from './order-state.ts'
import type { Filters } from './settings.ts'

export interface EpochOptions {
  readonly filters: Filters
  readonly remembered: number
  /** So many epochs at the beginning are robust at least. */
  readonly bootstrap: number
  /** What passes is applied times this, besides its dampening. */
  readonly step: number
}

/** Models that a state names: of what may count in the next epoch, and of what the last one that was applied was compared with. */
export const modelsNamed = (remembered: number): number => remembered + 2

/** A gradient of the set; its model is remembered. */
type Queued = Sample & { readonly author: Position; readonly updates: number }

export function firstState(model: Digest, peers: number): OrderState {
  return {
    judge: { epoch: 0, model, authors: [], workers: [], refusals: 0 },
    models: [{ digest: model, updates: 0 }],
    anchors: [],
    robust: true,
    turns: Array<number>(peers).fill(0),
  }
}

/** How the set becomes the model of the epoch; `state` is of the epoch before. */
export function epochOrder(
  round: OrderedRound,
  state: OrderState,
  members: readonly Member[],
  options: EpochOptions,
): Order {
  const judging: JudgeOptions = { filters: options.filters, peers: round.peers, tolerated: round.tolerated }
  const queue = queued(members, round, state)
  return {
    state: round.state === undefined ? '' : digestOf(round.state),
    needs: needsOf(queue, state),
    make: (bench) => {
      const taken = state.robust
        ? takeRobust(queue, state, judging, bench)
        : takeInOrder(queue, state, judging, bench, options.step)
      const model = bench.model()
      if (state.robust) taken.judge.updated(model)
      const next = nextState(taken, model, state, round, judging, options)
      const { authors: applied } = taken
      return { model, state: encodeState(next), applied, robust: state.robust, keeps: keptBy(next) }
    },
  }
}

/** In the order in which they are judged; without those of models that nobody remembers, of which an honest peer takes in none. */
function queued(members: readonly Member[], { number, peers }: OrderedRound, { models, turns }: OrderState): Queued[] {
  const oldest = number - models.length
  const place = (author: Position): number => (author + peers - (number % peers)) % peers
  return members
    .flatMap((member): Queued[] => {
      const of = models[(modelRoundOf(announcedOf(member)) ?? -1) - oldest]
      return of === undefined
        ? []
        : [{ author: member.peer, gradient: member.digest, model: of.digest, updates: of.updates }]
    })
    .sort((a, b) => turns[a.author]! - turns[b.author]! || place(a.author) - place(b.author))
}

/** What an epoch did. */
interface Taken {
  readonly judge: Judge
  /** Whose gradients were applied, in this order. */
  readonly authors: readonly Position[]
  readonly turns: readonly number[]
  readonly anchors: readonly Sample[]
}

/** What the filter is told of a gradient: how it changed against its author's last, and unless the epoch is robust against what was applied. */
function metBy(each: Queued, state: OrderState, judge: Judge, bench: Bench): Met {
  const own = state.judge.workers.find(({ author }) => author === each.author)?.sample
  const anchor = state.robust ? undefined : anchorOf(each, state)
  return {
    candidate: candidateOf(each, judge),
    ...(own && { own: changeBetween(each, own, state, bench) }),
    ...(anchor && { last: changeBetween(each, anchor, state, bench) }),
  }
}

function takeRobust(queue: readonly Queued[], state: OrderState, judging: JudgeOptions, bench: Bench): Taken {
  const judge = new Judge(judging, state.judge)
  judge.meet(queue.map((each) => metBy(each, state, judge, bench)))
  bench.addByRule()
  judge.begin(step)
  const anchors = anchorsAfter(judge.state.last!, state.anchors)
  return { judge, authors: queue.map(({ author }) => author), turns: state.turns, anchors }
}

function takeInOrder(
  queue: readonly Queued[],
  state: OrderState,
  judging: JudgeOptions,
  bench: Bench,
  times: number,
): Taken {
  const judge = new Judge(judging, state.judge)
  const [before, newest] = [state.models.at(-2)!, state.models.at(-1)!]
  const lastStep = judging.filters.lipschitz === 'literal' ? bench.distance(newest.digest, before.digest) : undefined
  // What is applied in this epoch, mostly of the same model, is no measure for what follows in it.
  const coefficients = judge.meet(
    queue.map((each) => metBy(each, state, judge, bench)),
    lastStep,
  )
  const authors: Position[] = []
  const turns = [...state.turns]
  let { anchors } = state
  for (const [i, each] of queue.entries()) {
    const verdict = judge.decide(candidateOf(each, judge), coefficients[i])
    if (!verdict.accepted) continue
    bench.add(each.gradient, times * verdict.factor)
    judge.updated(underWay)
    anchors = anchorsAfter(each, anchors)
    authors.push(each.author)
    turns[each.author] = judge.epoch
  }
  return { judge, authors, turns, anchors }
}

/** What a gradient is compared with: the newest of another model, since two of one model differ by their noise alone. */
function anchorOf({ model }: Queued, { anchors }: OrderState): Sample | undefined {
  return anchors.find((anchor) => anchor.model !== model) ?? anchors[0]
}

/** The newest, and the newest before it that is of another model. */
function anchorsAfter({ gradient, model }: Sample, before: readonly Sample[]): Sample[] {
  return [{ gradient, model }, ...before.filter((anchor) => anchor.model !== model).slice(0, 1)]
}

function changeBetween(each: Queued, other: Sample, { models, anchors }: OrderState, bench: Bench): Change {
  const apart = bench.distance(each.model, other.model)
  if (other.gradient !== step) return { gradients: bench.distance(each.gradient, other.gradient), models: apart }
  const [from, to] = stepOf(anchors.find(({ gradient }) => gradient === step)!, models)
  return { gradients: bench.distanceOfStep(each.gradient, from, to), models: apart }
}

/** The models between which a robust epoch stepped. */
function stepOf({ model }: Sample, models: OrderState['models']): readonly [Digest, Digest] {
  const at = models.findLastIndex(({ digest }) => digest === model)
  return [model, (models[at + 1] ?? models[at])!.digest]
}

/** In place of the digest of a model that is no epoch's. */
const underWay: Digest = 'under way'

function candidateOf({ author, gradient, model, updates }: Queued, judge: Judge): Candidate {
  return { author, gradient, model, staleness: judge.epoch - updates }
}

/** Whose last gradient is of a model that is forgotten is as if it were new. */
function nextState(
  taken: Taken,
  model: Digest,
  state: OrderState,
  round: OrderedRound,
  judging: JudgeOptions,
  { remembered, bootstrap }: EpochOptions,
): OrderState {
  const { judge, turns, authors } = taken
  const models = [...state.models, { digest: model, updates: judge.epoch }].slice(-modelsNamed(remembered))
  const isNamed = (sample: Sample): boolean => models.some(({ digest }) => digest === sample.model)
  const anchors = taken.anchors.filter(isNamed)
  const { last: _, ...known } = judge.state
  const next: JudgeState = {
    ...known,
    model,
    before: round.model,
    workers: known.workers.filter(({ sample }) => isNamed(sample)),
    ...(anchors[0] && { last: anchors[0] }),
  }
  const robust = round.number < bootstrap || authors.length === 0 || !new Judge(judging, next).isReady
  return { judge: next, models, anchors, turns, robust }
}

function needsOf(queue: readonly Queued[], { judge, robust, models, anchors }: OrderState): Order['needs'] {
  const authors = new Set(queue.map(({ author }) => author))
  const own = judge.workers.filter(({ author }) => authors.has(author)).map(({ sample }) => sample)
  const compared = robust ? own : [...own, ...anchors]
  const gradients = compared.map(({ gradient }) => gradient).filter((gradient) => gradient !== step)
  const steps = robust ? [] : anchors.filter(({ gradient }) => gradient === step)
  const last = robust ? [] : models.slice(-2).map(({ digest }) => digest)
  const named = [...compared, ...queue].map(({ model }) => model)
  return {
    updates: distinct(gradients),
    models: distinct([...named, ...last, ...steps.flatMap((each) => stepOf(each, models))]),
  }
}

function keptBy({ judge: { workers }, anchors }: OrderState): Digest[] {
  const samples = [...workers.map(({ sample }) => sample), ...anchors]
  return distinct(samples.map(({ gradient }) => gradient).filter((gradient) => gradient !== step))
}

const distinct = (digests: readonly Digest[]): Digest[] => [...new Set(digests)].sort()
