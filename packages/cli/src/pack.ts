import { realpathSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import type { Command } from 'commander'
import { CommandError } from './command-error.ts'
import { pack } from './packed.ts'

export function addPack(program: Command): void {
  program
    .command('pack')
    .description('pack the folder of a run into one file, which hearsay replay takes')
    .argument('<run>', 'the folder of a run, such as runs/latest')
    .option('--out <file>', 'the file; NAME-OF-THE-RUN.tar.gz when left out')
    .addHelpText(
      'after',
      `
Own rules, attacks and tasks are in it; data that the scenario reads from files are not, and a replay elsewhere needs them.

Exit codes: 0 done, 2 the command is wrong, there is no such run, or it is not over.

Examples:
  hearsay pack runs/latest
  hearsay replay 2026-01-02T03-04-05-one-third-abcdef.tar.gz`,
    )
    .action(packRun)
}

async function packRun(run: string, { out }: { readonly out?: string }): Promise<void> {
  const { manifestOf } = await import('@hearsay/experiment')
  if (manifestOf(run).outcome === null)
    throw new CommandError(`${run}: it goes on, or was killed: wait, or go on with it by hearsay run --resume ${run}`)
  const folder = realpathSync(resolve(run))
  const file = out ?? `${basename(folder)}.tar.gz`
  await pack(folder, file)
  console.log(file)
}
