import { agreementSchema, checkAgreement } from '@hearsay/scenario'
import { describe, expect, it } from 'vitest'
import { smallCell } from '../testing/cells.ts'

const check = (agreement: unknown, peers: number, tolerated: number): string[] =>
  checkAgreement({ agreement: agreementSchema().parse(agreement), peers, tolerated }).map(({ message }) => message)

describe('agreement in a scenario', () => {
  it('is exact when nothing is said, averaging in a word, and either with its own options', () => {
    expect(smallCell([]).parameters.agreement).toEqual({ kind: 'exact', graceMs: 50, timeoutMs: 100 })
    expect(smallCell(['agreement=averaging']).parameters.agreement).toEqual({
      kind: 'averaging',
      method: 'rb-tm',
      mode: 'asynchronous',
      heterogeneous: true,
      graceMs: 250,
      beyond: false,
    })
    // What else the scenario says of agreement stays.
    expect(smallCell(['agreement.kind=averaging']).parameters.agreement).toMatchObject({ method: 'rb-tm', graceMs: 50 })
    expect(smallCell(['agreement=exact']).parameters.agreement).toMatchObject({ kind: 'exact', graceMs: 250 })
  })

  it.each([
    [{ kind: 'exact' }, 3],
    [{ kind: 'averaging' }, 3],
    [{ kind: 'averaging', method: 'trimmed-mean', mode: 'synchronous' }, 3],
    [{ kind: 'averaging', method: 'trimmed-mean' }, 5],
    [{ kind: 'averaging', method: 'mda', mode: 'synchronous' }, 4],
    [{ kind: 'averaging', method: 'mda' }, 6],
    [{ kind: 'averaging', method: 'nna', mode: 'synchronous' }, 5],
    [{ kind: 'averaging', method: 'nna' }, 7],
  ])('%o needs n > %i f, and says what to set', (agreement, least) => {
    for (const f of [0, 1, 2, 3]) expect(check(agreement, least * f + 1, f)).toEqual([])
    const [message, ...others] = check(agreement, least * 2, 2)
    expect(others).toEqual([])
    expect(message).toContain(`n >= ${least}f + 1`)
    expect(message).toContain(`set tolerated to at most 1, or peers to at least ${2 * least + 1}`)
  })

  it('goes beyond a bound when asked to, but never below n = 3f + 1', () => {
    const beyond = { kind: 'averaging', method: 'mda', beyond: true }
    expect(check(beyond, 10, 3)).toEqual([])
    expect(check(beyond, 9, 3)).toHaveLength(1)
  })

  it('counts weight where it is exact, and peers where it averages', () => {
    const weights = [3, 1, 1, 1, 1]
    const weighing = (agreement: unknown, tolerated: number): string[] =>
      checkAgreement({ agreement: agreementSchema().parse(agreement), peers: 5, tolerated, weights }).map(
        ({ message }) => message,
      )
    expect(weighing({ kind: 'exact' }, 2)).toEqual([])
    expect(weighing({ kind: 'exact' }, 3)).toEqual([expect.stringContaining('set tolerated to at most 2')])
    expect(weighing({ kind: 'averaging' }, 1)).toEqual([expect.stringContaining('counts peers: leave weights out')])
    expect(() => smallCell(['weights=[1, 2]'])).toThrow(/weights: expected one for each of 4 peers, found 2/)
    const heavy = ['weights=[3, 1, 1, 1, 1]', 'peers=5', 'tolerated=2']
    expect(smallCell(heavy).parameters).toMatchObject({ tolerated: 2, aggregation: { rule: 'trimmed-mean' } })
    expect(() => smallCell([...heavy, 'aggregation={ rule: krum }'])).toThrow(
      /aggregation.rule: .*krum.*n = 7, f = 2 in weight, of which one has 3,.*5 peers agree on 5 to 7 by weight/,
    )
    expect(() => smallCell([...heavy, 'aggregation={ rule: meamed }'])).toThrow(
      /aggregation.rule: Rule "meamed" counts updates, and refuses weights that differ/,
    )
    expect(smallCell(['weights=[3, 1, 1, 1]', 'tolerated=1']).parameters.weights).toEqual([3, 1, 1, 1])
  })

  it('has a pace, slower than which nothing stalls', () => {
    expect(smallCell(['agreement.roundMs=500']).parameters.agreement).toMatchObject({ roundMs: 500 })
    expect(smallCell(['agreement={ kind: averaging, roundMs: 5 }']).parameters.agreement).toMatchObject({ roundMs: 5 })
    expect(() => smallCell(['agreement.roundMs=5000', 'stallMs=5000'])).toThrow(
      /agreement.roundMs: .*5000 ms, and would/,
    )
  })

  it('has no synchronous RB-TM', () => {
    expect(check({ kind: 'averaging', mode: 'synchronous' }, 4, 1)).toEqual([expect.stringContaining('set mode to')])
  })

  it('is refused with the line it stands on', () => {
    expect(() => smallCell(['agreement={ kind: averaging, method: mda }'])).toThrow(/n >= 6f \+ 1/)
    expect(() => smallCell(['agreement={ kind: averaging, timeoutMs: 5 }'])).toThrow(/timeoutMs/)
    expect(() => smallCell(['agreement=average'])).toThrow(/averag/)
  })
})
