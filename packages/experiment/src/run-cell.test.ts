import { afterAll, beforeAll, expect, test } from 'vitest'
import { accuracyOf, type Cells, startCells } from './testing/cells.ts'

let cells: Cells
const warnings: string[] = []
const onWarning = (warning: Error): void => void warnings.push(String(warning))

beforeAll(async () => {
  process.on('warning', onWarning)
  cells = await startCells()
})

afterAll(async () => {
  await cells.close()
  process.off('warning', onWarning)
  // Such as listeners that pile up.
  expect(warnings).toEqual([])
})

const liars = (count: number, behaviour: string): string => `adversaries={ count: ${count}, behaviour: ${behaviour} }`

test('nobody lies: everybody certifies every round, learns, and holds the same model', async () => {
  const { measures, rows, events, progress, outsideTrainingMs } = await cells.run([])
  expect(measures).toMatchObject({
    disagreement: { distance: 0, forks: 0 },
    liveness: { ended: 3, rounds: 3 },
    evidence: { culprits: 0, falseAccusations: 0 },
    stalled: false,
  })
  expect(accuracyOf({ measures }).least).toBe(accuracyOf({ measures }).greatest)
  expect(accuracyOf({ measures }).least).toBeGreaterThan(0.4)
  // Three updates of 7,850 parameters are pulled in each of three rounds.
  expect(measures.bytes.received).toBeGreaterThan(3 * 3 * 4 * 7_850)
  expect(rows.map(({ round, peer }) => [round, peer])).toEqual(
    [1, 2, 3].flatMap((round) => [0, 1, 2, 3].map((peer) => [round, peer])),
  )
  for (const row of rows) {
    expect(row).toMatchObject({ ended: true, forked: false })
    expect(row.evaluation.accuracy).toBeGreaterThan(0)
    expect(row.bytesReceived).toBeGreaterThan(0)
    // A peer that fell behind took the certificate from the others.
    if (row.trainingMs === null) continue
    for (const part of [row.trainingMs, row.exchangeMs, row.agreementMs, row.aggregationMs])
      expect(part).toBeGreaterThanOrEqual(0)
  }
  // What peers did, in order, by their scenario indices.
  const kinds = (peer: number, round: number): string[] =>
    events.flatMap((event) => (event.peer === peer && 'round' in event && event.round === round ? [event.kind] : []))
  for (const peer of [0, 1, 2, 3]) {
    expect(kinds(peer, 2)[0]).toBe('round')
    expect(kinds(peer, 2)).toContain('certified')
  }
  // Who is done first hangs up first.
  const others = events.filter(({ kind }) => kind !== 'disconnected')
  expect(new Set(others.map(({ kind }) => kind))).toEqual(
    new Set(['connected', 'round', 'trained', 'held', 'agreed', 'aggregated', 'certified']),
  )
  const certified = events.filter((event) => event.kind === 'certified')
  expect(new Set(certified.map(({ round, checkpoint }) => `${round} ${checkpoint}`)).size).toBe(3)
  for (const { signers, members } of certified) {
    expect(signers.map(Number).every((peer) => peer >= 0 && peer <= 3)).toBe(true)
    expect(members.map(({ peer }) => peer)).toEqual(members.map(({ peer }) => peer).sort())
  }
  expect(events.map(({ atMs }) => atMs)).toEqual(events.map(({ atMs }) => atMs).sort((a, b) => a - b))
  expect(progress.filter(({ kind }) => kind === 'round')).toMatchObject(
    [1, 2, 3].map((round) => ({ round, ended: 4, honest: 4, models: 1 })),
  )
  expect(outsideTrainingMs).toHaveLength(3)
})

test('one silent liar of four stops nothing', async () => {
  const { measures, rows } = await cells.run([liars(1, 'silent')])
  expect(measures).toMatchObject({ liveness: { ended: 3 }, disagreement: { distance: 0 }, stalled: false })
  // Rows are of honest peers; liars are the last.
  expect(new Set(rows.map(({ peer }) => peer))).toEqual(new Set([0, 1, 2]))
})

test('two silent liars of four stop everything: the cell is ended, told and counted as stalled', async () => {
  const { measures, rows, progress, outsideTrainingMs } = await cells.run([liars(2, 'silent'), 'stallMs=2500'])
  expect(measures).toMatchObject({
    liveness: { ended: 0, rounds: 3 },
    disagreement: { distance: 0, forks: 0 },
    timeMs: { total: null },
    stalled: true,
  })
  // The model that everybody began with.
  expect(accuracyOf({ measures }).greatest).toBeLessThan(0.4)
  expect(rows).toMatchObject([0, 1].map((peer) => ({ round: 1, peer, ended: false, evaluation: {}, trainingMs: null })))
  expect(rows[0]!.bytesSent).toBeGreaterThan(0)
  expect(progress.some(({ kind }) => kind === 'waiting')).toBe(true)
  expect(progress).toContainEqual({ kind: 'note', text: 'no round was certified for 2.5 s: stalled' })
  expect(outsideTrainingMs).toEqual([])
})

const divided = 'partitions={ groups: halves, bridge: adversaries, untilRound: 2 }'

test('one split-brain liar of four: the smaller half waits, and adopts when the halves meet', async () => {
  const { measures, events } = await cells.run([liars(1, 'split-brain'), divided])
  expect(measures).toMatchObject({
    liveness: { ended: 3 },
    disagreement: { distance: 0, forks: 0 },
    evidence: { falseAccusations: 0 },
    stalled: false,
  })
  expect(events.filter(({ kind }) => kind === 'halted')).toEqual([])
})

test('two split-brain liars of four fork the chain, and are named, and nobody else is', async () => {
  const { measures, rows, events, progress } = await cells.run([liars(2, 'split-brain'), divided])
  expect(measures).toMatchObject({ evidence: { culprits: 2, falseAccusations: 0 }, stalled: false })
  expect(measures.disagreement.forks).toBeGreaterThan(0)
  expect(measures.disagreement.distance).toBeGreaterThan(0)
  const halted = events.filter((event) => event.kind === 'halted')
  expect(halted.map(({ peer, culprits }) => [peer, culprits]).sort()).toEqual([
    [0, [2, 3]],
    [1, [2, 3]],
  ])
  const forks = events.filter((event) => event.kind === 'evidence' && event.evidence === 'fork')
  expect(forks).toMatchObject([{ culprits: [2, 3] }, { culprits: [2, 3] }])
  // Each half has a row of its own model.
  const first = rows.filter(({ round }) => round === 1)
  expect(first).toMatchObject([
    { peer: 0, forked: true, ended: true },
    { peer: 1, forked: true, ended: true },
  ])
  expect(progress).toContainEqual({
    kind: 'note',
    text: 'the chain has forked in round 1: peers 2, 3 signed both sides',
  })
  // How many models it has by then depends on which half is the faster.
  expect(progress).toContainEqual(expect.objectContaining({ kind: 'round', round: 1 }))
})

test('who has certified the last round still sees the fork when the halves meet', async () => {
  const { measures, events } = await cells.run([liars(2, 'split-brain'), divided, 'rounds=2'])
  expect(measures).toMatchObject({ evidence: { culprits: 2, falseAccusations: 0 }, stalled: false })
  expect(measures.disagreement.forks).toBeGreaterThan(0)
  expect(events.filter(({ kind }) => kind === 'halted')).toHaveLength(2)
})

test('an equivocating liar is named by its own signatures, and disturbs nothing', async () => {
  const { measures, events } = await cells.run([liars(1, 'equivocate')])
  expect(measures).toMatchObject({
    liveness: { ended: 3 },
    disagreement: { distance: 0, forks: 0 },
    evidence: { culprits: 1, falseAccusations: 0 },
  })
  const evidence = events.filter((event) => event.kind === 'evidence')
  for (const each of evidence) expect(each).toMatchObject({ evidence: 'equivocation', culprits: [3] })
})

test('one sign-flipper ruins the mean, and not the trimmed mean', async () => {
  const [robust, ruined] = [
    await cells.run(['adversaries={ count: 1, behaviour: sign-flip, scale: 10 }']),
    await cells.run(['adversaries={ count: 1, behaviour: sign-flip, scale: 10 }', 'aggregation.rule=mean']),
  ]
  for (const { measures } of [robust, ruined])
    expect(measures).toMatchObject({ liveness: { ended: 3 }, disagreement: { distance: 0 } })
  expect(accuracyOf(robust).least).toBeGreaterThan(0.4)
  expect(accuracyOf(ruined).least).toBeLessThan(accuracyOf(robust).least - 0.2)
})
