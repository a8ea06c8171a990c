import type { Command } from 'commander'
import { addSweepCollect } from './sweep-collect.ts'
import { addSweepPlan } from './sweep-plan.ts'
import { addSweepRun } from './sweep-run.ts'
import { addSweepStatus } from './sweep-status.ts'
import { addSweepSubmit } from './sweep-submit.ts'

export function addSweep(program: Command, numberOf: (text: string) => number): void {
  const sweep = program
    .command('sweep')
    .description(
      'a scenario whose jobs (a cell with one seed each) are done one by one: by a cluster, or by several machines',
    )
    .addHelpText(
      'after',
      `
Examples:
  hearsay sweep plan scenarios/rules-and-attacks.yaml --out runs/grid
  hearsay sweep submit runs/grid --to slurm --at-once 20
  hearsay sweep status runs/grid
  hearsay sweep collect runs/grid`,
    )
  addSweepPlan(sweep, numberOf)
  addSweepRun(sweep, numberOf)
  addSweepSubmit(sweep, numberOf)
  addSweepStatus(sweep)
  addSweepCollect(sweep)
}
