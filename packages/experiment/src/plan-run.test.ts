import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadScenario } from '@hearsay/scenario'
import { afterAll, expect, test } from 'vitest'
import { planRun } from './plan-run.ts'
import { runScenario } from './run-scenario.ts'
import { smallText } from './testing/cells.ts'

const root = mkdtempSync(join(tmpdir(), 'hearsay-plan-test-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const meters = { residentBytes: () => 1e8, processorMs: () => performance.now() }

test('a plan leaves nothing behind, and is about what the run then writes', async () => {
  const scenario = loadScenario(`${smallText.replace('rounds: 3', 'rounds: 10')}network: virtual\nseeds: [1, 2]\n`, {
    file: 'x.yaml',
  })
  const plan = await planRun({ scenario, engine: 'auto', root: join(root, 'runs'), ...meters, parallel: 1 })
  expect(plan).toMatchObject({ cells: 1, jobs: 2, tried: 1, memoryBytes: 1e8 })
  expect(plan.aloneMs).toBeGreaterThan(0)
  expect(plan.machine.freeDiskBytes).toBeGreaterThan(0)
  expect(readdirSync(root)).toEqual([])
  const { folder } = await runScenario({ scenario, engine: 'auto', root, commandLine: [], pictures: false })
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  // What grows with the rounds; pictures, pages and manifests are as large for any run.
  const grown = files.filter(({ name }) => /events|rounds|ledger|safetensors|curves\.csv/.test(name))
  const written = grown.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0)
  expect(plan.diskBytes).toBeGreaterThan(written / 2.5)
  expect(plan.diskBytes).toBeLessThan(2.5 * written)
})
