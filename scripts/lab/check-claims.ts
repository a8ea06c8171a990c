/**
 * Whether what the shipped scenarios expect holds for more than the seed at hand: runs them with many seeds on the
 * virtual network, with modelled signatures, and prints for each expectation the cell and seed that came nearest to
 * failing.
 *
 *     pnpm claims [SCENARIO.yaml …] [--seeds 20] [--from 1] [--engine native|wasm|both] [--jobs 1] [--json]
 *
 * Without files, all of scenarios/; those of many cells take hours. Progress goes to standard error. Exit code 1 if an
 * expectation failed anywhere, 2 if the command or a scenario is wrong.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runScenario } from '@hearsay/experiment'
import { loadScenario, narrowest, ScenarioError } from '@hearsay/scenario'
import { commandLineOfFiles, usageError } from '../command-line.ts'

const help = `pnpm claims [SCENARIO.yaml ...] [--seeds 20] [--from 1] [--engine native|wasm|both] [--jobs 1] [--json]

Runs shipped scenarios with many seeds on the virtual network, with modelled signatures, with both engines, and prints
for each expectation the cell and seed that came nearest to failing. Without files, all of scenarios/.

  --seeds N       so many seeds (default 20)
  --from SEED       the first of them (default 1)
  --engine NAME   native, wasm or both (default both)
  --jobs N        so many cells and seeds at once, each in a process of its own (default 1)
  --json          one line of JSON for each scenario, engine and expectation

Exit codes: 0 all held, 1 one did not, 2 the command or a scenario is wrong.`

const shipped = fileURLToPath(new URL('../../scenarios', import.meta.url))

const { values, positionals } = commandLineOfFiles(help, {
  seeds: { type: 'string', default: '20' },
  from: { type: 'string', default: '1' },
  engine: { type: 'string', default: 'both' },
  jobs: { type: 'string', default: '1' },
  json: { type: 'boolean', default: false },
})

const count = numberOf('seeds', values.seeds)
const parallel = numberOf('jobs', values.jobs)
const from = numberOf('from', values.from)
const engines = ({ native: ['native'], wasm: ['wasm'], both: ['native', 'wasm'] } as const)[values.engine]
if (engines === undefined) usageError(`--engine ${values.engine}: expected native, wasm or both`)

const seeds = Array.from({ length: count }, (_, at) => from + at)
const files = positionals.length > 0 ? positionals : scenariosThatShip()
let failed = false
for (const file of files) for (const engine of engines) failed = !(await check(file, engine)) || failed
process.exitCode = failed ? 1 : 0

function numberOf(name: string, text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) usageError(`--${name} ${text}: expected a number from 1 to 999999`)
  return Number(text)
}

/** Those of learning: a scenario of contraction trains nobody, and its searches tell by themselves what is not met. */
function scenariosThatShip(): string[] {
  return readdirSync(shipped)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => join(shipped, name))
    .filter((file) => /\/scenario\.schema\.json$/m.test(readFileSync(file, 'utf8')))
    .sort()
}

/** True if everything held. The folder of the run is not kept: `hearsay run --seed S` makes it again. */
async function check(file: string, engine: 'native' | 'wasm'): Promise<boolean> {
  const scenario = read(file)
  const root = mkdtempSync(join(tmpdir(), 'hearsay-claims-'))
  const title = `${relative('', file)}, ${engine}, seeds ${from} to ${from + count - 1}`
  const jobs = scenario.cells.length * count
  const startedMs = performance.now()
  let done = 0
  let shownMs = startedMs
  try {
    const { summary } = await runScenario({
      scenario,
      engine,
      root,
      commandLine: process.argv,
      parallel,
      onProgress: (progress) => {
        if (progress.kind === 'done') done++
        if (performance.now() - shownMs < 10_000) return
        shownMs = performance.now()
        const leftMin = ((shownMs - startedMs) / 60_000) * ((jobs - done) / Math.max(1, done))
        process.stderr.write(`${title}: ${done} of ${jobs}, about ${leftMin.toFixed(0)} min to go\n`)
      },
    })
    const found = narrowest(scenario.expectations, scenario.cells, summary.cells)
    const minutes = ((performance.now() - startedMs) / 60_000).toFixed(1)
    if (values.json) for (const one of found) console.log(JSON.stringify({ scenario: scenario.name, engine, ...one }))
    else {
      console.log(`${title} (${minutes} min)`)
      for (const { held, text, found: sides, where } of found)
        console.log(`  ${held ? '✓' : '✗'} ${text}\n      nearest to failing: ${sides}, ${where}`)
      // A claim that fails is looked at by itself.
      for (const { failures } of summary.expectations) for (const failure of failures) console.log(`      ✗ ${failure}`)
    }
    return found.every(({ held }) => held)
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

function read(file: string) {
  try {
    return loadScenario(readFileSync(file, 'utf8'), {
      file,
      network: 'virtual',
      // No claim is about signatures, which take a quarter of the time.
      overrides: [`seeds=[${seeds.join(', ')}]`, 'network.signatures=modelled'],
    })
  } catch (error) {
    if (!(error instanceof ScenarioError) && (error as NodeJS.ErrnoException).code === undefined) throw error
    console.error((error as Error).message)
    process.exit(2)
  }
}
