// Takes a run of scenarios/rules-and-attacks.yaml into the documents: its picture, its numbers, and docs/attacks.md.
//   node scripts/reference/write-rules-and-attacks.ts runs/latest
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type HeatMapTable, heatMapOf } from '@hearsay/results'
import { type LoadedScenario, loadScenario, type Parameters, type Summary, type SummaryCell } from '@hearsay/scenario'
import type { PicturesSpec } from '@hearsay/training/schema'
import { formatted } from './generated.ts'
import { type Measured, measuredFile } from './rules-and-attacks.ts'
import { attacksReference, attacksReferenceFile } from './write-attacks-reference.ts'
import { writePicture } from './write-picture.ts'

const scenarioFile = fileURLToPath(new URL('../../scenarios/rules-and-attacks.yaml', import.meta.url))

/** What is kept of a run. Throws an Error when it is not one of the whole scenario as it is in the file now. */
export function measuredOf(summary: Summary, scenario: LoadedScenario): Measured {
  const isWhole = summary.cells.every(({ bySeed }) => bySeed.length === scenario.seeds.length)
  if (
    !isWhole ||
    contentOf(summary.cells) !== contentOf(scenario.cells) ||
    summary.seeds.join() !== scenario.seeds.join()
  )
    throw new Error('this is not a whole run of scenarios/rules-and-attacks.yaml: run it, as it is and to the end')
  const [accuracy, backdoor] = scenario.plot
    .filter((panel) => 'rows' in panel)
    .map((map) =>
      summary.seeds.map((_, i) =>
        heatMapOf(
          map,
          summary.cells.map((cell) => ofSeed(cell, i)),
        ),
      ),
    )
  const { rows, columns } = accuracy![0]!
  const valuesAt = (tables: readonly HeatMapTable[], row: string, column: string): number[] =>
    tables.map(({ squares }) => squares.find((square) => square.row === row && square.column === column)!.value)
  const { peers, tolerated, malicious, rounds, parameters } = summary.cells.find((cell) => cell.malicious > 0)!
  const { model, dataset, partition } = parameters.task as PicturesSpec
  const { kind, ...options } = partition
  return {
    engine: summary.engine,
    seeds: summary.seeds,
    peers,
    tolerated,
    liars: malicious,
    rounds,
    setting: `\`${dataset}\`, model ${typeof model === 'string' ? model : model.name}, partition ${[kind, ...Object.values(options)].join(' ')}`,
    rules: rows,
    attacks: columns,
    accuracy: rows.map((row) => columns.map((column) => valuesAt(accuracy!, row, column))),
    backdoor: rows.map((row) => valuesAt(backdoor!, row, backdoor![0]!.columns[0]!)),
  }
}

function ofSeed(cell: SummaryCell, i: number): SummaryCell {
  return { ...cell, bySeed: [cell.bySeed[i]!] }
}

/** Of cells, all that decides what is learnt. */
function contentOf(cells: readonly { readonly parameters: Parameters }[]): string {
  return JSON.stringify(cells.map(({ parameters: { network: _, ...content } }) => content))
}

if (import.meta.main) {
  const run = process.argv[2]
  if (run === undefined) {
    console.error('Usage: node scripts/reference/write-rules-and-attacks.ts RUN, such as runs/latest')
    process.exit(2)
  }
  const scenario = loadScenario(readFileSync(scenarioFile, 'utf8'), { file: scenarioFile })
  const measured = measuredOf(JSON.parse(readFileSync(join(run, 'summary.json'), 'utf8')) as Summary, scenario)
  writeFileSync(measuredFile, formatted(measuredFile, JSON.stringify(measured, null, 2)))
  writePicture(run)
  writeFileSync(attacksReferenceFile, attacksReference())
}
