/**
 * A schedule: everything that one explored run depends on, as plain data, drawn from a seed. Liars weigh at most f.
 */
import { type Behaviour, protocolAttacks } from '@hearsay/adversary'
import { type RandomStream, shuffle } from '@hearsay/catalogue/random'
import { inHalves, mostTolerated } from '@hearsay/protocol'
import type { LinkOptions } from '@hearsay/virtual'
import { type Distribution, longest, randomStream } from '@hearsay/virtual'
import { drawChange } from './change.ts'
import { type Pausing, withPauses } from './schedule-pauses.ts'
import { type Variant, withVariant } from './schedule-variants.ts'
import { type Vouching, withVouches } from './schedule-vouches.ts'
import { sum } from './sum.ts'

export interface Schedule {
  /** Of all that is drawn while it runs. */
  readonly seed: number
  readonly peers: number
  readonly tolerated: number
  /** Of the peers; each weighs 1 when left out. */
  readonly weights?: readonly number[]
  /** In every so manieth round those who are proven to lie lose their weight. */
  readonly evictEvery?: number
  /** How weights follow vouches; they do not unless given. */
  readonly vouching?: Vouching | undefined
  /** How pauses count, and who pauses; nobody unless given. */
  readonly pausing?: Pausing | undefined
  /** What is agreed on, and how, where that is not whole updates of one model. */
  readonly variant?: Variant | undefined
  /** By position, how many times longer a peer trains. */
  readonly slow?: readonly number[] | undefined
  readonly rounds: number
  /** By position; `twins` and `schemer` are here only, the other behaviours are those of scenarios. */
  readonly liars: readonly { readonly peer: number; readonly behaviour: Behaviour }[]
  readonly links: LinkOptions
  /** Each peer is linked with so many others at least; left out, with all. */
  readonly degree?: number
  /** The most by which the adversary makes a message between honest peers late: it draws from 0 to this for each. */
  readonly delayMs: number
  readonly training: Distribution
  /** How long a peer takes for a step. */
  readonly stepMs: number
  readonly oneByOne: boolean
  /** Two sides that hear nothing of each other; liars in `bridges` are on both. One after the other. */
  readonly partitions: readonly {
    readonly fromMs: number
    readonly untilMs: number
    readonly side: readonly number[]
    readonly bridges: boolean
  }[]
  readonly crashes: readonly {
    readonly peer: number
    readonly atMs: number
    readonly forMs: number
    /** It loses what it stored, and what it said with it. */
    readonly forgets?: boolean
  }[]
  /** From then on all links are up and lose nothing, and all peers run. */
  readonly healMs: number
}

/** Of all explored peers. */
export const timing = { graceMs: 200, timeoutMs: 100, askMs: 500 } as const

/**
 * Small swarms are many times as fast, and have every threshold too. A fifth have more peers than 3f+1: there quorums of
 * (n+f)/2, n−f and 2f+1 are not the same.
 */
function drawSize(random: RandomStream): { readonly peers: number; readonly tolerated: number } {
  const share = random.uniform()
  const tolerated = share < 0.9 ? 1 : share < 0.97 ? 2 : share < 0.99 ? 3 : 4
  const more = random.uniform() < 0.2 ? 1 + random.below(2) : 0
  return { peers: 3 * tolerated + 1 + more, tolerated }
}

/** Calm links, and liars who choose what comes late over them: see `hurry`. Such schedules are quick to run. */
const shareOfSchemes = 0.4

/** What schedules are drawn of: exact agreement as it comes, with peers of unlike weight each time, with pauses each time; or another agreement. */
export const kinds = ['any', 'weighted', 'pauses', 'ordered', 'each-for-itself', 'holes'] as const
export type Kind = (typeof kinds)[number]

/**
 * A third of `any`, and each `weighted`, has peers of unlike weight, which follow vouches in half of these; in a quarter, and in all
 * of `pauses`, peers pause.
 */
export function drawSchedule(seed: number, kind: Kind = 'any'): Schedule {
  if (kind === 'ordered' || kind === 'each-for-itself' || kind === 'holes') return withVariant(drawEqual(seed), kind)
  const pauses = randomStream(seed, 'pauses')
  const drawn = drawUnlike(seed, kind === 'weighted')
  if (kind === 'pauses') return withPauses(drawn, pauses, true)
  return pauses.uniform() < 0.25 ? withPauses(drawn, pauses) : drawn
}

function drawUnlike(seed: number, weighted: boolean): Schedule {
  const drawn = drawEqual(seed)
  const random = randomStream(seed, 'weights')
  if (!weighted && random.uniform() >= 1 / 3) return drawn
  const unlike = withWeights(drawn, random)
  const vouches = randomStream(seed, 'vouches')
  return vouches.uniform() < 0.5 ? withVouches(unlike, vouches) : unlike
}

function drawEqual(seed: number): Schedule {
  const drawn = drawAny(seed)
  const random = randomStream(seed, 'scheme')
  if (drawn.liars.length > 0 && random.uniform() < shareOfSchemes) return withScheme(drawn, random)
  const forgets = randomStream(seed, 'forgets')
  return drawn.liars.length < drawn.tolerated && forgets.uniform() < 0.5 ? withLoss(drawn, forgets) : drawn
}

/**
 * One honest peer loses what it stored, who counts among the f while it is silent. What is promised to it (vigil.ts) asks that
 * what it said has arrived by then, so nothing is lost on the way, and it is down for longer than messages take.
 */
function withLoss(schedule: Schedule, random: RandomStream): Schedule {
  const { peers, liars, links, delayMs, stepMs } = schedule
  const honest = Array.from({ length: peers }, (_, peer) => peer).filter(
    (peer) => !liars.some((liar) => liar.peer === peer),
  )
  const peer = pick(random, honest)
  const forMs = 3 * (longest(links.latency) + delayMs + 2 * stepMs) + 100
  const atMs = random.below(800)
  const { bytesPerSecond: _, ...unlimited } = links
  return {
    ...schedule,
    links: { ...unlimited, loss: 0 },
    partitions: [],
    crashes: [{ peer, atMs, forMs, forgets: true }],
    healMs: Math.max(schedule.healMs, atMs + forMs + 1),
  }
}

/**
 * The same with weights, and sometimes more liars: they may be most of the heads, and weigh f at most, with whoever loses what it
 * stored. Who is honest is made heavier until that can be.
 */
function withWeights(schedule: Schedule, random: RandomStream): Schedule {
  const { peers, liars, crashes, partitions } = schedule
  const weights = Array.from({ length: peers }, () => (random.uniform() < 0.5 ? 1 : 1 + random.below(6)))
  const [pattern] = liars
  const forgets = new Set(crashes.flatMap((crash) => (crash.forgets ? [crash.peer] : [])))
  // One is honest in any case.
  const [, ...others] = [...weights.keys()].filter(
    (peer) => !forgets.has(peer) && !liars.some((liar) => liar.peer === peer),
  )
  const more = others.filter(() => pattern !== undefined && random.uniform() < 0.25)
  const all = [...liars, ...more.map((peer) => ({ peer, behaviour: pattern!.behaviour }))]
  const isHonest = (peer: number): boolean => !all.some((liar) => liar.peer === peer)
  const honest = [...weights.keys()].filter((peer) => isHonest(peer) && !forgets.has(peer))
  const lying = sum([...weights.keys()].flatMap((peer) => (honest.includes(peer) ? [] : [weights[peer]!])))
  while (sum(weights) <= 3 * lying) weights[pick(random, honest)]!++
  const most = mostTolerated(sum(weights))
  const halves = all.some(({ behaviour }) => behaviour.behaviour === 'split-brain')
  const [half] = inHalves([...weights.keys()].filter(isHonest), weights)
  // Half of them long enough for weights to change, mostly with somebody who is proven to lie.
  const evicts = random.uniform() < 0.5
  const change = drawChange(random, peers)
  const [first, ...rest] = all
  const proven = evicts && first !== undefined && random.uniform() < 0.7
  return {
    ...schedule,
    ...(evicts && { evictEvery: change.every, rounds: change.rounds }),
    weights,
    tolerated: random.uniform() < 0.5 ? most : lying + random.below(most - lying + 1),
    liars: proven ? [{ peer: first.peer, behaviour: { behaviour: 'equivocate' } }, ...rest] : all,
    partitions: partitions.map((partition) => ({
      ...partition,
      side: halves ? half : partition.side.filter(isHonest),
    })),
    crashes: crashes.filter(({ peer }) => isHonest(peer)),
  }
}

/** The same peers, but all liars follow one scheme, and nothing else disturbs the network. */
function withScheme({ degree: _, ...schedule }: Schedule, random: RandomStream): Schedule {
  const behaviour = { behaviour: 'hurry', delayMs: 10 + random.below(51), scheme: random.below(2 ** 31) }
  return {
    ...schedule,
    rounds: 1,
    liars: schedule.liars.map(({ peer }) => ({ peer, behaviour })),
    links: { latency: { ms: 1 + random.below(3) }, loss: 0, duplication: 0, reordering: 0 },
    delayMs: 0,
    stepMs: 0,
    oneByOne: true,
    partitions: [],
    crashes: [],
    healMs: 0,
  }
}

function drawAny(seed: number): Schedule {
  const random = randomStream(seed, 'schedule')
  const chance = (probability: number): boolean => random.uniform() < probability
  const between = (least: number, most: number): number => least + random.below(most - least + 1)
  const { peers, tolerated } = drawSize(random)
  const positions = shuffle([...Array(peers).keys()], random.below)
  const count = chance(0.6) ? tolerated : between(0, tolerated)
  const behaviour = drawBehaviour(random, peers)
  const alike = chance(0.5)
  const liars = positions
    .slice(0, count)
    .map((peer) => ({ peer, behaviour: alike ? behaviour : drawBehaviour(random, peers) }))
  const honest = positions.slice(count)
  const healMs = between(0, 2500)
  const halves = liars.some((liar) => liar.behaviour.behaviour === 'split-brain')
  return {
    seed,
    peers,
    tolerated,
    rounds: chance(0.7) ? 1 : 2,
    liars,
    links: {
      latency: drawLatency(random),
      bytesPerSecond: chance(0.1) ? between(20_000, 500_000) : undefined,
      loss: chance(0.3) ? between(1, 30) / 100 : 0,
      duplication: chance(0.3) ? between(1, 50) / 100 : 0,
      reordering: chance(0.5) ? between(1, 100) / 100 : 0,
    },
    // More than f neighbours: with fewer, liars alone could stand around an honest peer.
    ...(peers > 4 && chance(0.2) ? { degree: between(2 * tolerated + 1, peers - 1) } : {}),
    delayMs: chance(0.4) ? between(10, 600) : 0,
    training: { uniform: [between(0, 50), between(50, 300)] },
    stepMs: chance(0.3) ? between(1, 30) : 0,
    oneByOne: chance(0.3),
    partitions: drawPartitions(random, honest, healMs, halves),
    crashes: honest
      .filter(() => chance(0.15))
      .flatMap((peer) =>
        Array.from({ length: between(1, 2) }, (_, at) => ({
          peer,
          atMs: at * 1000 + between(0, 800),
          forMs: between(0, 800),
        })),
      ),
    healMs,
  }
}

function pick<T>(random: RandomStream, list: readonly T[]): T {
  return list[random.below(list.length)]!
}

function drawLatency(random: RandomStream): Distribution {
  const ms = 1 + random.below(80)
  return pick<Distribution>(random, [{ ms }, { uniform: [1, 1 + 2 * ms] }, { medianMs: ms }])
}

/** Any behaviour that scenarios know, with options around those that matter in a few rounds; or twins. */
function drawBehaviour(random: RandomStream, peers: number): Behaviour {
  const between = (least: number, most: number): number => least + random.below(most - least + 1)
  // A flood takes ten times as long to run as any other.
  const names = [...protocolAttacks.keys()].filter((name) => name !== 'flood' || random.uniform() < 0.2)
  const behaviour = pick(random, ['twins', 'twins', ...names])
  const options: Record<string, () => Record<string, unknown>> = {
    crash: () => ({ round: between(1, 2) }),
    withhold: () => ({ servesTo: between(0, peers) }),
    selective: () => ({ reaches: between(1, peers) }),
    stale: () => ({ rounds: 1 }),
    flood: () => ({ perSecond: between(100, 300) }),
    pester: () => ({ perSecond: between(10, 100) }),
    drip: () => ({ to: pick(random, ['rest', 'all']), chunkMs: between(100, 9900) }),
    late: () => ({ delayMs: between(10, 2000) }),
    rushing: () => ({ waitMs: between(10, 1000) }),
    hurry: () => ({ delayMs: between(10, 60), scheme: random.below(2 ** 31) }),
    'targeted-delay': () => ({ delayMs: between(10, 600), waitMs: between(10, 600) }),
  }
  return { behaviour, ...options[behaviour]?.() }
}

function drawPartitions(
  random: RandomStream,
  honest: readonly number[],
  healMs: number,
  halves: boolean,
): Schedule['partitions'] {
  const partitions: Schedule['partitions'][number][] = []
  let fromMs = 0
  for (let at = 0; at < 2 && random.uniform() < (halves ? 0.8 : 0.3) && fromMs < healMs; at++) {
    const startMs = at === 0 && random.uniform() < 0.5 ? 0 : fromMs + random.below(1000)
    const untilMs = startMs + random.below(2500)
    // A coalition that tells two stories divides the honest peers in the order of the roster.
    const sorted = [...honest].sort((a, b) => a - b)
    const half = Math.ceil(sorted.length / 2)
    const side = halves ? sorted.slice(0, half) : sorted.filter(() => random.uniform() < 0.5)
    partitions.push({ fromMs: startMs, untilMs, side, bridges: halves || random.uniform() < 0.5 })
    fromMs = untilMs
  }
  return partitions
}
