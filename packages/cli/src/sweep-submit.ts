import { resolve } from 'node:path'
import { shellWord } from '@hearsay/catalogue/words'
import type { Demands, Place, Submitted, ToSubmit } from '@hearsay/experiment'
import { type Command, Option } from 'commander'
import { CommandError } from './command-error.ts'
import { jobsInWords } from './plan-words.ts'

interface SubmitFlags {
  readonly to: Place['to']
  readonly atOnce: number
  readonly time: string
  readonly memory: number
  readonly cpus: number
  readonly array: number
  readonly partition?: string
  readonly account?: string
  readonly image?: string
  readonly claim?: string
  readonly path?: string
  readonly namespace?: string
  readonly dryRun?: boolean
}

export function addSweepSubmit(sweep: Command, numberOf: (text: string) => number): void {
  sweep
    .command('submit')
    .description('have what is missing of a sweep done by a cluster, or by this machine')
    .argument('<folder>', 'of a sweep, which every machine must see')
    .addOption(new Option('--to <place>', 'whom').choices(['slurm', 'kubernetes', 'local']).makeOptionMandatory())
    .option('--dry-run', 'print what would be written and which commands would be run, and do neither')
    .option('--at-once <number>', 'so many jobs at once', numberOf, 10)
    .option('--time <time>', 'that a job may take: minutes, or hours:minutes:seconds', '1:00:00')
    .option('--memory <MB>', 'that a job may take', numberOf, 2048)
    .option('--cpus <number>', 'of a job', numberOf, 1)
    .option('--array <number>', 'slurm: the most jobs of an array, as the site allows', numberOf, 1000)
    .option('--partition <name>', 'slurm: of the site')
    .option('--account <name>', 'slurm: who pays')
    .option('--image <image>', 'kubernetes: a container image that has the command hearsay')
    .option('--claim <name>', 'kubernetes: the claim of the volume in which the folder is')
    .option('--path <path>', "kubernetes: of the folder in the volume, if it is not the volume's root")
    .option('--namespace <name>', 'kubernetes: of the job')
    .addHelpText(
      'after',
      `
Slurm gets arrays that are put in the queue again when a node fails, and a job that collects the run when all have ended.
Kubernetes gets an Indexed Job (1.29 or newer) with a config map; collect the run when it has ended. What is written is in
submit/ of the folder, what was submitted in submissions.jsonl, what jobs say in logs/.

Examples:
  hearsay sweep submit runs/grid --to slurm --at-once 20 --time 30 --memory 4096
  hearsay sweep submit runs/grid --to kubernetes --image registry/hearsay --claim grid --dry-run
  hearsay sweep submit runs/grid --to local --at-once 2`,
    )
    .action(submitFolder)
  sweep
    .command('retry')
    .description(
      'submit again, as before, what failed, was lost, or is missing; of a sweep that was not, make it missing',
    )
    .argument('<folder>', 'of a sweep')
    .action(retry)
  sweep
    .command('cancel')
    .description('take back all that was submitted of a sweep; what is done stays')
    .argument('<folder>', 'of a sweep that was submitted')
    .action(cancelFolder)
}

async function submitFolder(folder: string, flags: SubmitFlags): Promise<void> {
  const { sweepStatus, toBeDone, planSubmission } = await import('@hearsay/experiment')
  const demands = demandsOf(flags)
  const place = placeOf(flags)
  const status = sweepStatus(folder)
  const toSubmit = await sweepOf(folder, toBeDone(status), demands, status.scenario)
  if (flags.dryRun) {
    const { files, commands } = planSubmission(toSubmit, place)
    const texts = files.map(({ path, text }) => `# ${folder}/${path}\n${text}`)
    process.stdout.write(`${[...texts, ...commands.map((line) => `$ ${line}`)].join('\n')}\n`)
    return
  }
  await submitAndTell(toSubmit, place, demands)
}

async function retry(folder: string): Promise<void> {
  const { forgetFailed, inRanges, submittedBefore, sweepStatus } = await import('@hearsay/experiment')
  const last = submittedBefore(folder).at(-1)
  const indexes = forgetFailed(folder)
  if (last === undefined) {
    // Whoever called sweep run calls it again.
    const which = indexes.length === 0 ? '' : ` (${inRanges(indexes)}): hearsay sweep run, or submit`
    console.log(`${jobsInWords(indexes.length)} to be done${which}`)
    return
  }
  const sweep = await sweepOf(folder, indexes, last.demands, sweepStatus(folder).scenario)
  await submitAndTell(sweep, last.place, last.demands)
}

async function cancelFolder(folder: string): Promise<void> {
  const { cancel, submittedBefore } = await import('@hearsay/experiment')
  const submitted = submittedBefore(folder)
  for (const { place, ids } of submitted) cancel(folder, place.to, ids)
  const count = submitted.length === 1 ? '1 submission is' : `${submitted.length} submissions are`
  console.log(`${count} taken back; what is done stays: hearsay sweep status ${shellWord(folder)}`)
}

async function submitAndTell(sweep: ToSubmit, place: Place, demands: Demands): Promise<void> {
  const { recordSubmitted, submit } = await import('@hearsay/experiment')
  const ids = submit(sweep, place)
  const submitted: Submitted = { place, at: new Date().toISOString(), ids, jobs: sweep.indexes.length, demands }
  recordSubmitted(sweep.folder, submitted)
  const count = sweep.indexes.length
  console.log(`${jobsInWords(count)} ${count === 1 ? 'is' : 'are'} submitted to ${place.to}, as ${ids.join(', ')}`)
  console.log(`How far they are: hearsay sweep status ${shellWord(sweep.folder)}`)
}

async function sweepOf(
  folder: string,
  indexes: readonly number[],
  demands: Demands,
  scenario: string,
): Promise<ToSubmit> {
  if (indexes.length === 0)
    throw new CommandError(
      `${folder}: nothing is missing; hearsay sweep status tells what failed, and retry does it again`,
    )
  const { submissionName } = await import('@hearsay/experiment')
  const program = [process.execPath, resolve(process.argv[1]!)]
  return { folder: resolve(folder), name: submissionName(scenario, resolve(folder)), indexes, program, ...demands }
}

function demandsOf({ atOnce, time, memory: memoryMb, cpus }: SubmitFlags): Demands {
  if (!/^\d{1,5}(:\d\d){0,2}$/.test(time)) throw new CommandError(`--time ${time}: minutes, or hours:minutes:seconds`)
  for (const [name, value] of Object.entries({ 'at-once': atOnce, memory: memoryMb, cpus }))
    if (value < 1) throw new CommandError(`--${name} ${value}: 1 or more`)
  return { atOnce, time, memoryMb, cpus }
}

function placeOf(flags: SubmitFlags): Place {
  const { to, array, partition, account, image, claim, path, namespace } = flags
  for (const [name, value] of Object.entries({ partition, account, namespace, claim, image }))
    if (value !== undefined && !/^[\w./:@-]+$/.test(value))
      throw new CommandError(`--${name} ${value}: no such name can be`)
  if (to === 'local') return { to }
  if (to === 'slurm') {
    if (array < 1) throw new CommandError(`--array ${array}: 1 or more`)
    return { to, array, ...(partition !== undefined && { partition }), ...(account !== undefined && { account }) }
  }
  if (image === undefined || claim === undefined)
    throw new CommandError(
      '--to kubernetes takes --image, which has the command hearsay, and --claim, of the volume of the folder',
    )
  return { to, image, claim, ...(path !== undefined && { path }), ...(namespace !== undefined && { namespace }) }
}
