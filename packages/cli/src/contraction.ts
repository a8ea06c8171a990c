import { join, relative } from 'node:path'
import { oneLine, plain, plainJson } from '@hearsay/catalogue/words'
import {
  type ContractionCell,
  contractionProtocols,
  loadContraction,
  runContraction,
  shrinking,
} from '@hearsay/experiment'
import { CommandError } from './command-error.ts'

export interface ContractionFlags {
  readonly set: readonly string[]
  readonly seed?: number
  readonly out: string
  readonly json?: boolean
  readonly engine: string
  readonly data?: string
  readonly network?: string
  readonly archive?: boolean
  readonly trace?: boolean
  readonly pictures: boolean
}

/** `hearsay run` of a scenario of contraction. Exit code 1 when something does not come out as the formulas say. */
export async function runContractionFile(
  text: string,
  file: string,
  flags: ContractionFlags,
  signal: AbortSignal,
): Promise<void> {
  if (flags.set.length > 0)
    throw new CommandError(
      `--set ${flags.set[0]}: a scenario of contraction has no cells whose parameters could be set; edit ${file}`,
    )
  const { engine, data, network, archive, trace, pictures } = flags
  const idle = {
    ...{ data, network, archive, trace, ...(engine !== 'auto' && { engine }) },
    ...(!pictures && { 'no-pictures': true }),
  }
  for (const [name, value] of Object.entries(idle))
    if (value !== undefined)
      throw new CommandError(
        `--${name}: a scenario of contraction trains nobody, and its picture is small: leave it out`,
      )
  const loaded = loadContraction(text, file)
  const scenario = flags.seed === undefined ? loaded : { ...loaded, seeds: [flags.seed] }
  const words = flags.json ? process.stderr : process.stdout
  words.write(`Hearsay: ${scenario.name}\n${oneLine(scenario.question)}\n`)
  let told = ''
  const { summary, folder } = await runContraction({
    scenario,
    root: flags.out,
    commandLine: ['npx', 'hearsay', ...process.argv.slice(2)],
    signal,
    onNotice: (notice) => void words.write(`${oneLine(notice)}\n`),
    onCell: (cell, done, cells) => {
      const { title, bound, formula } = contractionProtocols[cell.protocol]
      if (told !== cell.protocol)
        words.write(
          `\n[${done} of ${cells}] ${title}\n    worst ratio ${formula}; shrinks if and only if n > ${bound}f\n`,
        )
      told = cell.protocol
      words.write(`    ${describe(cell)}\n`)
    },
  })
  const near = relative('', folder)
  const at = (name: string): string => plain(join(near.startsWith('..') ? folder : near, name))
  const met = summary.cells.length
  words.write('\n')
  if (summary.surprises.length === 0) words.write(`✓ all ${met} come out as the formulas say\n`)
  for (const surprise of summary.surprises) words.write(`✗ ${surprise}\n`)
  for (const { protocol, n, f } of summary.beatenBelowBound)
    words.write(`– ${protocol}, n = ${n}, f = ${f}: below its bound, liars attain more than the formula\n`)
  words.write(
    `\nThe picture:   ${at('plot.png')}\nThe report:    ${at('report.html')}\n` +
      `All numbers:   ${at('summary.json')}, contraction.csv beside it\n`,
  )
  if (flags.json) process.stdout.write(`${plainJson(summary, 2)}\n`)
  if (summary.surprises.length > 0) process.exitCode = 1
}

function describe(cell: ContractionCell): string {
  const { n, f, found, formula, byKernels } = cell
  const parts = [
    `f = ${f}, n = ${String(n).padStart(2)}`,
    `found ${found.toFixed(4)}`,
    `formula ${formula === null ? '     –' : formula.toFixed(4)}`,
    `by the kernels ${byKernels.toFixed(4)}`,
    `honest values ${shrinking(cell)}`,
  ]
  return parts.join('   ')
}
