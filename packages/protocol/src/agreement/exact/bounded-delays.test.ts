/** Termination of binary agreement when every message takes at most δ, whoever chooses how long, and whatever liars say. */
import { describe, expect, it } from 'vitest'
import { Quorums } from '../../roster/quorums.ts'
import { randomFrom } from '../../testing/exchange.ts'
import { lastPhaseOf, other, parity, runScheme, Scheme } from '../../testing/scheme.ts'
import { TimedCouncil as Council, type Vote } from '../../testing/timed-council.ts'
import type { Bit, BitSet } from '../../words/statements.ts'

describe('binary agreement while delays are bounded', () => {
  it('ends though a liar hurries one peer out of each phase, and with it all others', () => {
    // Peer 3 lies. In each phase one peer, who coordinates the next or would, hears the coordinator late and the bit that
    // can be decided alone; so it leaves with the other bit, and its EST with that of the liar hurries the others.
    const coordinator = (phase: number): number => (phase - 1) % 4
    const victim = (phase: number): number => (coordinator(phase + 1) === 3 ? 0 : coordinator(phase + 1))
    const herald = (phase: number): number => [0, 1, 2].find((peer) => peer !== victim(phase))!
    const slowMs = 20
    const lied = new Set<number>()
    const lie = ({ phase }: Vote, council: Council): void => {
      if (lied.has(phase)) return
      lied.add(phase)
      const vote = { instance: 0, phase }
      for (let to = 0; to < 3; to++) {
        const hurried = to === victim(phase)
        council.tell(3, to, { kind: 'estimate', ...vote, value: other(phase) })
        if (to !== coordinator(phase)) council.tell(3, to, { kind: 'estimate', ...vote, value: parity(phase) })
        const values = (1 << (hurried ? parity(phase) : other(phase))) as BitSet
        council.tell(3, to, { kind: 'auxiliary', ...vote, values })
        if (coordinator(phase) === 3 && !hurried)
          council.tell(3, to, { kind: 'coordinate', ...vote, value: other(phase) })
      }
      council.tell(3, victim(phase), { kind: 'estimate', instance: 0, phase: phase + 1, value: other(phase + 1) })
    }
    const late = (from: number, to: number, { kind, phase, ...vote }: Vote): boolean => {
      if (kind === 'coordinate') return to === victim(phase)
      if (kind !== 'estimate' || !('value' in vote)) return false
      if (phase === 1) return to === 1 && vote.value === 0
      return vote.value === parity(phase) && to === coordinator(phase) && from !== herald(phase - 1)
    }
    const council = new Council({
      quorums: Quorums.equal(4, 1),
      inputs: [0, 1, 0],
      timeoutMs: 1000,
      delayMs: (from, to, vote) => (late(from, to, vote) ? slowMs : 1),
      heard: lie,
    })
    council.run(() => council.lastPhase > 100)
    expect(council.allDecided).toBe(true)
    expect(council.lastPhase).toBeLessThanOrEqual(lastPhaseOf(Quorums.equal(4, 1), slowMs, 1000))
  })

  it.each([
    [4, 1, 1500],
    [5, 1, 500],
    [6, 1, 300],
    [7, 2, 400],
    [9, 2, 150],
    [10, 3, 150],
  ])(
    'ends by the phase that the argument gives, n = %i, f = %i, against liars who see all and choose delays',
    (n, f, runs) => {
      let longRuns = 0
      for (let seed = 0; seed < runs; seed++) {
        const { wrong, lastPhase } = runScheme(Quorums.equal(n, f), seed)
        expect(wrong, `seed ${seed}`).toBeUndefined()
        if (lastPhase > 3) longRuns++
      }
      expect(longRuns).toBeGreaterThan(runs / 50)
    },
  )

  it.each([
    [[1, 1, 2, 1], 1, 400],
    [[3, 1, 2, 2], 2, 400],
    [[3, 2, 2, 1], 2, 400],
    [[12, 9, 8, ...Array<number>(9).fill(1)], 9, 60],
  ])('ends so by weight too, of %j with f = %i', (weights, f, runs) => {
    let longRuns = 0
    for (let seed = 0; seed < runs; seed++) {
      const { wrong, lastPhase } = runScheme(new Quorums(weights, f), seed)
      expect(wrong, `seed ${seed}`).toBeUndefined()
      if (lastPhase > 3) longRuns++
    }
    expect(longRuns).toBeGreaterThan(runs / 50)
  })

  it.each([
    [4, 1, 600],
    [7, 2, 150],
    [10, 3, 60],
  ])(
    'ends when f peers were cut off for many phases, and what others have forgotten comes no more, n = %i, f = %i',
    (n, f, runs) => {
      let farApart = 0
      for (let seed = 0; seed < runs; seed++) {
        const random = randomFrom(seed)
        const scheme = new Scheme(Quorums.equal(n, f), f, random)
        const quietly = random(1) === 0
        const mixing = new Mixing(n, f, scheme.timeoutMs, () => random(19) === 0)
        let healed = false
        const council: Council = new Council({
          quorums: Quorums.equal(n, f),
          inputs: [0, ...Array<Bit>(f).fill(1), ...Array.from({ length: f }, () => random(1) as Bit)],
          timeoutMs: scheme.timeoutMs,
          delayMs: (from, to, vote) => (healed ? scheme : mixing).delayMs(from, to, vote),
          heard: (vote, it, from) => {
            if (!healed) mixing.lie(vote, it, from)
            else if (!quietly) scheme.lie(vote, it, from)
          },
        })
        const until = 2 + random(18)
        council.run(() => council.lastPhase === until)
        expect(council.lastPhase, `seed ${seed}`).toBe(until)
        const before = council.agreements.map(({ horizon }) => horizon)
        if (Math.max(...before) - Math.min(...before) > 6) farApart++
        healed = true
        for (let at = 0; at < 200; at++) council.at(council.nowMs + 500 * at, () => council.repeat())
        council.run(() => council.lastPhase > 60)
        expect(council.allDecided, `seed ${seed}`).toBe(true)
        expect(new Set(council.decided).size, `seed ${seed}`).toBe(1)
      }
      expect(farApart).toBeGreaterThan(runs / 3)
    },
  )
})

/**
 * The first f+1 honest peers and the liars keep their estimates mixed, phase after phase, while the other f honest ones are
 * cut off but for a few words: all hear the bit that cannot be decided first, and say AUX of it; then liars help one
 * to leave with it, and show the others the other bit.
 */
class Mixing {
  readonly #n: number
  readonly #f: number
  readonly #timeoutMs: number
  readonly #passes: () => boolean

  constructor(n: number, f: number, timeoutMs: number, passes: () => boolean) {
    this.#n = n
    this.#f = f
    this.#timeoutMs = timeoutMs
    this.#passes = passes
  }

  delayMs(from: number, to: number, vote: Vote): number | undefined {
    if ((from > this.#f || to > this.#f) && !this.#passes()) return undefined
    return vote.kind === 'estimate' && vote.value === parity(vote.phase) ? 3 * this.#timeoutMs * vote.phase : 1
  }

  lie({ kind, phase }: Vote, council: Council, from: number): void {
    if (from > this.#f) return
    const vote = { instance: 0, phase }
    for (let liar = 2 * this.#f + 1; liar < this.#n; liar++) {
      if (kind === 'estimate')
        for (let to = 0; to <= this.#f; to++) council.tell(liar, to, { kind: 'estimate', ...vote, value: other(phase) })
      if (kind !== 'auxiliary') continue
      council.tell(liar, from, { kind: 'estimate', ...vote, value: parity(phase) })
      const bit = from === 0 ? other(phase) : parity(phase)
      council.tell(liar, from, { kind: 'auxiliary', ...vote, values: (1 << bit) as BitSet })
    }
  }
}
