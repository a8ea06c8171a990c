import { digestOfVector, type Result } from '@hearsay/protocol'
import { describe, expect, it } from 'vitest'
import { OwnVectors } from './own-vectors.ts'
import { Performer } from './performer.ts'
import type { WorkEvent } from './performer-options.ts'
import type { Training, Vector } from './ports.ts'
import { MomentumInMemory, withMomentum } from './worker-momentum.ts'

const initial = new Float32Array(2)
const model = digestOfVector(initial)

/** A peer whose training ends when a test says so, and whose operator is the test. */
function performer() {
  const trainings: { training: Training; end: (update: Vector) => void }[] = []
  const hearing = new Set<() => void>()
  const results: Result[] = []
  const told: WorkEvent[] = []
  let paused = false
  const momentum = new MomentumInMemory()
  const inner = {
    train: (training: Training, end: (update: Vector) => void): void => void trainings.push({ training, end }),
  }
  const it = new Performer({
    self: 1,
    carrier: { pull: () => expect.unreachable() },
    clock: { nowMs: () => 0, after: () => () => {} },
    vectors: new OwnVectors({ rule: { rule: 'mean', tolerated: 0 }, peers: 4, initial, pauses: true }),
    trainer: withMomentum(inner, 0.5, momentum),
    pausing: {
      isPaused: () => paused,
      onChange: (changed) => {
        hearing.add(changed)
        return () => hearing.delete(changed)
      },
    },
    holders: () => [],
    watch: (event) => void told.push(event),
  })
  return {
    trainings,
    results,
    told,
    momentum,
    hearing,
    train: (round: number, executed: number): void => {
      it.beginRound(round)
      it.perform(
        { id: round, kind: 'train', round, executed, mayPause: true, model },
        (result) => results.push(result),
        () => expect.unreachable(),
      )
    },
    say: (pauses: boolean): void => {
      paused = pauses
      for (const changed of [...hearing]) changed()
    },
  }
}

describe('a pause of a peer', () => {
  it('acts at once while it trains: nothing of what it trained is left', () => {
    const peer = performer()
    peer.train(1, 1)
    expect(peer.results).toEqual([])
    peer.say(true)
    expect(peer.results).toEqual([{ kind: 'paused' }])
    expect(peer.trainings[0]!.training.signal.aborted).toBe(true)
    peer.trainings[0]!.end(Float32Array.of(1, 1))
    expect(peer.results).toHaveLength(1)
    expect(peer.momentum.before(10)).toBeUndefined()
    expect(peer.told).toEqual([{ kind: 'paused', round: 1, nowMs: 0 }])
    expect(peer.hearing.size).toBe(0)
  })

  it('lasts until it is ended: a round that begins meanwhile is not trained', () => {
    const peer = performer()
    peer.say(true)
    for (const round of [1, 2, 3]) peer.train(round, 1)
    expect(peer.results).toEqual(Array(3).fill({ kind: 'paused' }))
    expect(peer.trainings).toEqual([])
    peer.say(false)
    peer.train(4, 1)
    expect(peer.trainings.map(({ training }) => [training.round, training.executed])).toEqual([[4, 1]])
  })

  it('begins with the next round once the update is made: nobody is told two things', () => {
    const peer = performer()
    peer.train(1, 1)
    peer.trainings[0]!.end(Float32Array.of(1, 1))
    peer.say(true)
    expect(peer.results.map(({ kind }) => kind)).toEqual(['trained'])
    peer.train(2, 2)
    expect(peer.results.map(({ kind }) => kind)).toEqual(['trained', 'paused'])
  })

  it('freezes momentum, which counts executed rounds', () => {
    const sent = (pauses: readonly boolean[]): unknown[] => {
      const peer = performer()
      let executed = 1
      for (const [at, isPaused] of pauses.entries()) {
        peer.say(isPaused)
        peer.train(at + 1, executed)
        if (isPaused) continue
        peer.trainings.at(-1)!.end(Float32Array.of(1, executed++))
      }
      return peer.results.filter(({ kind }) => kind === 'trained')
    }
    expect(sent([false, true, true, false, true, false])).toEqual(sent([false, false, false]))
  })
})
