// Writes the table and the picture of docs/contraction.md from a run of scenarios/contraction.yaml:
// `node scripts/reference/write-contraction-table.ts RUN`.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type ContractionSummary, contractionProtocols, shrinking } from '@hearsay/experiment'
import { withGenerated } from './generated.ts'
import { writePicture } from './write-picture.ts'

const [run] = process.argv.slice(2)
if (run === undefined) {
  console.error(
    'Usage: node scripts/reference/write-contraction-table.ts RUN, the folder of a run of scenarios/contraction.yaml',
  )
  process.exit(2)
}
const document = fileURLToPath(new URL('../../docs/contraction.md', import.meta.url))
const summary = JSON.parse(readFileSync(join(run, 'summary.json'), 'utf8')) as ContractionSummary

const number = (value: number | null): string => (value === null ? '–' : value.toFixed(4))
const rows = summary.cells.map((cell) => {
  const { title, formula } = contractionProtocols[cell.protocol]
  const cells = [title, formula, cell.f, cell.n, number(cell.formula), number(cell.found), number(cell.byKernels)]
  return `| ${[...cells, shrinking(cell)].join(' | ')} |`
})
const beaten = summary.beatenBelowBound.map(({ protocol, n, f }) => {
  const cell = summary.cells.find((one) => one.protocol === protocol && one.n === n && one.f === f)!
  return `${contractionProtocols[protocol].title} with n = ${n}, f = ${f}: ${number(cell.found)} instead of ${number(cell.formula)}`
})
const table = [
  '| protocol | formula | f | n | formula gives | found | by the kernels | honest values |',
  '|---|---|---|---|---|---|---|---|',
  ...rows,
  '',
  summary.surprises.length === 0
    ? `All ${summary.cells.length} come out as the formulas say (seed ${summary.seeds.join(', ')}).`
    : `Not as the formulas say:\n\n${summary.surprises.map((surprise) => `- ${surprise}`).join('\n')}`,
  ...(beaten.length === 0
    ? []
    : ['', `Below its bound, where it promises nothing, the search beats a formula: ${beaten.join('; ')}.`]),
]
const text = readFileSync(document, 'utf8')
const script = 'scripts/reference/write-contraction-table.ts'
writeFileSync(document, withGenerated(text, script, `${table.join('\n')}\n`))
writePicture(run)
