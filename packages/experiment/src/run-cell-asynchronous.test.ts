import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accuracyOf, type CellRun, type Cells, startCells } from './testing/cells.ts'

let cells: Cells

beforeAll(async () => {
  cells = await startCells()
})

afterAll(() => cells.close())

const agreement = (more = ''): string => `agreement={ kind: asynchronous, graceMs: 20${more} }`
const judgedOf = ({ events }: CellRun) => events.filter((event) => event.kind === 'judged')

function expectFinished({ measures }: CellRun, rounds: number): void {
  expect(measures).toMatchObject({
    liveness: { ended: rounds, rounds },
    evidence: { falseAccusations: 0 },
    stalled: false,
  })
}

describe.each(['memory', 'virtual'])('asynchronous agreement on the %s network', (transport) => {
  it('every honest peer judges, applies and learns, and no round is waited for', async () => {
    const run = await cells.run([agreement(), 'rounds=8', 'aggregation.rule=median', `network=${transport}`])
    expectFinished(run, 8)
    expect(accuracyOf(run).median).toBeGreaterThan(0.25)
    const judged = judgedOf(run)
    expect(judged.some(({ factor }) => factor > 0)).toBe(true)
    // Of 2f + 1 in a row that pass at a peer no two are of one author.
    for (const peer of [0, 1, 2, 3]) {
      const passed = judged.filter((event) => event.peer === peer && event.factor > 0).map(({ other }) => other)
      for (let i = 2; i < passed.length; i++) expect(new Set(passed.slice(i - 2, i + 1)).size).toBe(3)
    }
  })
})
