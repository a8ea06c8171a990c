import { oneLine, plainJson, shellWord } from '@hearsay/catalogue/words'
import type { Citation } from '@hearsay/results'
import type { Command } from 'commander'

export function addCite(program: Command): void {
  program
    .command('cite')
    .description('what a paper has to say of a run: settings, versions, digests, data, and how to make it again')
    .argument('<run>', 'the folder of a run, such as runs/latest')
    .option('--json', 'print it as JSON')
    .addHelpText(
      'after',
      `
Exit codes: 0 done, 2 the command is wrong, or there is no such run.

Examples:
  hearsay cite runs/latest
  hearsay pack runs/latest     the run as one file beside the paper`,
    )
    .action(cite)
}

async function cite(run: string, { json }: { readonly json?: boolean }): Promise<void> {
  const { manifestOf, summaryOf } = await import('@hearsay/experiment')
  const { citationOf } = await import('@hearsay/results')
  const cited = citationOf(summaryOf(run), manifestOf(run))
  process.stdout.write(json ? `${plainJson(cited, 2)}\n` : `${inWords(cited, run)}\n`)
}

function inWords(cited: Citation, run: string): string {
  const { program, seeds, failed, expectations } = cited
  const clone =
    program.commit === null
      ? ''
      : `, commit ${program.commit}${program.dirty ? ' with changes that no commit has' : ''}`
  const settings = Object.entries(cited.settings).map(([path, value]) => `  ${path}: ${told(value)}`)
  const varied = Object.entries(cited.varied).map(([path, values]) => `  ${path}: ${values.map(told).join(' | ')}`)
  const lines = [
    oneLine(`${cited.scenario}: ${cited.question}`),
    '',
    `Program     Hearsay ${program.version}${clone}`,
    `Engine      ${cited.engine}`,
    `Machine     ${cited.machine}`,
    `Begun       ${cited.startedAt}`,
    `Size        ${cited.cells} cells, seeds ${seeds.join(', ')}${failed > 0 ? `; ${failed} jobs failed` : ''}`,
    `Expected    ${expectations.held} of ${expectations.asked} expectations hold`,
    `Scenario    SHA-256 ${cited.digest}`,
    ...(cited.traceDigest === undefined ? [] : [`Trace       SHA-256 ${cited.traceDigest}`]),
    ...cited.data.map(({ source, licence }) => `Data        ${oneLine(source)}; licence: ${oneLine(licence)}`),
    '',
    'Settings of all cells',
    ...settings,
    ...(varied.length > 0 ? ['', 'What cells differ in', ...varied] : []),
    '',
    'To make it again',
    `  ${cited.commandLine.map(shellWord).join(' ')}`,
    ...(cited.traceDigest === undefined ? [] : [`  npx hearsay replay ${shellWord(run)}`]),
  ]
  return lines.join('\n')
}

function told(value: unknown): string {
  return oneLine(typeof value === 'string' ? value : value === null ? 'none' : JSON.stringify(value))
}
