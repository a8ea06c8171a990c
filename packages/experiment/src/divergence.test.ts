import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { renderTable } from '@hearsay/results'
import { exampleSummary } from '@hearsay/results/testing/results-fixture'
import { loadScenario } from '@hearsay/scenario'
import { leastText } from '@hearsay/scenario/testing/scenario-fixture'
import { expect, test } from 'vitest'
import { judgeDivergence } from './divergence.ts'
import type { Progress } from './progress.ts'
import { runScenario } from './run-scenario.ts'

const wild = `${leastText}task: { model: logistic, trainSamples: 400, testSamples: 100 }
learning: { localSteps: 20, learningRate: 1000, weightDecay: 10 }
`

test.each(['memory', 'virtual'] as const)(
  'training that diverges is told where it happens, on the network %s',
  async (network) => {
    const root = mkdtempSync(join(tmpdir(), 'hearsay-diverge-'))
    const told: Progress[] = []
    const { summary, folder } = await runScenario({
      scenario: loadScenario(wild, { file: 'wild.yaml', network }),
      engine: 'auto',
      root,
      commandLine: [],
      pictures: false,
      onProgress: (progress) => told.push(progress),
    })
    // Four peers, each of whom trained in the one round.
    expect(summary.cells).toMatchObject([{ diverged: 4, liveness: { ended: 1 }, bySeed: [{ diverged: 4 }] }])
    const remedy = 'lower learning.learningRate, which is 1000, or learning.weightDecay, which is 10'
    expect(summary.expectations).toMatchObject([
      { text: 'where nobody lies, training stays finite', held: false, failures: [expect.stringContaining(remedy)] },
    ])
    const events = readFileSync(join(folder, 'events.jsonl'), 'utf8').trimEnd().split('\n')
    const diverged = events.map((line) => JSON.parse(line)).filter(({ kind }) => kind === 'diverged')
    expect(diverged.map(({ peer, round }) => [peer, round]).sort()).toEqual([0, 1, 2, 3].map((peer) => [peer, 1]))
    const notes = told.flatMap((progress) => (progress.kind === 'note' ? [progress.text] : []))
    expect(notes).toEqual([
      expect.stringMatching(/^peer \d, round 1: training diverged/),
      expect.stringContaining(remedy),
    ])
    expect(renderTable(summary, { width: 120, colour: false })).toContain('nobody lied (training diverged)')
    expect(readFileSync(join(folder, 'report.html'), 'utf8')).toContain(remedy)
    rmSync(root, { recursive: true })
  },
  60_000,
)

test('where somebody lies it is no mistake, and who checks it is taken at their word', () => {
  const { cells } = exampleSummary([1, 2])
  const [honest, lying] = cells.map((cell) => ({
    ...cell,
    bySeed: cell.bySeed.map((one) => ({ ...one, diverged: 3 })),
  }))
  expect(judgeDivergence([], cells)).toBeUndefined()
  expect(judgeDivergence([], [lying!])).toBeUndefined()
  expect(judgeDivergence([], [honest!, lying!])).toMatchObject({
    held: false,
    failures: [/seed 1: 3 of/, /seed 2: 3 of/].map((each) => expect.stringMatching(each)),
  })
  const { expectations } = loadScenario(`${leastText}expect: [{ check: diverged < 100 }]`, { file: 'x.yaml' })
  expect(judgeDivergence(expectations, [honest!])).toBeUndefined()
})
