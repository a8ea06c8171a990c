/**
 * What the filters of asynchronous agreement let through, and where learning ends: ½‖x‖² in 20 dimensions, ten workers of which three
 * may lie (packages/protocol/src/testing/quadratic.ts).
 */
import { type Outcome, outcome, trials, type Variant, variants } from '@hearsay/protocol/testing/quadratic'
import { commandLine, usageError } from '../command-line.ts'

const help = `node scripts/lab/measure-kardam.ts: share of honest gradients applied, and the length of x in the end.

  --seeds N      medians of so many; 51
  --only TEXT    filters whose name has this in it
  --believed     only where coefficients are what workers say
  --recomputed   only where they are computed by who judges
  --json         the figures as JSON

Exit codes: 0 done, 2 the command is wrong.`

const flags = commandLine(help, {
  seeds: { type: 'string', default: '51' },
  only: { type: 'string', default: '' },
  believed: { type: 'boolean', default: false },
  recomputed: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
})
const seeds = Number(flags.seeds)
if (!Number.isInteger(seeds) || seeds < 1) usageError(`--seeds takes a whole number above 0, not ${flags.seeds}`)
const chosen = Object.entries<Variant>(variants).filter(([name]) => name.includes(flags.only))
if (chosen.length === 0)
  usageError(`--only ${flags.only}: no filter has that in its name: ${Object.keys(variants).join('; ')}`)

const found: ({ coefficients: string; filter: string; trial: string } & Outcome)[] = []
for (const coefficients of ['believed', 'recomputed'] as const) {
  if ((flags.believed || flags.recomputed) && !flags[coefficients]) continue
  if (!flags.json) {
    console.log(
      `Coefficients ${coefficients}: share of honest gradients applied / length at the end, medians of ${seeds} seeds\n`,
    )
    console.log(`| filter | ${trials.join(' | ')} |\n| --- |${' --- |'.repeat(trials.length)}`)
  }
  for (const [filter, variant] of chosen) {
    const cells = trials.map((trial) => {
      const { share, norm } = outcome(variant, trial, seeds, coefficients)
      found.push({ coefficients, filter, trial, share, norm })
      return `${share.toFixed(2)} / ${lengthOf(norm)}`
    })
    if (!flags.json) console.log(`| ${filter} | ${cells.join(' | ')} |`)
  }
  if (!flags.json) console.log()
}
if (flags.json) console.log(JSON.stringify(found))

/** Two digits of it: `0.15`, `23`, `43,568`, `2.0e+38`. */
function lengthOf(norm: number): string {
  if (norm >= 1e6 || Number.isNaN(norm)) return norm.toExponential(1)
  return norm >= 100 ? Math.round(norm).toLocaleString('en-US') : norm.toPrecision(2)
}
