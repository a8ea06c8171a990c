import { existsSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Summary } from '@hearsay/simulator'
import type { Command } from 'commander'
import { CommandError } from './command-error.ts'
import { createReporter } from './reporter.ts'

interface RunFlags {
  readonly set: string[]
  readonly seed?: number
  readonly data?: string
  readonly out: string
  readonly engine: 'native' | 'wasm' | 'auto'
  readonly json?: boolean
}

export function addRun(program: Command, numberOf: (text: string) => number): void {
  program
    .command('run')
    .description('run a scenario: many peers in this process, honest and not, and what became of them')
    .argument('<file>', 'a scenario, such as scenarios/one-third.yaml')
    .option('--set <path=value>', 'change a parameter in every cell; may be repeated', collect, [])
    .option('--seed <number>', "one seed instead of the scenario's", numberOf)
    .option('--data <folder>', 'where data sets are, such as the IDX files of mnist')
    .option('--out <folder>', 'where folders of results go', 'runs')
    .option('--engine <name>', 'what trains: native, wasm, or auto (native if it is there)', engineOf, 'auto')
    .option('--json', 'print the summary as JSON, and progress on standard error')
    .addHelpText(
      'after',
      `
Examples:
  hearsay run scenarios/one-third.yaml
  hearsay run scenarios/one-third.yaml --set rounds=20 --set task.model=cnn
  hearsay run scenarios/one-third.yaml --set task.dataset=mnist --data mnist

Exit codes: 0 all expectations hold, 1 one does not, 2 the scenario or the set-up is wrong.`,
    )
    .action(run)
}

async function run(file: string, flags: RunFlags): Promise<void> {
  if (!existsSync(file))
    throw new CommandError(`${file}: there is no such file. Scenarios that ship are in scenarios/.`)
  // Only here: a peer that is started must not load the simulator and its plots.
  const { loadScenario, renderTable, runScenario } = await import('@hearsay/simulator')
  const scenario = loadScenario(readFileSync(file, 'utf8'), {
    file,
    overrides: flags.set,
    ...(flags.seed === undefined ? {} : { seed: flags.seed }),
    ...(flags.data === undefined ? {} : { dataDir: flags.data }),
  })
  const reporter = createReporter(flags.json ? process.stderr : process.stdout)
  reporter.begin(scenario.name, scenario.question, scenario.cells.length)
  const interrupted = new AbortController()
  const interrupt = (): void => interrupted.abort(new CommandError('interrupted; what was done is kept', 130))
  process.once('SIGINT', interrupt)
  process.once('SIGTERM', interrupt)
  const { summary, folder } = await runScenario({
    scenario,
    engine: flags.engine,
    root: flags.out,
    commandLine: process.argv.slice(2),
    onProgress: reporter.progress,
    signal: interrupted.signal,
  })
  const colour = process.stdout.isTTY === true && !process.env.NO_COLOR
  const table = renderTable(summary, { width: process.stdout.columns ?? 110, colour })
  if (flags.json) process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`)
  else process.stdout.write(closing(table, summary, folder, file))
  if (summary.expectations.some(({ held }) => !held)) process.exitCode = 1
}

/** What a newcomer reads last: the table, what was expected, and where to look. */
function closing(table: string, summary: Summary, folder: string, file: string): string {
  const lines = ['', table, '']
  for (const { text, held, failures } of summary.expectations) {
    lines.push(`${held ? '✓' : '✗'} ${text}`)
    for (const failure of failures) lines.push(`    ${failure}`)
  }
  const at = (name: string): string => relative(process.cwd(), join(folder, name)) || name
  lines.push(
    '',
    `The picture:   ${at('plot.png')}`,
    `The report:    ${at('report.html')}`,
    `All numbers:   ${at('summary.json')}, rounds.csv, events.jsonl beside it`,
    '',
    'Next, for example:',
    `  npx hearsay run ${file} --set aggregation.rule=median`,
    `  npx hearsay run ${file} --set task.partition='{kind: dirichlet, alpha: 0.3}'`,
    '  npx hearsay init --help        a peer of your own, outside the simulator',
    '',
  )
  return lines.join('\n')
}

function collect(value: string, before: string[]): string[] {
  return [...before, value]
}

function engineOf(name: string): 'native' | 'wasm' | 'auto' {
  if (name === 'native' || name === 'wasm' || name === 'auto') return name
  throw new CommandError(`--engine is native, wasm or auto, not '${name}'`)
}
