import { describe, expect, it } from 'vitest'
import { Quorums } from '../roster/quorums.ts'
import { digest, networksOf, sealed } from '../testing/network.ts'
import { Peer } from './peer.ts'
import type { Event } from './step.ts'
import { Vigil, type VigilOptions } from './vigil.ts'

describe('a peer that is proven to have contradicted itself', () => {
  it('halts, with the proof', () => {
    const networks = networksOf(4, 1)
    const timing = { graceMs: 200, timeoutMs: 100, askMs: 300 }
    const peer = new Peer({ network: networks[0]!, self: 0, initial: digest('initial'), timing })
    peer.handle([{ kind: 'start' }], 0)
    const word = (text: string): Event => ({
      kind: 'envelope',
      envelope: sealed(networks, 0, [{ kind: 'init', digest: digest(text) }]),
    })
    const step = peer.handle([word('one'), word('two')], 1)
    expect(step.outputs).toMatchObject([
      { kind: 'evidence', evidence: { culprits: [0] } },
      { kind: 'halted', evidence: { kind: 'equivocation', culprits: [0] } },
    ])
    expect(peer.halted).toBe(true)
    expect(peer.handle([{ kind: 'neighbour', peer: 1 }], 2).asks).toEqual([])
  })
})

describe('vigil', () => {
  const quorums = Quorums.equal(7, 2)
  const vigilOf = (options: Partial<VigilOptions> = {}): Vigil =>
    new Vigil({ quorums, self: 0, memory: 'lost', patienceMs: 1000, ...options })
  const answered = (vigil: Vigil, peers: readonly number[], height = 0): Vigil['state'] => {
    for (const peer of peers) vigil.onAnswer(peer, height, 0)
    return vigil.state
  }

  it('asks n−f peers, itself among them, each of which counts once; strangers and itself count nothing', () => {
    const vigil = vigilOf()
    expect(answered(vigil, [1, 1, 0, 7, -1, 1.5, Number.NaN, 2, 3])).toBe('asking')
    expect(answered(vigil, [4])).toBe('over')
    expect(vigil.muteUntil).toBe(0)
  })

  it('knows whose answer it waits for', () => {
    const vigil = vigilOf()
    for (const peer of [3, 4, 9, 0]) vigil.meet(peer)
    expect(vigil.unanswered()).toEqual([3, 4])
    vigil.onAnswer(3, 0, 0)
    expect(vigil.unanswered()).toEqual([4])
    answered(vigil, [1, 2, 5])
    expect(vigil.unanswered()).toEqual([])
  })

  it('asks again who did not answer in full, once at each height', () => {
    const vigil = vigilOf()
    vigil.meet(3)
    expect([5, 5, 6, 6].map((height) => vigil.asksAgain(3, height))).toEqual([true, false, true, false])
    expect(vigil.asksAgain(4, 5)).toBe(false)
    vigil.onAnswer(3, 7, 0)
    expect(vigil.asksAgain(3, 7)).toBe(false)
  })

  it('is silent until the second round after the newest is certified by words that it heard', () => {
    const vigil = vigilOf()
    vigil.onEnded(8, false, 0)
    expect(answered(vigil, [1, 2, 3, 4], 8)).toBe('silent')
    expect(vigil.muteUntil).toBe(Number.POSITIVE_INFINITY)
    vigil.onEnded(9, true, 0)
    vigil.onEnded(10, false, 0)
    expect(vigil.state).toBe('silent')
    vigil.onEnded(11, true, 0)
    expect(vigil.state).toBe('over')
    expect(vigil.muteUntil).toBe(10)
  })

  it('is silent for longer when somebody who had not answered turns out to be ahead', () => {
    const vigil = vigilOf()
    vigil.onEnded(8, false, 0)
    answered(vigil, [1, 2, 3, 4], 8)
    answered(vigil, [4], 20)
    answered(vigil, [5], 50)
    vigil.onEnded(51, true, 0)
    expect(vigil.state).toBe('silent')
    vigil.onEnded(52, true, 0)
    expect(vigil.state).toBe('over')
  })

  it('is silent no longer when one that had answered answers again, or a stranger does', () => {
    const vigil = vigilOf()
    vigil.onEnded(8, false, 0)
    answered(vigil, [1, 2, 3, 4], 8)
    answered(vigil, [1, 4, 0, 9], 9)
    vigil.onEnded(10, true, 0)
    expect(vigil.state).toBe('over')
  })

  it('minds being behind only when memory is lost, and unknown words always', () => {
    const kept = vigilOf({ memory: 'kept' })
    kept.onEnded(8, false, 0)
    expect(answered(kept, [1, 2, 3, 4], 8)).toBe('over')
    for (const memory of ['whole', 'kept', 'lost'] as const) {
      const vigil = vigilOf({ memory })
      vigil.onUnknownWord(9, 8, 0)
      expect(answered(vigil, [1, 2, 3, 4], 8)).toBe('silent')
      vigil.onEnded(9, true, 0)
      expect(vigil.state).toBe('silent')
      vigil.onEnded(10, true, 0)
      expect(vigil.state).toBe('over')
      vigil.onUnknownWord(13, 10, 0)
      expect(vigil.news()).toMatchObject({ state: 'silent', until: 14, why: 'unknown words' })
    }
    const heedless = vigilOf({ memory: 'heedless' })
    heedless.onUnknownWord(9, 8, 0)
    expect(heedless.state).toBe('over')
  })

  it('asks again when the network stands still, and then minds unknown words alone', () => {
    const vigil = vigilOf()
    vigil.onEnded(8, false, 0)
    answered(vigil, [1, 2, 3, 4], 8)
    vigil.onEnded(9, true, 600)
    expect([vigil.onTime(1599), vigil.state]).toEqual([false, 'silent'])
    expect([vigil.onTime(1600), vigil.state]).toEqual([true, 'asking'])
    expect(answered(vigil, [1, 2, 3], 9)).toBe('asking')
    expect(answered(vigil, [4], 9)).toBe('over')
    expect(vigil.muteUntil).toBe(0)
  })

  it('tells what has changed, once', () => {
    const vigil = vigilOf()
    expect(vigil.news()).toEqual({ kind: 'vigil', state: 'asking', until: 0 })
    expect(vigil.news()).toBeUndefined()
    answered(vigil, [1, 2, 3, 4])
    expect(vigil.news()).toEqual({ kind: 'vigil', state: 'over', until: 0 })
    expect(vigilOf({ memory: 'whole' }).news()).toBeUndefined()
  })
})
