import { plain, plainJson } from '@hearsay/catalogue/words'
import type { Command } from 'commander'
import { CommandError } from './command-error.ts'
import { untilInterrupted } from './interrupt.ts'
import { ownMeters } from './process-tree.ts'
import { readScenario } from './read-scenario.ts'
import { addScenarioOptions, changesOf, networkOption, type ScenarioFlags } from './scenario-options.ts'

interface PlanFlags extends ScenarioFlags {
  readonly out: string
  readonly archive?: boolean
  readonly jobs?: number
  readonly json?: boolean
}

export function addPlan(program: Command, numberOf: (text: string) => number): void {
  const command = program
    .command('plan')
    .description('what a scenario takes: jobs, time, memory and disk, from two rounds of a few of its cells')
    .argument('<file>', 'a scenario, such as scenarios/rules-and-attacks.yaml')
  addScenarioOptions(command, numberOf)
    .addOption(networkOption())
    .option('--out <folder>', 'where folders of results would go', 'runs')
    .option('--archive', 'as if all updates and models were kept')
    .option('--jobs <number>', 'so many at once, in place of as many as memory and cores bear', numberOf)
    .option('--json', 'print it as JSON: times in milliseconds, sizes in bytes')
    .addHelpText(
      'after',
      `
It is an estimate: later rounds may take longer than the second, and other programs may want the machine too.

Exit codes: 0 it is told, 2 the scenario or the set-up is wrong, 130 interrupted.

Examples:
  hearsay plan scenarios/rules-and-attacks.yaml
  hearsay plan scenarios/one-third-sweep.yaml --network virtual --json | jq .parallelMs`,
    )
    .action(plan)
}

async function plan(file: string, flags: PlanFlags): Promise<void> {
  const text = readScenario(file)
  const { asksAboutContraction } = await import('@hearsay/experiment/contraction/asked')
  if (asksAboutContraction(text))
    throw new CommandError(`${file}: a scenario about contraction is one job, of some seconds: hearsay run`)
  const { loadScenario } = await import('@hearsay/scenario')
  const scenario = loadScenario(text, { file, ...changesOf(flags) })
  const { planRun } = await import('@hearsay/experiment')
  const { planInWords } = await import('./plan-words.ts')
  const { engine, out: root, archive = false, jobs: parallel } = flags
  const found = await untilInterrupted((signal) =>
    planRun({ scenario, engine, root, archive, parallel, signal, ...ownMeters }),
  )
  process.stdout.write(flags.json ? `${plainJson(found, 2)}\n` : `${plain(planInWords(found))}\n`)
}
