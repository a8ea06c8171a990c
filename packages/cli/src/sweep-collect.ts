import { plainJson, shellWord } from '@hearsay/catalogue/words'
import type { Command } from 'commander'
import { collect } from './assignments.ts'
import { CommandError } from './command-error.ts'
import { foundInWords } from './found-words.ts'
import { untilInterrupted } from './interrupt.ts'
import { logsOf } from './logs.ts'
import { jobsInWords } from './plan-words.ts'

export function addSweepCollect(sweep: Command): void {
  sweep
    .command('collect')
    .description('make an ordinary run of a sweep whose jobs have ended: tables, picture, report')
    .argument('<folder>', 'of a sweep')
    .option('--log <place>', 'keep the run elsewhere too: tensorboard, trackio, or mlflow=URL', collect, [])
    .option('--json', 'print the summary as JSON')
    .addHelpText(
      'after',
      '\nExit codes: 0 all expectations hold, 1 one does not, 2 a job is missing or failed, 130 interrupted.',
    )
    .action(collectFolder)
}

async function collectFolder(
  folder: string,
  { json, log }: { readonly json?: boolean; readonly log: string[] },
): Promise<void> {
  const { collectSweep } = await import('@hearsay/experiment')
  const logs = await logsOf(log)
  const result = await untilInterrupted((signal) => collectSweep(folder, { logs, signal }))
  const { summary, logged = [], unlogged = [] } = result
  if (json) process.stdout.write(`${plainJson(summary, 2)}\n`)
  else {
    const expected = summary.expectations.map(({ held, text }) => `${held ? '✓' : '✗'} ${text}`)
    const kept = logged.map((told) => `Kept too:   ${told}`)
    process.stdout.write(`${await foundInWords(summary, process.stdout)}\n\n`)
    process.stdout.write(`${[...expected, `The report: ${folder}/report.html`, ...kept].join('\n')}\n`)
  }
  if (summary.expectations.some(({ held }) => !held)) process.exitCode = 1
  if (summary.failed !== undefined)
    throw new CommandError(
      `${jobsInWords(summary.failed.length)} failed: hearsay sweep retry ${shellWord(folder)} has them done again`,
    )
  if (unlogged.length > 0) throw new CommandError(unlogged.join('\n'))
}
