import { existsSync, statSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { oneLine, plain, plainJson, shellWord } from '@hearsay/catalogue/words'
import type { RunResult } from '@hearsay/experiment'
import type { LoadedScenario } from '@hearsay/scenario'
import type { TaskSpec } from '@hearsay/training/schema'
import type { Command } from 'commander'
import { collect } from './assignments.ts'
import { CommandError } from './command-error.ts'
import { foundInWords } from './found-words.ts'
import { untilInterrupted } from './interrupt.ts'
import { logsOf } from './logs.ts'
import { ownMeters } from './process-tree.ts'
import { readScenario } from './read-scenario.ts'
import { addScenarioOptions, changesOf, networkOption, type ScenarioFlags } from './scenario-options.ts'

interface RunFlags extends ScenarioFlags {
  readonly out: string
  readonly resume?: string
  readonly archive?: boolean
  readonly trace?: boolean
  readonly pictures: boolean
  readonly jobs?: number
  readonly log: string[]
  readonly json?: boolean
}

export function addRun(program: Command, numberOf: (text: string) => number): void {
  const command = program
    .command('run')
    .description('run a scenario: many peers in this process, honest and not, and what became of them')
    .argument('[file]', 'a scenario, such as scenarios/one-third.yaml; with --resume that of the run when left out')
  addScenarioOptions(command, numberOf)
    .addOption(networkOption())
    .option('--out <folder>', 'where folders of results go', 'runs')
    .option('--resume <run>', 'go on with a run that was cut off, such as runs/latest: only what is missing is done')
    .option('--archive', 'keep all updates and models, so that hearsay verify can compute every aggregate again')
    .option('--trace', 'write what peers say and hear, for hearsay trace; on the virtual network only')
    .option('--no-pictures', 'draw none, which takes a second or two: tables and numbers only')
    .option(
      '--jobs <number>',
      'so many cells and seeds at once, each in a process of its own; on the virtual network as many as memory and cores bear when left out',
      numberOf,
    )
    .option(
      '--log <place>',
      'keep the run elsewhere too once it has ended: tensorboard, trackio, or mlflow=URL',
      collect,
      [],
    )
    .option('--json', 'print the summary as JSON on standard output, and all else on standard error')
    .addHelpText(
      'after',
      `
Examples:
  hearsay run scenarios/one-third.yaml
  hearsay run scenarios/one-third.yaml --set rounds=20 --set task.model=cnn
  hearsay run scenarios/one-third.yaml --network virtual
  hearsay run scenarios/one-third.yaml --set task.dataset=mnist --data data/mnist
  hearsay run scenarios/census.yaml --data my-census.csv
  hearsay run scenarios/one-third-sweep.yaml --jobs 2
  hearsay run --resume runs/latest --jobs 2
  hearsay run scenarios/one-third.yaml --json | jq '.cells[] | [.label, .evaluation.accuracy.least]'

Exit codes: 0 all expectations hold, 1 one does not, 2 the command, the scenario or the set-up is wrong, or a job failed,
130 interrupted, 141 whoever read the output went away. The folder of a run keeps what was done, however it ends.`,
    )
    .action(run)
}

async function run(given: string | undefined, flags: RunFlags): Promise<void> {
  const file = given ?? scenarioOfRun(flags.resume)
  const text = readScenario(file)
  // Only here: a peer that is started must not load the simulator and its plots.
  const { asksAboutContraction } = await import('@hearsay/experiment/contraction/asked')
  const { loadScenario, warningsOf } = await import('@hearsay/scenario')
  if (asksAboutContraction(text)) {
    const { runContractionFile } = await import('./contraction.ts')
    if (flags.resume !== undefined)
      throw new CommandError(`--resume ${flags.resume}: a run about contraction is not gone on with; begin it again`)
    return untilInterrupted((signal) => runContractionFile(text, file, flags, signal))
  }
  const scenario = loadScenario(text, {
    file,
    ...changesOf(flags),
    ...(given === undefined && flags.resume !== undefined ? { base: await baseOfRun(flags.resume) } : {}),
  })
  await checkFlags(flags, scenario)
  // And only now: whoever mistypes a scenario should not wait for it.
  const { runScenario } = await import('@hearsay/experiment')
  const { createReporter } = await import('./reporter.ts')
  const words = flags.json ? process.stderr : process.stdout
  const reporter = createReporter(words, flags.jobs)
  const powers = await powersOf(scenario)
  const logs = await logsOf(flags.log)
  const networks = new Set(scenario.cells.map(({ parameters }) => parameters.network.transport))
  const result = await untilInterrupted((signal) => {
    // Whoever reads this may press Ctrl-C.
    const jobs = scenario.cells.reduce((sum, { seeds }) => sum + seeds.length, 0)
    reporter.begin(scenario.name, scenario.question, { cells: scenario.cells.length, jobs }, [...networks])
    for (const line of powers) words.write(`${line}\n`)
    for (const warning of warningsOf(scenario.cells)) reporter.warn(warning)
    return runScenario({
      scenario,
      engine: flags.engine,
      root: flags.out,
      commandLine: ['npx', 'hearsay', ...process.argv.slice(2)],
      ...(flags.resume === undefined ? {} : { resume: flags.resume }),
      onProgress: reporter.progress,
      logs,
      archive: flags.archive === true,
      trace: flags.trace === true,
      pictures: flags.pictures,
      ...(flags.jobs === undefined ? { bearable: ownMeters } : { parallel: flags.jobs }),
      signal,
    })
  })
  const { summary } = result
  const table = await foundInWords(summary, words)
  words.write(closing({ ...result, table }, scenario))
  if (flags.json) process.stdout.write(`${plainJson(summary, 2)}\n`)
  if (summary.expectations.some(({ held }) => !held)) process.exitCode = 1
  if (summary.failed !== undefined) throw failureOf(result, summary.failed)
  if (result.unlogged?.length) throw new CommandError(result.unlogged.join('\n'))
}

/** What flags ask of this scenario, and cannot have. Throws CommandError. */
async function checkFlags(flags: RunFlags, scenario: LoadedScenario): Promise<void> {
  if (flags.trace && scenario.cells.some(({ parameters }) => parameters.network.transport !== 'virtual'))
    throw new CommandError('--trace is for the virtual network: add --network virtual')
  const { registries, taskOf } = await import('@hearsay/training/schema')
  const reads = (task: TaskSpec): boolean =>
    taskOf(task).at !== undefined ||
    typeof task.dataset !== 'string' ||
    registries.datasets.get(task.dataset)?.folder === true
  if (flags.data !== undefined && !scenario.cells.some(({ parameters }) => reads(parameters.task)))
    throw new CommandError(`--data ${flags.data}: no cell reads it: add --set task.dataset=mnist`)
  if (statSync(flags.out, { throwIfNoEntry: false })?.isDirectory() === false)
    throw new CommandError(`--out ${flags.out}: it is a file: name a folder`)
  if (flags.jobs !== undefined && (flags.jobs < 1 || flags.jobs > mostJobs))
    throw new CommandError(`--jobs ${flags.jobs}: from 1 to ${mostJobs}, and hardly more than there are cores`)
}

/** Throws CommandError when there is none to go on with. */
function scenarioOfRun(run: string | undefined): string {
  if (run === undefined)
    throw new CommandError("missing required argument 'file': a scenario, such as scenarios/one-third.yaml")
  const file = join(run, 'scenario.yaml')
  if (!existsSync(file)) throw new CommandError(`--resume ${run}: it is not the folder of a run; try runs/latest`)
  return file
}

/** What relative paths of a run's scenario stand against. */
async function baseOfRun(run: string): Promise<string> {
  const { manifestOf } = await import('@hearsay/experiment')
  return resolve(run, manifestOf(run).base ?? '')
}

/** What few peers could do, in the cells whose peers are of unlike weight. */
async function powersOf({ cells }: LoadedScenario): Promise<string[]> {
  const weighted = cells.filter(({ parameters: { weights = [] } }) => new Set(weights).size > 1)
  if (weighted.length === 0) return []
  const { describePower, powerOf } = await import('./power.ts')
  const { endOf, Quorums } = await import('@hearsay/protocol')
  const told = weighted.map(({ parameters: { weights, tolerated, agreement } }) => {
    const areCertified = endOf(agreement) === 'certified'
    return describePower(powerOf(new Quorums(weights!, tolerated), (index) => `peer ${index}`, areCertified))
  })
  return [...new Set(told.map((lines) => lines.join('\n')))]
}

/** More than that is a mistake. */
const mostJobs = 256

/** So many failed jobs are told one by one. */
const mostTold = 5

/** A run of which jobs failed, whatever the others found. */
function failureOf({ folder, bugs }: RunResult, failed: NonNullable<RunResult['summary']['failed']>): CommandError {
  for (const bug of bugs.slice(0, 1)) process.stderr.write(`${plain(bug)}\n`)
  const told = failed.slice(0, mostTold).map(({ label, seed, reason }) => `cell "${label}", seed ${seed}: ${reason}`)
  const more = failed.length > told.length ? `\n  and ${failed.length - told.length} more` : ''
  const rest = `what the others found is in ${folder}`
  const message =
    failed.length === 1 ? `${told[0]}; ${rest}` : `${failed.length} jobs failed; ${rest}\n  ${told.join('\n  ')}${more}`
  return new CommandError(message, bugs.length > 0 ? 70 : 2)
}

/** What a newcomer reads last: the table, what was expected, and where to look. */
function closing(
  { table, summary, folder, logged = [] }: Pick<RunResult, 'summary' | 'folder' | 'logged'> & { table: string },
  scenario: LoadedScenario,
): string {
  const lines = ['', table, '']
  for (const { text, held, failures } of summary.expectations) {
    lines.push(`${held ? '✓' : '✗'} ${oneLine(text)}`)
    for (const failure of failures) lines.push(`    ${oneLine(failure)}`)
  }
  for (const text of scenario.skipped) lines.push(`– not asked, as --set left no such cell: ${oneLine(text)}`)
  if (lines.length > 3) lines.push('')
  // Nobody outside the run can check signatures that were modelled.
  const forked = summary.cells.some(
    ({ disagreement, parameters: { network } }) =>
      disagreement.forks > 0 && !(network.transport === 'virtual' && network.signatures === 'modelled'),
  )
  // A path that climbs out of here is longer than where it leads.
  const near = relative('', folder)
  const place = near.startsWith('..') ? folder : near
  const at = (name: string): string => plain(join(place, name))
  lines.push(
    ...(existsSync(join(folder, 'plot.png')) ? [`The picture:   ${at('plot.png')}`] : []),
    `The report:    ${at('report.html')}`,
    `All numbers:   ${at('summary.json')}, rounds.csv, curves.csv, events.jsonl beside it`,
    ...(summary.data ?? []).map(({ source, licence }) => `The data:      ${source}; licence: ${licence}`),
    ...logged.map((told) => `Kept too:      ${plain(told)}`),
    ...(forked ? [`Who forked it: npx hearsay forensics ${shellWord(place)}`] : []),
    '',
    'Next, for example:',
    `  npx hearsay run ${shellWord(scenario.file)} --set aggregation='{rule: median}'`,
    ...(scenario.cells.every(({ parameters }) => 'partition' in parameters.task)
      ? [`  npx hearsay run ${shellWord(scenario.file)} --set task.partition='{kind: dirichlet, alpha: 0.3}'`]
      : []),
    '  npx hearsay init --help        a peer of your own, outside the simulator',
    '',
  )
  return lines.join('\n')
}
