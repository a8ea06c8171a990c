/**
 * What the filters of asynchronous agreement let through, and where learning ends:
 *
 *     node scripts/lab/measure-kardam.ts [SEEDS]
 */
import { outcome, trials, variants } from '@hearsay/protocol/testing/quadratic'

const seeds = Number(process.argv[2] ?? 5)
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
