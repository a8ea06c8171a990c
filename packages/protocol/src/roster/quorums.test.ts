import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mostThatMayLie, mostTolerated, Quorums, Tally } from './quorums.ts'

const least = (reached: (weight: number) => boolean): number => {
  let weight = 0
  while (!reached(weight)) weight++
  return weight
}

describe('quorums', () => {
  it.each([
    // n, f, echo and certificate, amplify, deliver, available
    [1, 0, 1, 1, 1, 1],
    [4, 1, 3, 2, 3, 3],
    [5, 1, 4, 2, 3, 4],
    [6, 1, 4, 2, 3, 5],
    [7, 2, 5, 3, 5, 5],
    [10, 3, 7, 4, 7, 7],
    [10, 2, 7, 3, 5, 8],
    [100, 33, 67, 34, 67, 67],
  ])('of n = %i and f = %i', (n, f, echo, amplify, deliver, available) => {
    const quorums = Quorums.equal(n, f)
    expect(least((weight) => quorums.echo(weight))).toBe(echo)
    expect(least((weight) => quorums.certificate(weight))).toBe(echo)
    expect(least((weight) => quorums.amplify(weight))).toBe(amplify)
    expect(least((weight) => quorums.deliver(weight))).toBe(deliver)
    expect(least((weight) => quorums.available(weight))).toBe(available)
  })

  it('takes n = 3f+1 and refuses one less', () => {
    for (const f of [0, 1, 2, 3, 33]) {
      expect(Quorums.equal(3 * f + 1, f).total).toBe(3 * f + 1)
      if (f > 0) expect(() => Quorums.equal(3 * f, f)).toThrow(/tolerates at most/)
    }
  })

  it.each([
    [[], 0],
    [[0, 0], 0],
    [[1, 1.5, 1, 1], 1],
    [[1, -1, 4], 1],
    [[1, 1, 1, 1], -1],
    [[1, 1, 1, 1], 0.5],
  ])('refuses weights %j with f = %d', (weights, f) => {
    expect(() => new Quorums(weights, f)).toThrow(RangeError)
  })

  it('what each threshold is for holds for all weights', () => {
    const weights = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(weights, fc.nat(40), (given, most) => {
        const total = given.reduce((sum, weight) => sum + weight, 0)
        const f = Math.min(most, Math.floor((total - 1) / 3))
        const quorums = new Quorums(given, f)
        const echo = least((weight) => quorums.echo(weight))
        // Two quorums share an honest peer; the honest alone are one; a liar alone amplifies nothing.
        expect(2 * echo - total).toBeGreaterThan(f)
        expect(quorums.echo(total - f)).toBe(true)
        expect(quorums.amplify(f)).toBe(false)
        // Whoever delivers heard honest peers enough for everybody to amplify; the honest alone deliver.
        expect(quorums.amplify(least((weight) => quorums.deliver(weight)) - f)).toBe(true)
        expect(quorums.deliver(total - f)).toBe(true)
        expect(quorums.available(total - f)).toBe(true)
      }),
    )
  })

  it('knows the most peers that may lie, and the fewest that stop it, of all sets of peers', () => {
    const weights = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 7 })
    fc.assert(
      fc.property(weights, fc.nat(12), (given, most) => {
        const total = given.reduce((sum, weight) => sum + weight, 0)
        const quorums = new Quorums(given, Math.min(most, mostTolerated(total)))
        const sets = Array.from({ length: 2 ** given.length }, (_, set) =>
          [...given.keys()].filter((at) => (set >> at) & 1),
        )
        const liars = sets.filter((set) => quorums.weigh(set) <= quorums.tolerated).map((set) => set.length)
        expect(quorums.mostLiars).toBe(Math.max(...liars))
        expect(mostThatMayLie(given.map(() => 1))).toBe(Math.floor((given.length - 1) / 3))
        const stopping = sets.filter((set) => quorums.amplify(quorums.weigh(set))).map((set) => set.length)
        const fewest = quorums.fewest((weight) => quorums.amplify(weight))
        expect(fewest).toHaveLength(Math.min(...stopping))
        expect(quorums.amplify(quorums.weigh(fewest))).toBe(true)
      }),
    )
  })

  it('without peers of weight up to F the others are sound, and tolerate what is left', () => {
    const weights = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 2, maxLength: 8 })
    fc.assert(
      fc.property(weights, fc.nat(255), (given, set) => {
        const quorums = new Quorums(given, mostTolerated(given.reduce((sum, weight) => sum + weight, 0)))
        const out = [...given.keys()].filter((peer) => (set >> peer) & 1)
        fc.pre(quorums.weigh(out) <= quorums.tolerated)
        const rest = quorums.without(out)
        expect(rest.total).toBeGreaterThan(3 * rest.tolerated)
        expect(rest.total - rest.tolerated).toBe(quorums.total - quorums.tolerated)
        expect(rest.mostLiars + out.length).toBeLessThanOrEqual(quorums.mostLiars)
        for (let phase = 1; phase <= 20; phase++) expect(out).not.toContain(rest.coordinator(phase))
      }),
    )
  })

  it('counts each peer once, by its weight, and strangers not at all', () => {
    const quorums = new Quorums([3, 1, 1, 2], 2)
    const tally = new Tally()
    expect([tally.count(0, quorums), tally.count(0, quorums), tally.count(3, quorums)]).toEqual([true, false, true])
    expect(tally.weight).toBe(5)
    expect(quorums.weigh([0, 3, 4, -1])).toBe(5)
    expect(quorums.peers).toBe(4)
  })
})
