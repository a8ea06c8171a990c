import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadScenario } from '@hearsay/scenario'
import { afterAll, expect, test } from 'vitest'
import { runScenario } from './run-scenario.ts'
import { smallText } from './testing/cells.ts'

const notebook = join(import.meta.dirname, '../../../docs/results.ipynb')
const libraries = ['pandas', 'pyarrow', 'duckdb']
const missing = libraries.filter((name) => spawnSync('python3', ['-c', `import ${name}`]).status !== 0)
const root = mkdtempSync(join(tmpdir(), 'hearsay-notebook-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** The cells of code, one after the other. */
function codeOf(path: string): string {
  const { cells } = JSON.parse(readFileSync(path, 'utf8')) as { cells: { cell_type: string; source: string[] }[] }
  return cells.flatMap(({ cell_type, source }) => (cell_type === 'code' ? source.join('') : [])).join('\n\n')
}

async function run(): Promise<string> {
  const scenario = loadScenario(`${smallText.replace('rounds: 3', 'rounds: 2')}network: virtual\n`, { file: 'x.yaml' })
  return (await runScenario({ scenario, engine: 'auto', root, commandLine: [], pictures: false })).folder
}

// Visibly, where Python lacks what the notebook is about.
test.skipIf(missing.length > 0)(
  `the notebook reads a run${missing.length > 0 ? `: lacks ${missing}` : ''}`,
  async () => {
    const python = spawnSync('python3', ['-c', codeOf(notebook)], {
      env: { ...process.env, RUN: await run() },
      encoding: 'utf8',
    })
    expect(python.stderr).not.toContain('Error')
    expect(python.status).toBe(0)
    expect(python.stdout).toContain('megabytes')
  },
)

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
