import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadScenario } from '@hearsay/scenario'
import { afterAll, expect, test } from 'vitest'
import { runScenario } from './run-scenario.ts'
import { smallText } from './testing/cells.ts'

const notebook = join(import.meta.dirname, '../../../docs/results.ipynb')
const has = (python: string, name: string) => spawnSync(python, ['-c', `import ${name}`]).status === 0
// The interpreter of the system may have what another one that comes first has not.
const python = ['python3', '/usr/bin/python3'].find((path) => has(path, 'pandas'))
/** What a cell needs beside pandas, which all do. */
const needs = { pyarrow: /read_parquet/, duckdb: /duckdb/ }
const missing = Object.keys(needs).filter((name) => python === undefined || !has(python, name))
const root = mkdtempSync(join(tmpdir(), 'hearsay-notebook-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** The cells of code, one after the other, but those that need what is not there. */
function codeOf(path: string, without: readonly string[] = []): string {
  const { cells } = JSON.parse(readFileSync(path, 'utf8')) as { cells: { cell_type: string; source: string[] }[] }
  const code = cells.flatMap(({ cell_type, source }) => (cell_type === 'code' ? source.join('') : []))
  const lacks = (cell: string) => without.some((name) => needs[name as keyof typeof needs].test(cell))
  return code.filter((cell) => !lacks(cell)).join('\n\n')
}

async function run(): Promise<string> {
  const scenario = loadScenario(`${smallText.replace('rounds: 3', 'rounds: 2')}network: virtual\n`, { file: 'x.yaml' })
  return (await runScenario({ scenario, engine: 'auto', root, commandLine: [], pictures: false })).folder
}

// Visibly, where Python lacks what the notebook is about.
const lacks =
  python === undefined ? ': no pandas' : missing.length > 0 ? `, but for the cells that need ${missing}` : ''
test.skipIf(python === undefined)(`the notebook reads a run${lacks}`, async () => {
  const code = codeOf(notebook, missing)
  const ran = spawnSync(python!, ['-c', code], { env: { ...process.env, RUN: await run() }, encoding: 'utf8' })
  expect(ran.stderr).not.toContain('Error')
  expect(ran.status).toBe(0)
  // Of a wide table pandas shows the ends alone.
  expect(ran.stdout).toMatch(/median +min +max[\s\S]*liveness\.ended[\s\S]*^peer\b/m)
  if (!missing.includes('duckdb')) expect(ran.stdout).toContain('megabytes')
})

test('what the notebook names is in a run', async () => {
  const folder = await run()
  const code = codeOf(notebook)
  const header = (name: string): string[] => readFileSync(join(folder, name), 'utf8').split('\n')[0]!.split(',')
  for (const [name, columns] of [
    ['curves.csv', ['label', 'round', 'accuracy']],
    [
      'rounds.csv',
      ['label', 'trainingMs', 'exchangeMs', 'agreementMs', 'aggregationMs', 'accuracy', 'bytesReceived', 'ended'],
    ],
    ['holdings.csv', ['peer', 'of', 'samples']],
  ] as const) {
    for (const column of columns) {
      expect(header(name)).toContain(column)
      expect(code).toContain(column)
    }
  }
  for (const name of code.match(/\{RUN\}\/([\w.]+)/g)!) readFileSync(join(folder, name.slice('{RUN}/'.length)))
})
