import { describe, expect, it } from 'vitest'
import { Quorums } from '../../roster/quorums.ts'
import { Exchange, type Random, randomFrom } from '../../testing/exchange.ts'
import { type Bit, type BitSet, mostPhasesAhead, type Statement } from '../../words/statements.ts'
import { BinaryAgreement } from './binary-agreement.ts'

/** One agreement of honest peers 0 to n−b−1 among n, with b liars after them. */
class Council {
  readonly agreements: BinaryAgreement[]
  readonly exchange: Exchange
  /** What honest peers said after they had decided. */
  readonly late: Statement[] = []
  readonly #inputs: readonly Bit[]

  /** `lie` is called when the first honest peer speaks of a phase. */
  constructor(n: number, f: number, inputs: readonly Bit[], lie: (phase: number, council: Council) => void = () => {}) {
    const quorums = Quorums.equal(n, f)
    const hear = new Map<number, (from: number, statement: Statement) => void>()
    this.exchange = new Exchange(hear)
    this.#inputs = inputs
    let spoken = 0
    this.agreements = inputs.map((_, peer) => {
      const agreement: BinaryAgreement = new BinaryAgreement(0, peer, quorums, {
        say: (statement) => {
          this.exchange.say(peer, statement)
          if (agreement.decided !== undefined) this.late.push(statement)
          if ('phase' in statement && statement.phase > spoken) lie(++spoken, this)
        },
        timer: (phase) => this.exchange.timers.push(() => agreement.onTimer(phase)),
      })
      hear.set(peer, (from, statement) => {
        if (statement.kind === 'estimate') agreement.onEstimate(from, statement.phase, statement.value)
        if (statement.kind === 'coordinate') agreement.onCoordinate(from, statement.phase, statement.value)
        if (statement.kind === 'auxiliary') agreement.onAuxiliary(from, statement.phase, statement.values)
      })
      return agreement
    })
  }

  start(): this {
    for (const [peer, agreement] of this.agreements.entries()) agreement.start(this.#inputs[peer]!)
    return this
  }

  get decided(): (Bit | undefined)[] {
    return this.agreements.map(({ decided }) => decided)
  }

  get lastPhase(): number {
    return this.exchange.said.reduce(
      (last, { statement }) => Math.max(last, 'phase' in statement ? statement.phase : 0),
      0,
    )
  }
}

function liars(n: number, b: number, random: Random): (phase: number, council: Council) => void {
  return (phase, { exchange }) => {
    for (let liar = n - b; liar < n; liar++)
      for (let to = 0; to < n - b; to++) {
        for (const value of [0, 1] as const)
          if (random(2) > 0) exchange.tell(liar, to, { kind: 'estimate', instance: 0, phase, value })
        if (random(1) > 0) exchange.tell(liar, to, { kind: 'coordinate', instance: 0, phase, value: random(1) as Bit })
        if (random(3) > 0)
          exchange.tell(liar, to, { kind: 'auxiliary', instance: 0, phase, values: (1 + random(2)) as BitSet })
      }
  }
}

describe('binary agreement', () => {
  it.each([
    [4, 1, 700],
    [5, 1, 200],
    [7, 2, 250],
    [10, 3, 60],
  ])('agrees on an honest input and ends, n = %i with %i liars, in any order', (n, b, runs) => {
    let wokenRuns = 0
    let laterPhases = 0
    for (let seed = 0; seed < runs; seed++) {
      const random = randomFrom(seed)
      const inputs = Array.from({ length: n - b }, () => (seed % 5 === 0 ? seed % 2 : random(1)) as Bit)
      const lie = liars(n, b, random)
      // In every third run the liars speak in phase 1 only, and leave it to the honest peers to end what they began.
      const council = new Council(n, b, inputs, (phase, it) => {
        if (phase === 1 || seed % 3 > 0) lie(phase, it)
      }).start()
      council.exchange.run(random, seed % 2 === 0)
      const [decided] = council.decided
      expect(council.decided, `seed ${seed}`).toEqual(Array(n - b).fill(decided))
      expect(inputs, `seed ${seed}`).toContain(decided)
      if (council.late.length > 0) wokenRuns++
      if (council.lastPhase > 3) laterPhases++
    }
    // The runs reach the hard part: peers that have decided help those that have not, and some runs are long.
    expect(wokenRuns).toBeGreaterThan(0)
    expect(laterPhases).toBeGreaterThan(0)
  })

  it.each([4, 7, 10])('with n = %i decides 1 in phase 1 when all begin with 1, and then says no more', (n) => {
    const council = new Council(n, Math.floor((n - 1) / 3), Array(n).fill(1)).start()
    council.exchange.run(randomFrom(n))
    expect(council.decided).toEqual(Array(n).fill(1))
    expect(council.lastPhase).toBe(1)
    expect(council.exchange.said).toHaveLength(2 * n)
    expect(council.late).toEqual([])
  })

  it.each([
    [4, 1],
    [7, 2],
    [10, 3],
  ])('with n = %i and %i silent decides 0 in phase 2 when the rest begin with 0', (n, f) => {
    const council = new Council(n, f, Array(n - f).fill(0)).start()
    council.exchange.run(randomFrom(n))
    expect(council.decided).toEqual(Array(n - f).fill(0))
    expect(council.lastPhase).toBe(2)
  })

  it.each([0, 1] as const)('never spreads a bit that only liars say: %i', (input) => {
    const inputs = Array<Bit>(5).fill(input)
    const council = new Council(7, 2, inputs, (phase, { exchange }) => {
      for (const liar of [5, 6])
        for (let to = 0; to < 5; to++) {
          exchange.tell(liar, to, { kind: 'estimate', instance: 0, phase, value: (1 - input) as Bit })
          exchange.tell(liar, to, { kind: 'coordinate', instance: 0, phase, value: (1 - input) as Bit })
          exchange.tell(liar, to, { kind: 'auxiliary', instance: 0, phase, values: (2 - input) as BitSet })
        }
    }).start()
    council.exchange.run(randomFrom(7))
    expect(council.decided).toEqual(inputs)
    for (const { statement } of council.exchange.said)
      if (statement.kind === 'estimate') expect(statement.value).toBe(input)
  })

  it('ends though a liar and the order of messages mix the estimates in every phase, once timers outlast delays', () => {
    // In each phase: first all hear the bit that cannot be decided in it, and the coordinator's word for it; then the
    // other bit; then the liar tells a victim alone that bit, before the honest peers' AUX arrive. If f of the first
    // n−f AUX were enough to mix V, the victim would take the phase's bit and the others the other one, for ever.
    const parity = (phase: number): Bit => (phase % 2) as Bit
    const other = (phase: number): Bit => (1 - parity(phase)) as Bit
    const council = new Council(4, 1, [1, 0, 1], (phase, { exchange }) => {
      for (let to = 0; to < 3; to++) {
        for (const value of [0, 1] as const) exchange.tell(3, to, { kind: 'estimate', instance: 0, phase, value })
        exchange.tell(3, to, { kind: 'coordinate', instance: 0, phase, value: other(phase) })
      }
      exchange.tell(3, 0, { kind: 'auxiliary', instance: 0, phase, values: (1 << parity(phase)) as BitSet })
    }).start()
    council.exchange.runBy(({ from, statement }) => {
      if (!('phase' in statement)) return 0
      if (statement.kind === 'estimate')
        return 8 * statement.phase + (statement.value === other(statement.phase) ? 0 : 2)
      if (statement.kind === 'coordinate') return 8 * statement.phase + 1
      return 8 * statement.phase + (from === 3 ? 3 : 4)
    })
    const [decided] = council.decided
    expect(decided).not.toBe(undefined)
    expect(council.decided).toEqual([decided, decided, decided])
    expect(council.lastPhase).toBeLessThan(8)
  })

  it.each([true, false])('votes on after deciding if somebody else votes in the next phase: %s', (early) => {
    const said: Statement[] = []
    const agreement = new BinaryAgreement(0, 0, new Quorums([1, 1, 1, 1], 1), {
      say: (statement) => void said.push(statement),
      timer: () => {},
    })
    const next = { kind: 'estimate', instance: 0, phase: 2, value: 1 }
    agreement.start(1)
    if (early) agreement.onEstimate(2, 2, 1)
    for (const from of [0, 1, 3]) agreement.onEstimate(from, 1, 1)
    for (const from of [0, 1, 3]) agreement.onAuxiliary(from, 1, 2)
    expect(agreement.decided).toBe(1)
    expect(said.slice(2)).toEqual(early ? [next] : [])
    // Its own words wake nobody; another's do.
    if (!early) agreement.onEstimate(0, 2, 0)
    expect(said.slice(2)).toEqual(early ? [next] : [])
    if (!early) agreement.onEstimate(2, 2, 1)
    expect(said.slice(2)).toEqual([next])
  })

  it('counts one AUX of a peer, the first', () => {
    const agreement = new BinaryAgreement(0, 0, new Quorums([1, 1, 1, 1], 1), { say: () => {}, timer: () => {} })
    agreement.start(1)
    for (const from of [0, 1, 3]) agreement.onEstimate(from, 1, 1)
    for (const from of [0, 1, 1, 1]) agreement.onAuxiliary(from, 1, 2)
    expect(agreement.decided).toBeUndefined()
    agreement.onAuxiliary(2, 1, 1)
    agreement.onAuxiliary(2, 1, 2)
    expect(agreement.decided).toBeUndefined()
    agreement.onAuxiliary(3, 1, 2)
    expect(agreement.decided).toBe(1)
  })

  it('counts AUX of both bits for neither: V is mixed, and nothing is decided', () => {
    for (const single of [1, 2] as const) {
      const agreement = new BinaryAgreement(0, 0, new Quorums([1, 1, 1, 1], 1), { say: () => {}, timer: () => {} })
      agreement.start(1)
      for (const value of [0, 1] as const) for (const from of [1, 2, 3]) agreement.onEstimate(from, 1, value)
      agreement.onAuxiliary(1, 1, 3)
      agreement.onAuxiliary(2, 1, single)
      agreement.onAuxiliary(3, 1, single)
      expect([agreement.decided, agreement.horizon]).toEqual([undefined, 2 + mostPhasesAhead])
    }
  })

  it('waits for no timer once an honest peer is known to be in a later phase', () => {
    const said: Statement[] = []
    const timers: number[] = []
    const agreement = new BinaryAgreement(0, 3, new Quorums([1, 1, 1, 1], 1), {
      say: (statement) => void said.push(statement),
      timer: (phase) => void timers.push(phase),
    })
    agreement.start(0)
    for (const from of [0, 1, 3]) agreement.onEstimate(from, 1, 0)
    for (const from of [0, 1, 3]) agreement.onAuxiliary(from, 1, 1)
    for (const from of [0, 1, 3]) agreement.onEstimate(from, 2, 0)
    const spoken = (): string[] =>
      said.map((statement) => `${statement.kind} ${'phase' in statement && statement.phase}`)
    const before = ['estimate 1', 'auxiliary 1', 'estimate 2']
    expect([spoken(), timers]).toEqual([before, [2]])
    agreement.onEstimate(0, 3, 0)
    agreement.onEstimate(0, 3, 1)
    expect(spoken()).toEqual(before)
    agreement.onEstimate(1, 3, 1)
    expect(spoken()).toEqual([...before, 'auxiliary 2', 'estimate 3'])
  })

  it("says a coordinator's value alone, and only if it is among its own", () => {
    const said: Statement[] = []
    const agreement = new BinaryAgreement(0, 3, new Quorums([1, 1, 1, 1], 1), {
      say: (statement) => void said.push(statement),
      timer: () => {},
    })
    agreement.start(0)
    for (const from of [0, 1, 3]) agreement.onEstimate(from, 1, 0)
    for (const from of [0, 1, 3]) agreement.onAuxiliary(from, 1, 1)
    // Peer 1 coordinates phase 2.
    agreement.onCoordinate(2, 2, 0)
    agreement.onCoordinate(1, 2, 1)
    agreement.onCoordinate(1, 2, 0)
    for (const from of [0, 1, 3]) agreement.onEstimate(from, 2, 0)
    expect(said.filter(({ kind }) => kind === 'auxiliary')).toHaveLength(1)
    for (const from of [0, 1, 3]) agreement.onEstimate(from, 2, 1)
    expect(said.at(-1)).toEqual({ kind: 'auxiliary', instance: 0, phase: 2, values: 2 })
  })

  it('the coordinator of a phase says the first of its values, once', () => {
    const said: Statement[] = []
    const agreement = new BinaryAgreement(5, 2, new Quorums([1, 1, 1, 1], 1), {
      say: (statement) => void said.push(statement),
      timer: () => {},
    })
    for (const value of [1, 0] as const) for (const from of [0, 1, 3]) agreement.onEstimate(from, 3, value)
    const words = said.filter(({ kind }) => kind === 'coordinate')
    expect(words).toEqual([{ kind: 'coordinate', instance: 5, phase: 3, value: 1 }])
  })

  it('counts no phase far ahead of those that f+1 peers are in, and forgets what is far behind', () => {
    const said: Statement[] = []
    const agreement = new BinaryAgreement(0, 0, new Quorums([1, 1, 1, 1], 1), {
      say: (statement) => void said.push(statement),
      timer: () => {},
    })
    const estimate = (phase: number) => ({ kind: 'estimate', instance: 0, phase, value: 1 })
    const hear = (froms: readonly number[], phase: number): void => {
      for (const from of froms) agreement.onEstimate(from, phase, 1)
    }
    hear([1, 2, 3], 0)
    // One may lie, and two do not say the same: phase 7 is reached, by the one or the other.
    hear([1], mostPhasesAhead + 1)
    hear([1], 1e9)
    expect(agreement.horizon).toBe(mostPhasesAhead)
    hear([2, 3], mostPhasesAhead)
    expect(said).toEqual([estimate(mostPhasesAhead)])
    hear([2], 70)
    expect(agreement.horizon).toBe(70 + mostPhasesAhead)
    hear([1, 2, 3], 67)
    expect(said).toHaveLength(1)
    hear([1, 2, 3], 68)
    hear([1, 2, 3], 70 + mostPhasesAhead)
    expect(said.slice(1)).toEqual([estimate(68), estimate(70 + mostPhasesAhead)])
  })

  it('goes to the phase before the last in which it has a value, with a value of it, if it has one', () => {
    const said: Statement[] = []
    const agreement = new BinaryAgreement(0, 3, new Quorums([1, 1, 1, 1], 1), {
      say: (statement) => void said.push(statement),
      timer: () => {},
    })
    agreement.start(0)
    const auxiliaries = (): Statement[] => said.filter(({ kind }) => kind === 'auxiliary')
    // Before two have said so, the first was not counted.
    for (const from of [0, 1, 2, 0]) agreement.onEstimate(from, 30, 0)
    expect(said.slice(1)).toEqual([{ kind: 'estimate', instance: 0, phase: 30, value: 0 }])
    for (const from of [0, 1, 2]) agreement.onEstimate(from, 29, 1)
    expect(auxiliaries()).toEqual([{ kind: 'auxiliary', instance: 0, phase: 29, values: 2 }])
  })

  it('starts the first timer of a phase with its first value there, the second with its AUX', () => {
    const said: Statement[] = []
    const timers: number[] = []
    const agreement = new BinaryAgreement(0, 0, new Quorums([1, 1, 1, 1], 1), {
      say: (statement) => void said.push(statement),
      timer: (phase) => void timers.push(phase),
    })
    agreement.start(0)
    const estimates = (phase: number, value: Bit): void => {
      for (const from of [1, 2, 3]) agreement.onEstimate(from, phase, value)
    }
    const spoken = (): string | undefined => {
      const last = said.at(-1)
      return last && 'phase' in last ? `${last.kind} ${last.phase}` : undefined
    }
    // While it is in phase 1.
    estimates(2, 0)
    expect(timers).toEqual([2])
    estimates(2, 1)
    expect(timers).toEqual([2])
    estimates(1, 0)
    for (const from of [1, 2, 3]) agreement.onAuxiliary(from, 1, 1)
    // Peer 1 coordinates phase 2, which its word ends: there, and nowhere else.
    expect(spoken()).not.toBe('auxiliary 2')
    agreement.onCoordinate(1, 2, 0)
    expect([spoken(), timers]).toEqual(['auxiliary 2', [2, 2]])
    agreement.onAuxiliary(1, 2, 1)
    agreement.onAuxiliary(2, 2, 1)
    agreement.onAuxiliary(3, 2, 2)
    agreement.onTimer(2)
    expect(spoken()).toBe('auxiliary 2')
    agreement.onTimer(2)
    expect(spoken()).toBe('estimate 3')
    estimates(3, 0)
    agreement.onCoordinate(2, 3, 0)
    expect([spoken(), timers]).toEqual(['estimate 3', [2, 2, 3]])
    agreement.onTimer(3)
    expect([spoken(), timers]).toEqual(['auxiliary 3', [2, 2, 3, 3]])
  })

  it('keeps seven phases, however many pass, and one number of each peer', () => {
    const agreement = new BinaryAgreement(0, 3, new Quorums([1, 1, 1, 1], 1), { say: () => {}, timer: () => {} })
    agreement.start(0)
    for (let phase = 1; phase <= 3000; phase++) {
      for (const from of [0, 1, 2, 3]) for (const value of [0, 1] as const) agreement.onEstimate(from, phase, value)
      for (const from of [0, 1, 2, 3]) agreement.onAuxiliary(from, phase, 3)
      for (let timer = 1; timer <= 2; timer++) agreement.onTimer(phase)
      // A liar is everywhere at once.
      for (let ahead = 0; ahead < 9; ahead++) agreement.onEstimate(2, phase + ahead, 0)
      const { phases, latest } = agreement.snapshot()
      expect(phases.length).toBeLessThanOrEqual(7)
      expect(latest.length).toBeLessThanOrEqual(4)
    }
    expect(agreement.horizon).toBeGreaterThan(3000)
  })
})
