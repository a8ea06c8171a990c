/** From the options of a schedule to those of the network that it runs in. */
import { type Adversary, type Behaviour, createAdversary } from '@hearsay/adversary'
import { type Distribution, randomStream } from '@hearsay/virtual'
import { modelledLength } from '@hearsay/virtual/testing/modelled-vectors'
import { latest } from '../../scheduling.ts'
import type { ModelledSwarmOptions } from '../modelled-swarm.ts'
import { connectionsOf } from './connections.ts'
import { type Schedule, timing } from './schedule.ts'
import { pausingOf } from './schedule-pauses.ts'
import { trustOf, wishesOf } from './schedule-vouches.ts'
import { schemer } from './schemer.ts'
import { twinsByLot } from './twins.ts'

/** The network of a schedule, and who lies in it. */
export function swarmOptions(schedule: Schedule): Omit<ModelledSwarmOptions, 'onStep'> {
  const { seed, delayMs, liars } = schedule
  const late = randomStream(seed, 'delays')
  const planted = new Map<string, Uint8Array>()
  const adversaries = new Map<number, Adversary>(
    liars.map(({ peer, behaviour }) => [peer, adversaryOf(behaviour, schedule, peer, planted)]),
  )
  const wishes = [...adversaries.values()].filter(({ delay }) => delay !== undefined)
  const delays = delayMs > 0 || wishes.length > 0
  return {
    peers: schedule.peers,
    tolerated: schedule.tolerated,
    weights: schedule.weights,
    evictEvery: schedule.evictEvery,
    ...(schedule.vouching && { trust: trustOf(schedule.vouching), wishes: wishesOf(schedule, schedule.vouching) }),
    ...(schedule.pausing && { pauses: schedule.pausing.terms, pausing: pausingOf(schedule, schedule.pausing) }),
    ...variantOf(schedule),
    planted,
    seed,
    // Where nobody waits, whoever was away goes on by what the others make now.
    rounds: schedule.variant?.kind === 'each-for-itself' ? 1e6 : schedule.rounds,
    liars: adversaries,
    links: schedule.links,
    connections: connectionsOf(schedule),
    timing,
    training: trainingOf(schedule),
    stepMs: schedule.stepMs,
    oneByOne: schedule.oneByOne,
    longestDelayMs: Math.max(delayMs, 600),
    delayAnswer: latest([...adversaries.values()]).delayAnswer,
    ...(delays
      ? {
          delay: (message) =>
            Math.max(
              delayMs > 0 ? late.integer(delayMs + 1) : 0,
              ...wishes.map((adversary) => adversary.delay?.(message) ?? 0),
            ),
        }
      : {}),
  }
}

function adversaryOf(
  behaviour: Behaviour,
  { seed, variant }: Pick<Schedule, 'seed' | 'variant'>,
  peer: number,
  planted: Map<string, Uint8Array>,
): Adversary {
  if (behaviour.behaviour === 'twins') return twinsByLot(seed)
  if (behaviour.behaviour !== 'schemer') return createAdversary(behaviour, seed + peer)
  const tongue = variant?.kind ?? 'exact'
  return schemer({ seed: seed + peer, tongue, often: Number(behaviour.often), planted, length: modelledLength })
}

/** What is agreed on, and how peers come to what they announce. */
function variantOf({ seed, variant }: Schedule): Partial<ModelledSwarmOptions> {
  if (variant === undefined) return {}
  if (variant.kind === 'holes') {
    const { chunkMs, rate } = variant
    const arrives = (round: number, author: number, receiver: number, chunks: number): Uint8Array => {
      const random = randomStream(seed, 'loss', round, author, receiver)
      return Uint8Array.from({ length: chunks }, () => (random.uniform() < rate ? 0 : 1))
    }
    return { chunked: { chunkMs, arrives } }
  }
  const learn: ModelledSwarmOptions['learn'] = (peer, round, from) => {
    const random = randomStream(seed, 'noise', peer, round)
    return from.map((x) => -0.1 * (x + 1) + 0.05 * (random.uniform() - 0.5))
  }
  const apart = { apart: true, learn }
  return variant.kind === 'ordered' ? { ordered: variant.options, ...apart } : { alone: variant.settings, ...apart }
}

/** Who is slow trains so many times longer. */
function trainingOf({ training, slow }: Schedule): NonNullable<ModelledSwarmOptions['training']> {
  if (slow === undefined) return training
  return (peer) => slower(training, slow[peer]!)
}

function slower(training: Distribution, times: number): Distribution {
  if ('ms' in training) return { ms: times * training.ms }
  return 'uniform' in training ? { uniform: [times * training.uniform[0], times * training.uniform[1]] } : training
}
