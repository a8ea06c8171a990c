import { oneLine } from '@hearsay/catalogue/words'
import type { Progress } from '@hearsay/experiment'
import type { Command } from 'commander'
import { CommandError } from './command-error.ts'
import { untilInterrupted } from './interrupt.ts'

export function addSweepRun(sweep: Command, numberOf: (text: string) => number): void {
  sweep
    .command('run')
    .description('do one job of a sweep, unless it is done')
    .argument('<folder>', 'of a sweep, as hearsay sweep plan made it')
    .requiredOption('--index <number>', 'of the job, from 0', numberOf)
    .addHelpText(
      'after',
      `
A job that was cut off is done from nothing, and of two that do the same one counts. The engine and the version must be
those with which the sweep was planned.

Exit codes: 0 the job is done, now or before, 2 it failed, now or before, or could not be begun, 130 interrupted.`,
    )
    .action(runIndex)
}

async function runIndex(folder: string, { index }: { readonly index: number }): Promise<void> {
  const { doJob } = await import('@hearsay/experiment')
  const onProgress = (progress: Progress): void => {
    if (progress.kind === 'round') console.log(`round ${progress.round} of ${progress.rounds}`)
    if (progress.kind === 'note') console.log(oneLine(progress.text))
  }
  const result = await untilInterrupted((signal) => doJob({ folder, index, onProgress, signal }))
  if ('failed' in result) throw new CommandError(`job ${index} (${result.name}) failed: ${result.failed}`)
  console.log(`job ${index} (${result.name}) is done`)
}
