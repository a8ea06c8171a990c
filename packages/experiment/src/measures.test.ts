import type { DriverEvent } from '@hearsay/peer'
import { type Certificate, endedBy } from '@hearsay/protocol'
import { expect, test } from 'vitest'
import { forkedRounds, largestDistance, outsideTraining } from './measures.ts'
import { Observation } from './observation.ts'

function certificate(round: number, digest: string): Certificate {
  const checkpoint = { round, previous: '', members: [], rule: '', model: `model ${digest}` }
  return { checkpoint, bytes: new Uint8Array(), digest, signatures: new Map() }
}

type Output = Extract<DriverEvent, { readonly kind: 'output' }>['output']

function ended(by: Certificate): Output {
  return { kind: 'round-ended', members: by.checkpoint.members, ...endedBy(by) }
}

interface Made {
  readonly round: number
  readonly digest?: string
  /** Ms of training, and of all. */
  readonly trainedMs?: number
  readonly tookMs: number
}

function observe(rounds: readonly Made[]): Observation {
  const observation = new Observation()
  let nowMs = 1000
  for (const { round, digest = 'a', trainedMs, tookMs } of rounds) {
    observation.on({ kind: 'output', output: { kind: 'round', round }, nowMs })
    if (trainedMs !== undefined) observation.on({ kind: 'trained', round, tookMs: trainedMs, nowMs: nowMs + trainedMs })
    nowMs += tookMs
    observation.on({ kind: 'output', output: ended(certificate(round, digest)), nowMs })
  }
  return observation
}

test('forks are rounds with different certificates', () => {
  const observed = [
    observe([1, 2, 3].map((round) => ({ round, digest: `${round}`, tookMs: 1 }))),
    observe([1, 2].map((round) => ({ round, digest: `${round}${round > 1 ? 'x' : ''}`, tookMs: 1 }))),
  ]
  expect([...forkedRounds(observed)]).toEqual([2])
  expect(forkedRounds(observed.slice(0, 1)).size).toBe(0)
})

test('the largest distance between models', () => {
  const [zero, one, far] = [new Float32Array(2), new Float32Array([0, 1]), new Float32Array([3, 4])]
  expect(largestDistance([zero])).toBe(0)
  expect(largestDistance([zero, one, far])).toBe(5)
  expect(largestDistance([zero, new Float32Array([Number.NaN, 0])])).toBeNull()
  // Everybody holds it: nobody disagrees.
  expect(largestDistance([new Float32Array([Number.NaN, 0])])).toBe(0)
})

test('time outside training runs from the last trained to the last certified', () => {
  const quick = observe([{ round: 1, trainedMs: 10, tookMs: 100 }])
  const slow = observe([{ round: 1, trainedMs: 40, tookMs: 120 }])
  expect(outsideTraining([quick, slow])).toEqual([80])
  expect(outsideTraining([quick, observe([])])).toEqual([])
})

test('the parts of a round follow each other and add up', () => {
  const observation = new Observation()
  const at = (nowMs: number) => ({
    begin: () => observation.on({ kind: 'output', output: { kind: 'round', round: 1 }, nowMs }),
    trained: () => observation.on({ kind: 'trained', round: 1, tookMs: 20, nowMs }),
    held: () => observation.on({ kind: 'held', round: 1, nowMs }),
    agreed: () => observation.on({ kind: 'output', output: { kind: 'agreed', round: 1, members: [] }, nowMs }),
    aggregated: () => observation.on({ kind: 'aggregated', round: 1, tookMs: 5, nowMs }),
    certified: () => observation.on({ kind: 'output', output: ended(certificate(1, 'a')), nowMs }),
  })
  at(100).begin()
  at(110).held()
  at(120).trained()
  at(150).held()
  at(160).agreed()
  // Too late to be of use.
  at(162).held()
  at(166).aggregated()
  at(200).certified()
  expect(observation.rounds[0]!.timeMs).toEqual({
    training: 20,
    exchange: 30,
    agreement: 45,
    aggregation: 5,
    total: 100,
  })
})

test('a peer that still trains when others certify has trained all the time; one that was not there has no times', () => {
  expect(observe([{ round: 1, tookMs: 70 }]).rounds[0]!.timeMs).toEqual({
    training: 70,
    exchange: 0,
    agreement: 0,
    aggregation: 0,
    total: 70,
  })
  const absent = new Observation()
  absent.on({ kind: 'output', output: ended(certificate(1, 'a')), nowMs: 5 })
  absent.on({ kind: 'trained', round: 1, tookMs: 9, nowMs: 9 })
  expect(absent.rounds).toMatchObject([{ round: 1, timeMs: undefined, trainedMs: undefined }])
  expect(absent.height).toBe(1)
})
