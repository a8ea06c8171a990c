import { plainJson } from '@hearsay/catalogue/words'
import type { Command } from 'commander'
import { CommandError } from './command-error.ts'
import { untilInterrupted } from './interrupt.ts'

export function addSweepCollect(sweep: Command): void {
  sweep
    .command('collect')
    .description('make an ordinary run of a sweep whose jobs have ended: tables, picture, report')
    .argument('<folder>', 'of a sweep')
    .option('--json', 'print the summary as JSON')
    .addHelpText(
      'after',
      '\nExit codes: 0 all expectations hold, 1 one does not, 2 a job is missing or failed, 130 interrupted.',
    )
    .action(collectFolder)
}

async function collectFolder(folder: string, { json }: { readonly json?: boolean }): Promise<void> {
  const { collectSweep } = await import('@hearsay/experiment')
  const { renderTable } = await import('@hearsay/results')
  const { summary } = await untilInterrupted((signal) => collectSweep(folder, signal))
  if (json) process.stdout.write(`${plainJson(summary, 2)}\n`)
  else {
    const expected = summary.expectations.map(({ held, text }) => `${held ? '✓' : '✗'} ${text}`)
    process.stdout.write(`${renderTable(summary, { width: process.stdout.columns ?? 110, colour: false })}\n\n`)
    process.stdout.write(`${[...expected, `The report: ${folder}/report.html`].join('\n')}\n`)
  }
  if (summary.expectations.some(({ held }) => !held)) process.exitCode = 1
  if (summary.failed !== undefined)
    throw new CommandError(`${summary.failed.length} jobs failed: hearsay sweep retry ${folder} has them done again`)
}
