/**
 * What the filters of asynchronous agreement let through, and where learning ends:
 *
 *     node scripts/lab/measure-kardam.ts [SEEDS]
 */
import { outcome, trials, variants } from '@hearsay/protocol/testing/quadratic'
import { commandLineOfFiles, usageError } from '../command-line.ts'

const help = `node scripts/lab/measure-kardam.ts [SEEDS]: what filters of asynchronous agreement let through, and where learning ends.

Quadratic costs, ten peers, f = 3, 4,000 gradients: by variant of the filters and attack the share of honest gradients that
pass, and the norm at the end. Medians of so many seeds, 5 when left out.

Exit codes: 0 done, 2 the command is wrong.`
const seeds = Number(commandLineOfFiles(help, {}).positionals[0] ?? 5)
if (!Number.isSafeInteger(seeds) || seeds < 1) usageError('it takes how many seeds, from 1')
const shown = (value: number): string => (value >= 1000 ? value.toExponential(0) : value.toPrecision(2))
for (const coefficients of ['believed', 'recomputed'] as const) {
  console.log(
    `Coefficients ${coefficients}: share of honest gradients accepted / final norm, medians of ${seeds} seeds\n`,
  )
  console.log(`| variant | ${trials.join(' | ')} |`)
  console.log(`| --- |${' --- |'.repeat(trials.length)}`)
  for (const [name, variant] of Object.entries(variants)) {
    const cells = trials.map((trial) => {
      const { share, norm } = outcome(variant, trial, seeds, coefficients)
      return `${share.toFixed(2)} / ${shown(norm)}`
    })
    console.log(`| ${name} | ${cells.join(' | ')} |`)
  }
  console.log()
}
