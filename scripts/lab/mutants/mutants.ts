/**
 * Breaks the protocol in one place at a time and demands that its tests fail:
 * `node scripts/lab/mutants/mutants.ts [--only NAME] [--test NAME] [--list]`. Exit code 1 if a mutant survives.
 */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { commandLine, usageError } from '../../command-line.ts'
import { type Mutant, mutantVariable } from './mutant.ts'
import { allMutants } from './protocol-mutants.ts'

const root = join(import.meta.dirname, '../../..')
const atOnce = 2
const limitMs = 120_000

export interface Verdict {
  readonly mutant: Mutant
  /** The first test that failed, or 'no end' when the tests ran into the time limit; undefined if it survives. */
  readonly killedBy: string | undefined
  readonly tookMs: number
}

/** Tries them, two at a time; `seen` gets each verdict as it comes. */
export async function tryMutants(
  mutants: readonly Mutant[],
  seen: (verdict: Verdict) => void = () => {},
): Promise<Verdict[]> {
  const queue = [...mutants]
  const verdicts: Verdict[] = []
  const worker = async (): Promise<void> => {
    for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
      const verdict = await tryMutant(mutant)
      seen(verdict)
      verdicts.push(verdict)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return verdicts
}

async function tryMutant(mutant: Mutant): Promise<Verdict> {
  const folder = await mkdtemp(join(tmpdir(), 'hearsay-mutant-'))
  try {
    return { mutant, ...(await runTests(mutant, join(folder, 'report.json'))) }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function runTests({ name, tests }: Mutant, report: string): Promise<Omit<Verdict, 'mutant'>> {
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const config = join(import.meta.dirname, 'vitest.config.ts')
  const options = ['--config', config, '--reporter', 'json', '--outputFile', report]
  const files = tests.map((test) => `/${test}.test.ts`)
  const startedMs = performance.now()
  const { killed, output } = await new Promise<{ killed: boolean; output: string }>((resolve) => {
    execFile(
      process.execPath,
      [vitest, 'run', ...options, ...files],
      { cwd: root, timeout: limitMs, killSignal: 'SIGKILL', env: environment(name) },
      (error, stdout, stderr) => resolve({ killed: error?.killed === true, output: `${stdout}${stderr}` }),
    )
  })
  const tookMs = performance.now() - startedMs
  if (killed) return { killedBy: 'no end', tookMs }
  const results = await readFile(report, 'utf8').catch(() => {
    throw new Error(`the tests of a mutant did not run: ${output}`)
  })
  return { killedBy: firstFailure(results, output), tookMs }
}

/** What a test run around this one has set for its own workers is not for these. */
function environment(mutant: string): NodeJS.ProcessEnv {
  const given = Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST'))
  return { ...Object.fromEntries(given), [mutantVariable]: mutant }
}

interface Report {
  readonly testResults: readonly {
    readonly message?: string
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[]
  }[]
}

/** A file that cannot be loaded kills no mutant: that is a mistake in the table. */
function firstFailure(results: string, output: string): string | undefined {
  const { testResults } = JSON.parse(results) as Report
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults)
  const failed = tests.find(({ status }) => status === 'failed')
  if (failed === undefined && !tests.some(({ status }) => status === 'passed'))
    throw new Error(
      `the tests of a mutant did not run: ${testResults.map(({ message }) => message).join('\n')}${output}`,
    )
  return failed?.fullName
}

const help = `pnpm mutants: the protocol with one thing wrong at a time; a test must fail for each.

  --list       what is made wrong, and where
  --only NAME  one of them
  --test NAME  those that a test should kill

Exit codes: 0 all are killed, 1 one survives, 2 the command is wrong. All of them take minutes.`

async function main(): Promise<void> {
  const values = commandLine(help, { only: { type: 'string' }, test: { type: 'string' }, list: { type: 'boolean' } })
  const { only, test } = values
  const chosen = allMutants.filter(
    ({ name, tests }) => (only === undefined || name === only) && (test === undefined || tests.includes(test)),
  )
  if (chosen.length === 0)
    usageError(`no mutant is called "${only ?? test}", or has a test of that name: --list shows them`)
  if (values.list === true) {
    for (const { name, changes, tests } of chosen)
      console.log(`${(changes[0]?.at ?? '').padEnd(34)} ${name} (${tests.join(', ')})`)
    return
  }
  const verdicts = await tryMutants(chosen, ({ mutant, killedBy, tookMs }) => {
    const fate = killedBy === undefined ? 'SURVIVED' : 'killed'
    console.log(
      `${fate.padEnd(9)} ${(tookMs / 1000).toFixed(1).padStart(5)} s  ${mutant.changes[0]?.at}: ${mutant.name}`,
    )
    if (killedBy !== undefined) console.log(`${' '.repeat(19)}by ${killedBy}`)
  })
  const survivors = verdicts.filter(({ killedBy }) => killedBy === undefined)
  console.log(`${verdicts.length - survivors.length} of ${verdicts.length} mutants killed`)
  if (survivors.length > 0) process.exitCode = 1
}

if (process.argv[1] === import.meta.filename) await main()
