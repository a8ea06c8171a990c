import { Workspace } from '@hearsay/aggregation'
import { describe, expect, it } from 'vitest'
import { Quorums } from '../../roster/quorums.ts'
import type { AverageBy } from '../../shell/step.ts'
import { modelledKeys } from '../../testing/modelled-keys.ts'
import { digest } from '../../testing/network.ts'
import type { Member } from '../../words/member.ts'
import { createNetwork } from '../../words/network.ts'
import type { Statement } from '../../words/statements.ts'
import { average as averageOf } from './average.ts'
import { averaging as averagingBy } from './averaging.ts'
import { AveragingRound, type AveragingWork } from './averaging-round.ts'
import type { AveragingMethod, AveragingMode } from './settings.ts'

/** Round 3 of peer 0 of n = 6, f = 1, by plain sends: stages 0 to 3. */
function round(method: AveragingMethod, mode: AveragingMode, joins = false) {
  const said: Statement[] = []
  const work: AveragingWork[] = []
  const averaged: { model: string; members: readonly Member[] }[] = []
  const timers: number[] = []
  const quorums = Quorums.equal(6, 1)
  const averaging = { method, mode, heterogeneous: true }
  const network = createNetwork({
    genesis: digest('genesis'),
    quorums,
    keys: modelledKeys(0),
    rule: '{}',
    agreement: averagingBy(averaging),
  })
  const machine = new AveragingRound(
    { number: 3, previous: 'genesis', averaging, self: 0, model: 'old', joins },
    network,
    {
      say: (statement) => said.push(statement),
      timer: (stage) => timers.push(stage),
      work: (item) => work.push(item),
      gathered: () => {},
      averaged: (model, members) => averaged.push({ model, members }),
    },
  )
  const init = (from: number, stage: number, value: string): void =>
    machine.onStatement(from, { kind: 'init', stage, digest: value })
  const hold = (): void => {
    for (const item of work.splice(0)) {
      if (item.kind === 'fetch') machine.onDone(item, { kind: 'held' })
      else work.push(item)
    }
  }
  return { machine, said, work, averaged, timers, init, hold }
}

/** Says and holds the vectors of these peers at a stage, and gives the average that the round asks for. */
function average(at: ReturnType<typeof round>, stage: number, peers: readonly number[]) {
  for (const peer of peers) at.init(peer, stage, `${stage} of ${peer}`)
  at.hold()
  const [work] = at.work.splice(0)
  return work?.kind === 'average' ? work : undefined
}

const first = [0, 1, 2, 3, 4]

describe('a round of averaging', () => {
  it('trains, gathers, agrees twice, takes the step, and agrees on models', () => {
    const at = round('trimmed-mean', 'asynchronous')
    at.machine.start()
    const [train] = at.work.splice(0)
    expect(train).toEqual({ kind: 'train', round: 3, model: 'old' })
    at.machine.onDone(train!, { kind: 'trained', digest: '0 of 0' })
    const works = [0, 1, 2, 3].map((stage) => {
      const own = at.said.at(-1)
      expect(own).toMatchObject({ kind: 'init', stage })
      const work = average(at, stage, first)!
      at.machine.onDone(work, { kind: 'averaged', digest: stage === 3 ? 'new' : `${stage + 1} of 0` })
      return work
    })
    expect(works.map(({ by }) => by.kind)).toEqual(['rule', 'trimmed-mean', 'trimmed-mean', 'trimmed-mean'])
    expect(works.map(({ onto }) => onto)).toEqual([undefined, undefined, 'old', undefined])
    expect(works.map(({ into }) => into)).toEqual(['vector', 'vector', 'vector', 'model'])
    expect(works[2]!.members).toEqual(first.map((peer) => ({ peer, digest: `2 of ${peer}` })))
    expect(at.averaged).toEqual([{ model: 'new', members: first.map((peer) => ({ peer, digest: `3 of ${peer}` })) }])
    expect(at.said).toHaveLength(4)
  })

  it('does not pass over a stage of which it has not spoken, whatever it has heard', () => {
    const at = round('rb-tm', 'asynchronous')
    for (const sender of first)
      for (const from of [1, 2, 3])
        at.machine.onStatement(from, { kind: 'ready', stage: 0, sender, digest: `${sender}` })
    for (const from of first) at.machine.onStatement(from, { kind: 'witness', stage: 0, members: first })
    expect(at.work).toEqual([])
    at.init(0, 0, '0')
    // Now it wants what it has delivered.
    expect(at.work.filter(({ kind }) => kind === 'fetch')).toHaveLength(5)
    at.hold()
    expect(at.work.map(({ kind }) => kind)).toEqual(['average'])
  })

  it('averages nothing before it holds all of it', () => {
    const at = round('rb-tm', 'asynchronous')
    at.init(0, 0, '0')
    for (const sender of first)
      for (const from of [1, 2, 3])
        at.machine.onStatement(from, { kind: 'ready', stage: 0, sender, digest: `${sender}` })
    for (const from of first) at.machine.onStatement(from, { kind: 'witness', stage: 0, members: first })
    for (const item of at.work.splice(0, 4)) at.machine.onDone(item, { kind: 'held' })
    expect(at.work.map(({ kind }) => kind)).toEqual(['fetch'])
  })

  it('answers in stages of which the round has none with nothing', () => {
    const at = round('rb-tm', 'asynchronous')
    at.init(1, 4, 'x')
    at.machine.onStatement(1, { kind: 'init', digest: 'x' })
    expect(at.work).toEqual([])
    at.init(1, 3, 'x')
    expect(at.work).toHaveLength(1)
  })

  it('only answers once it is left', () => {
    const at = round('trimmed-mean', 'asynchronous')
    at.machine.leave()
    expect(average(at, 0, first)).toBeUndefined()
  })
})

describe('what is averaged', () => {
  it.each<[AveragingMethod, AveragingMode, unknown]>([
    ['mda', 'asynchronous', { kind: 'mda', tolerated: 1 }],
    ['nna', 'asynchronous', { kind: 'nna', nearestTo: '3 of 0', keep: 4 }],
    ['nna', 'synchronous', { kind: 'nna', nearestTo: '3 of 0', keep: 5 }],
  ])('by %s, %s', (method, mode, by) => {
    const at = round(method, mode)
    let work: ReturnType<typeof average>
    for (const stage of [0, 1, 2, 3]) {
      work = average(at, stage, [...first, 5].slice(0, mode === 'synchronous' ? 6 : 5))
      if (stage < 3) at.machine.onDone(work!, { kind: 'averaged', digest: `${stage + 1} of 0` })
    }
    expect(work!.by).toEqual(by)
  })

  it('in a synchronous network is of n vectors: its own stands for those of the silent', () => {
    for (const [method, count] of [
      ['trimmed-mean', 6],
      ['mda', 6],
      ['nna', 5],
    ] as const) {
      const at = round(method, 'synchronous')
      expect(average(at, 0, first)).toBeUndefined()
      at.machine.onTimer(0)
      const gathered = at.work.splice(0)[0] as Extract<AveragingWork, { kind: 'average' }>
      expect(gathered.members).toHaveLength(5)
      at.machine.onDone(gathered, { kind: 'averaged', digest: '1 of 0' })
      expect(average(at, 1, first)).toBeUndefined()
      expect(at.timers).toEqual([0, 1])
      at.machine.onTimer(1)
      const { members } = at.work[0] as Extract<AveragingWork, { kind: 'average' }>
      expect(members).toHaveLength(count)
      if (count === 6) expect(members[5]).toEqual({ peer: 5, digest: '1 of 0' })
    }
  })
})

describe('a peer that joins', () => {
  it('says nothing, and takes in the models of n−f others', () => {
    const at = round('nna', 'asynchronous', true)
    const work = average(at, 3, [1, 2, 3, 4, 5])!
    expect(work).toMatchObject({ into: 'model' })
    expect(work.onto).toBeUndefined()
    at.machine.onDone(work, { kind: 'averaged', digest: 'new' })
    expect(at.averaged.map(({ model }) => model)).toEqual(['new'])
    expect(at.said).toEqual([])
  })

  it.each<[AveragingMethod, AverageBy['kind']]>([
    ['trimmed-mean', 'trimmed-mean'],
    ['mda', 'mda'],
    ['nna', 'mda'],
  ])('by %s ends near the honest models, wherever its own model of rounds ago was', (method, kind) => {
    for (const mode of ['asynchronous', 'synchronous'] as const) {
      const at = round(method, mode, true)
      // Of the honest ones; a liar stays where the one who joins was when it fell behind.
      const values = new Map([
        ['3 of 1', 100],
        ['3 of 2', 100.4],
        ['3 of 3', 100.8],
        ['3 of 4', 101],
        ['3 of 5', 0],
        ['old', 0],
      ])
      const vector = (digest: string): Float32Array => new Float32Array(8).fill(values.get(digest)!)
      let work = average(at, 3, [1, 2, 3, 4, 5])
      if (work === undefined) at.machine.onTimer(3)
      work ??= at.work.splice(0)[0] as NonNullable<typeof work>
      expect(work.by.kind).toBe(kind)
      const workspace = new Workspace({ rows: work.members.length, length: 8 })
      for (const [row, { digest }] of work.members.entries()) workspace.vector(row).set(vector(digest))
      const rule = { rule: 'trimmed-mean', tolerated: 1 } as const
      const [joined] = averageOf(work.by, rule, workspace, [...work.members.keys()], vector)
      expect(joined).toBeGreaterThanOrEqual(100)
      expect(joined).toBeLessThanOrEqual(101)
    }
  })

  it('answers in all stages like anybody', () => {
    const at = round('rb-tm', 'asynchronous', true)
    at.init(2, 1, 'x')
    at.hold()
    expect(at.said).toEqual([{ kind: 'echo', stage: 1, sender: 2, digest: 'x' }])
  })
})
