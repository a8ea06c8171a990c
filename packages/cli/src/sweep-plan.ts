import type { Command } from 'commander'
import { CommandError } from './command-error.ts'
import { untilInterrupted } from './interrupt.ts'
import { readScenario } from './read-scenario.ts'
import { addScenarioOptions, changesOf, type ScenarioFlags } from './scenario-options.ts'

interface PlanFlags extends Omit<ScenarioFlags, 'network'> {
  readonly out: string
  readonly archive?: boolean
  readonly json?: boolean
}

export function addSweepPlan(sweep: Command, numberOf: (text: string) => number): void {
  const command = sweep
    .command('plan')
    .description(
      'check a scenario, and write the folder in which its jobs are done; every machine trains as --engine says',
    )
    .argument('<file>', 'a scenario, such as scenarios/rules-and-attacks.yaml')
    .requiredOption('--out <folder>', 'the folder, which every machine must see; there must be none of this name')
  addScenarioOptions(command, numberOf)
    .option('--archive', 'keep all updates and models')
    .option('--json', 'print the jobs as JSON: index, label and seed')
    .action(plan)
}

async function plan(file: string, flags: PlanFlags): Promise<void> {
  const text = readScenario(file)
  const { asksAboutContraction } = await import('@hearsay/experiment/contraction/asked')
  if (asksAboutContraction(text))
    throw new CommandError(`${file}: a scenario about contraction is one job: hearsay run`)
  const { loadScenario } = await import('@hearsay/scenario')
  const scenario = loadScenario(text, {
    file,
    ...changesOf({ ...flags, network: 'virtual' }),
  })
  const { planSweep } = await import('@hearsay/experiment')
  const commandLine = ['npx', 'hearsay', ...process.argv.slice(2)]
  const { jobs, engine } = await untilInterrupted((signal) =>
    planSweep({
      scenario,
      engine: flags.engine,
      commandLine,
      archive: flags.archive === true,
      folder: flags.out,
      signal,
    }),
  )
  if (flags.json) {
    const listed = jobs.map(({ index, cell, seed }) => ({ index, label: cell.label, seed }))
    process.stdout.write(`${JSON.stringify({ folder: flags.out, engine, jobs: listed }, null, 2)}\n`)
    return
  }
  const last = jobs.length - 1
  process.stdout.write(
    `${flags.out}: ${jobs.length} jobs, 0 to ${last}, with the engine ${engine}\n` +
      `Do one:      hearsay sweep run ${flags.out} --index 0\n` +
      `Submit all:  hearsay sweep submit ${flags.out} --to slurm --dry-run\n` +
      `All, here:   hearsay run --resume ${flags.out} --jobs 2\n`,
  )
}
