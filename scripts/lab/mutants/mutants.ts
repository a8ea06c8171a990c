/**
 * Breaks the protocol in one place at a time and demands that its tests fail:
 * `node scripts/lab/mutants/mutants.ts [--only NAME] [--list]`. Exit code 1 if a mutant survives.
 */
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { commandLine, usageError } from '../../command-line.ts'
import type { Mutant } from './mutant.ts'
import { changed } from './mutant-place.ts'
import { allMutants } from './protocol-mutants.ts'

const root = join(import.meta.dirname, '../../..')
const room = join('packages', 'protocol')
const atOnce = 2
const limitMs = 60_000

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
    await mkdir(join(folder, room), { recursive: true })
    await Promise.all([
      cp(join(root, room, 'src'), join(folder, room, 'src'), { recursive: true }),
      cp(join(root, room, 'package.json'), join(folder, room, 'package.json')),
      symlink(join(root, 'node_modules'), join(folder, 'node_modules')),
      symlink(join(root, room, 'node_modules'), join(folder, room, 'node_modules')),
    ])
    for (const [file, text] of changed(mutant.changes)) await writeFile(join(folder, room, 'src', file), text)
    return { mutant, ...(await runTests(folder, mutant.tests)) }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function runTests(folder: string, tests: readonly string[]): Promise<Omit<Verdict, 'mutant'>> {
  const report = join(folder, 'report.json')
  const files = tests.map((test) => `/${test}.test.ts`)
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const options = ['--bail', '1', '--maxWorkers', '1', '--pool', 'forks', '--reporter', 'json', '--outputFile', report]
  const startedMs = performance.now()
  const { killed, output } = await new Promise<{ killed: boolean; output: string }>((resolve) => {
    execFile(
      process.execPath,
      [vitest, 'run', '--root', join(folder, room), ...options, ...files],
      { timeout: limitMs, killSignal: 'SIGKILL', env: environment() },
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
function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST')))
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

Exit codes: 0 all are killed, 1 one survives, 2 the command is wrong. All of them take minutes.`

async function main(): Promise<void> {
  const values = commandLine(help, { only: { type: 'string' }, list: { type: 'boolean' } })
  const chosen = allMutants.filter(({ name }) => values.only === undefined || name === values.only)
  if (chosen.length === 0) usageError(`no mutant is called "${values.only}": --list shows them`)
  if (values.list === true) {
    for (const { name, changes } of chosen) console.log(`${(changes[0]?.at ?? '').padEnd(34)} ${name}`)
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
