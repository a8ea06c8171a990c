/** A scenario of contraction from its first search to its folder: what `hearsay run` does with one. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { giveTurn } from '@hearsay/peer'
import { describeRun, type Manifest, nameOfRun, pointLatest, toJson, writeWhole, writing } from '@hearsay/results'
import { stringify } from 'yaml'
import { endOfRun } from '../run-end.ts'
import { contractionProtocols, type ProtocolName } from './protocols.ts'
import type { ContractionScenario } from './scenario.ts'
import { searchWorst, type Worst } from './search.ts'
import {
  beatenBelowBound,
  type ContractionCell,
  type ContractionSummary,
  ratioByKernels,
  surprises,
} from './verdict.ts'

export interface ContractionOptions {
  readonly scenario: ContractionScenario
  /** Where folders of runs are. */
  readonly root: string
  readonly commandLine: readonly string[]
  readonly onNotice?: (notice: string) => void
  readonly onCell?: (cell: ContractionCell, done: number, cells: number) => void
  readonly signal?: AbortSignal
}

/**
 * @throws RunError `interrupted` when the signal ended it, `write-failed`; what was found is in the folder
 */
export async function runContraction(
  options: ContractionOptions,
): Promise<{ readonly summary: ContractionSummary; readonly folder: string }> {
  const { scenario, root, commandLine, signal } = options
  const startedAt = new Date()
  const name = nameOfRun(scenario.name, startedAt)
  const folder = join(root, name)
  writing(folder, () => mkdirSync(folder, { recursive: true }))
  const resolved = stringify(scenario)
  const { seeds } = scenario
  const manifest = describeRun({ scenario: scenario.name, engine: 'none', seeds, commandLine, resolved }, startedAt)
  try {
    writeWhole(join(folder, 'scenario.yaml'), resolved)
    writeWhole(join(folder, 'manifest.json'), toJson(manifest))
    const notice = pointLatest(root, name)
    if (notice !== undefined) options.onNotice?.(notice)
    const summary = await searchAll(options, folder)
    const ended: Manifest = { ...manifest, endedAt: new Date().toISOString(), outcome: { how: 'finished' } }
    await draw(summary, ended, folder, signal)
    writeWhole(join(folder, 'manifest.json'), toJson(ended))
    return { summary, folder }
  } catch (error) {
    const end = endOfRun(error, signal, folder)
    try {
      writeWhole(join(folder, 'manifest.json'), toJson({ ...manifest, outcome: end.outcome }))
    } catch {
      // Where nothing can be written, why it ended cannot be either; it is told anyway.
    }
    throw end.error
  }
}

async function searchAll(options: ContractionOptions, folder: string): Promise<ContractionSummary> {
  const { scenario, signal } = options
  const found: ContractionCell[] = []
  const places = placesOf(scenario)
  for (const place of places) {
    const cell = await searchCell(scenario, place, () => giveTurn(signal))
    found.push(cell)
    writeWhole(join(folder, 'contraction.csv'), toCsv(found))
    options.onCell?.(cell, found.length, places.length)
  }
  const summary: ContractionSummary = {
    scenario: scenario.name,
    question: scenario.question,
    seeds: scenario.seeds,
    cells: found,
    surprises: surprises(found),
    beatenBelowBound: beatenBelowBound(found).map(({ protocol, n, f }) => ({ protocol, n, f })),
  }
  writeWhole(join(folder, 'summary.json'), toJson(summary))
  return summary
}

async function draw(
  summary: ContractionSummary,
  ended: Manifest,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { drawContraction } = await import('./plot.ts')
  const { renderContraction } = await import('./report.ts')
  const { toPng } = await import('@hearsay/results/pictures')
  const { svg, figure } = await drawContraction(summary, () => giveTurn(signal))
  writeWhole(join(folder, 'plot.svg'), svg)
  writeWhole(join(folder, 'plot.png'), toPng(svg))
  writeWhole(join(folder, 'report.html'), await renderContraction(summary, figure, ended))
}

interface Place {
  readonly protocol: ProtocolName
  readonly n: number
  readonly f: number
}

function placesOf({ contraction }: ContractionScenario): Place[] {
  const { protocols, tolerated, below, above } = contraction
  return protocols.flatMap((protocol) =>
    tolerated.flatMap((f) => {
      const at = contractionProtocols[protocol].bound * f
      const all = Array.from({ length: below + above + 1 }, (_, index) => at - below + index)
      // Two honest peers are needed to differ.
      return all.filter((n) => n - f >= 2).map((n) => ({ protocol, n, f }))
    }),
  )
}

async function searchCell(
  { contraction, seeds }: ContractionScenario,
  { protocol: name, n, f }: Place,
  turn: () => Promise<void>,
): Promise<ContractionCell> {
  const protocol = contractionProtocols[name]
  const { starts, steps } = contraction
  const dimensions = protocol.byCoordinate ? [1] : contraction.dimensions
  let worst: (Worst & { readonly dimension: number }) | undefined
  for (const seed of seeds)
    for (const dimension of dimensions) {
      const found = await searchWorst({ protocol, n, f, dimension, starts, steps, seed }, turn)
      if (worst === undefined || found.ratio > worst.ratio) worst = { ...found, dimension }
    }
  const { ratio, exchange, dimension } = worst!
  const formula = protocol.ratio(n, f)
  return {
    protocol: name,
    n,
    f,
    found: ratio,
    formula: Number.isFinite(formula) ? formula : null,
    byKernels: ratioByKernels(exchange, name, n, f),
    dimension,
    exchange,
    shrinks: n > protocol.bound * f,
  }
}

function toCsv(cells: readonly ContractionCell[]): string {
  const lines = cells.map(({ protocol, n, f, found, formula, byKernels, dimension, shrinks }) =>
    [protocol, n, f, found, formula ?? '', byKernels, dimension, shrinks].join(),
  )
  return `protocol,n,f,found,formula,by_kernels,dimension,shrinks\n${lines.join('\n')}\n`
}
