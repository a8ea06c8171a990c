/**
 * The protocols of approximate agreement, one round of each: what liars may do in it, what a peer makes of what it
 * heard, and by how much the diameter of the honest values can grow at most (`contractionOf` has the arguments).
 */
import { type AverageBy, type Averaging, contractionOf } from '@hearsay/protocol'
import { minimumDiameterAverage, nearestNeighbourAverage, type Point, trimmedMean } from './averages.ts'

/** What liars can do to one round. */
export interface Freedom {
  /** Whether a liar can tell two peers two values. */
  readonly equivocation: boolean
  /** Whether a peer goes on with f values unheard, and whether any two then share n − f. */
  readonly unheard: 'none' | 'any' | 'witnessed'
}

export interface ContractionProtocol {
  readonly title: string
  freedom(n: number, f: number): Freedom
  /** What a peer with `own` makes of what it heard; undefined when it has too little, and keeps its own. */
  average(own: Point, heard: readonly Point[], n: number, f: number): Point | undefined
  /** The same by the kernels of peers, where `nearestTo` is one's own. */
  by(n: number, f: number, nearestTo: string): AverageBy
  /** Whether each coordinate is treated alone, so that one is as good as many. */
  readonly byCoordinate: boolean
  readonly formula: string
  /** The greatest ratio of diameters, of n and f or of n/f and 1; Infinity, or more than attainable, below the bound. */
  ratio(n: number, f: number): number
  /** Shrinks if and only if n > bound · f. */
  readonly bound: number
}

const equivocating = (unheard: Freedom['unheard']) => (): Freedom => ({ equivocation: true, unheard })

const contraction = (settings: Pick<Averaging, 'method' | 'mode'>) => ({
  formula: contractionOf(settings, 1, 0).formula,
  ratio: (n: number, f: number) => contractionOf(settings, n, f).ratio,
  bound: contractionOf(settings, 1, 0).least,
})

const trimming = {
  average: (_: Point, heard: readonly Point[], __: number, f: number) => trimmedMean(heard, f),
  by: (_: number, tolerated: number) => ({ kind: 'trimmed-mean', tolerated }) as const,
  byCoordinate: true,
}

const choosing = {
  average: (_: Point, heard: readonly Point[], __: number, f: number) => minimumDiameterAverage(heard, f),
  by: (_: number, tolerated: number) => ({ kind: 'mda', tolerated }) as const,
  byCoordinate: false,
}

export const contractionProtocols = {
  'trimmed-mean-synchronous': {
    title: 'trimmed mean, synchronous',
    freedom: equivocating('none'),
    ...trimming,
    ...contraction({ method: 'trimmed-mean', mode: 'synchronous' }),
  },
  // With n ≤ 3f reliable broadcast promises nothing, and liars equivocate.
  'rb-tm': {
    title: 'RB-TM, reliable broadcast, witness',
    freedom: (n, f) => ({ equivocation: n <= 3 * f, unheard: 'witnessed' }),
    ...trimming,
    ...contraction({ method: 'rb-tm', mode: 'asynchronous' }),
  },
  'trimmed-mean-asynchronous': {
    title: 'trimmed mean, asynchronous',
    freedom: equivocating('any'),
    ...trimming,
    ...contraction({ method: 'trimmed-mean', mode: 'asynchronous' }),
  },
  'mda-synchronous': {
    title: 'minimum-diameter averaging, synchronous',
    freedom: equivocating('none'),
    ...choosing,
    ...contraction({ method: 'mda', mode: 'synchronous' }),
  },
  'mda-asynchronous': {
    title: 'minimum-diameter averaging, asynchronous',
    freedom: equivocating('any'),
    ...choosing,
    ...contraction({ method: 'mda', mode: 'asynchronous' }),
  },
  'nna-synchronous': {
    title: 'nearest-neighbour averaging, synchronous',
    freedom: equivocating('none'),
    average: (own, heard, n, f) => nearestNeighbourAverage(own, heard, n - f),
    by: (n, f, nearestTo) => ({ kind: 'nna', nearestTo, keep: n - f }),
    byCoordinate: false,
    ...contraction({ method: 'nna', mode: 'synchronous' }),
  },
  'nna-asynchronous': {
    title: 'nearest-neighbour averaging, asynchronous',
    freedom: equivocating('any'),
    average: (own, heard, n, f) => nearestNeighbourAverage(own, heard, n - 2 * f),
    by: (n, f, nearestTo) => ({ kind: 'nna', nearestTo, keep: n - 2 * f }),
    byCoordinate: false,
    ...contraction({ method: 'nna', mode: 'asynchronous' }),
  },
  // All average the same n values. With n = 2f nothing is left, and all keep their own.
  'trimmed-mean-no-equivocation': {
    title: 'trimmed mean, synchronous, no equivocation',
    freedom: () => ({ equivocation: false, unheard: 'none' }),
    ...trimming,
    formula: '0',
    ratio: (n, f) => (n > 2 * f ? 0 : 1),
    bound: 2,
  },
} as const satisfies Readonly<Record<string, ContractionProtocol>>

export type ProtocolName = keyof typeof contractionProtocols
