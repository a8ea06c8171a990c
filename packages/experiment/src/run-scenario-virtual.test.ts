import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadScenario } from '@hearsay/scenario'
import { expect, test } from 'vitest'
import { runScenario } from './run-scenario.ts'

test('one-third shows the same cliffs on the virtual network', async () => {
  const file = join(import.meta.dirname, '../../../scenarios/one-third.yaml')
  const scenario = loadScenario(readFileSync(file, 'utf8'), {
    file,
    network: 'virtual',
    overrides: [
      'rounds=3',
      'learning={ localSteps: 3, batchSize: 16, clipNorm: 1 }',
      'task={ dataset: digits, model: logistic, trainSamples: 400, testSamples: 100 }',
    ],
  })
  const root = mkdtempSync(join(tmpdir(), 'hearsay-virtual-'))
  try {
    const { summary } = await runScenario({ scenario, engine: 'auto', root, commandLine: [], pictures: false })
    // A small model in three rounds learns too little to judge by; all else is as on libp2p.
    const judged = summary.expectations.filter(({ text }) => !/learns|accuracy|plain mean|cost at most/.test(text))
    expect(judged).toHaveLength(7)
    expect(judged.flatMap(({ failures }) => failures)).toEqual([])
    expect(summary.traceDigest).toMatch(/^[0-9a-f]{64}$/)
    expect(new Set(summary.cells.map(({ bySeed }) => bySeed[0]!.traceDigest)).size).toBe(summary.cells.length)
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}, 240_000)
