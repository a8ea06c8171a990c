import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadScenario } from '@hearsay/scenario'
import { expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { runScenario } from './run-scenario.ts'

interface Sweep {
  readonly peers: number
}

test('the sweep that ships, of its smallest networks: all that it expects comes out', async () => {
  const file = join(import.meta.dirname, '../../../scenarios/one-third-sweep.yaml')
  const { sweep, plot: _, ...shipped } = parse(readFileSync(file, 'utf8'))
  const small = (sweep as Sweep[]).filter(({ peers }) => peers === 4)
  const expected = (shipped.expect as { check: string }[]).filter(({ check }) => !check.startsWith('accuracy'))
  const text = stringify({ ...shipped, rounds: 3, seeds: [1], sweep: small, expect: expected })
  const root = mkdtempSync(join(tmpdir(), 'hearsay-sweep-'))
  try {
    const scenario = loadScenario(text, { file })
    const { summary } = await runScenario({ scenario, engine: 'auto', root, commandLine: [], pictures: false })
    expect(summary.expectations.filter(({ held }) => !held)).toEqual([])
    expect(summary.expectations).toHaveLength(expected.length)
    expect(summary.cells).toHaveLength(scenario.cells.length)
  } finally {
    rmSync(root, { recursive: true })
  }
}, 240_000)
