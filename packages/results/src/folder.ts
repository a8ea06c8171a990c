import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { giveTurn } from '@hearsay/peer'
import { type Summary, summarySchema } from '@hearsay/scenario'
import { type CurveCell, type Curves, curvesOf } from './curves.ts'
import { holdingsHeader, holdingsLines } from './holdings-csv.ts'
import { holdingsOfJob, jobFiles, jobPath, modelPath, removeJobs, rowsOfJob } from './job-folder.ts'
import { pointLatest } from './latest.ts'
import { Lines } from './lines.ts'
import type { RunLog } from './logged-run.ts'
import { describeRun, type Manifest, type ManifestInput, type Outcome } from './manifest.ts'
import { csvHeader, type RoundRow, toCsv } from './rounds.ts'
import { toJson, writeWhole, writing } from './write-whole.ts'

export interface RunFolderOptions extends ManifestInput {
  /** Absolute, or from the working folder. */
  readonly base: string
  /** Where folders of runs are; made when there is none. */
  readonly root: string
  /** Names of the measures of its tasks, each once: columns of `rounds.csv`. */
  readonly measures: readonly string[]
  /** Its cells, whose parameters are columns of `curves.csv`. */
  readonly cells: readonly CurveCell[]
  readonly startedAt: Date
}

/** `<timestamp>-<scenario>-<short>`: unlike any other, and sorted by when it began. */
export function nameOfRun(scenario: string, startedAt: Date): string {
  const timestamp = startedAt.toISOString().slice(0, 19).replaceAll(':', '-')
  return `${timestamp}-${scenario}-${randomBytes(3).toString('hex')}`
}

/** Makes `root/<timestamp>-<name>-<short>` with the scenario and the manifest in it, and points `root/latest` there. */
export function createRunFolder(options: RunFolderOptions): RunFolder {
  const { root, measures, cells, startedAt, ...input } = options
  const name = nameOfRun(input.scenario, startedAt)
  writing(root, () => mkdirSync(root, { recursive: true }))
  const path = join(root, name)
  return writeRun(
    path,
    input,
    startedAt,
    (manifest) => new RunFolder(path, manifest, { measures, cells }, pointLatest(root, name)),
  )
}

/** The folder of a run that others do, job by job: the scenario and the manifest. Throws RunError `write-failed`. */
export function planRunFolder(path: string, input: ManifestInput & { readonly base: string }, plannedAt: Date): void {
  writing(path, () => mkdirSync(dirname(path), { recursive: true }))
  writeRun(path, input, plannedAt, () => {})
}

function writeRun<T>(
  path: string,
  input: ManifestInput & { readonly base: string },
  startedAt: Date,
  begin: (manifest: Manifest) => T,
): T {
  const manifest = describeRun({ ...input, base: relative(path, input.base) }, startedAt)
  writing(path, () => mkdirSync(path))
  try {
    writeWhole(join(path, 'scenario.yaml'), input.resolved)
    for (const { name, text } of input.extensions ?? []) {
      mkdirSync(dirname(join(path, name)), { recursive: true })
      writeWhole(join(path, name), text)
    }
    writeWhole(join(path, 'manifest.json'), toJson(manifest))
    return begin(manifest)
  } catch (error) {
    // Nothing was run: a folder with nothing in it tells nobody anything.
    rmSync(path, { recursive: true, force: true })
    throw error
  }
}

/**
 * The folder of a run that did not come to its end, for whoever goes on with it: its files that are put together of jobs begin
 * anew, since what was interrupted may have left any part of them.
 */
export function reopenRunFolder(
  path: string,
  manifest: Manifest,
  { measures, cells, now }: Columns & { readonly now: Date },
): RunFolder {
  const resumedAt = [...(manifest.resumedAt ?? []), now.toISOString()]
  const resumed: Manifest = { ...manifest, resumedAt, endedAt: null, outcome: null }
  for (const name of [jobFiles.events, ...Object.values(tables)])
    writing(join(path, name), () => rmSync(join(path, name), { force: true }))
  writeWhole(join(path, 'manifest.json'), toJson(resumed))
  return new RunFolder(path, resumed, { measures, cells }, undefined)
}

const tables = { rounds: 'rounds.csv', curves: 'curves.csv', holdings: 'holdings.csv' } as const

export interface Finishing {
  readonly signal?: AbortSignal | undefined
  /** Whether its pictures are drawn, which takes longer than all else that is written; true when left out. */
  readonly pictures?: boolean | undefined
}

/** Of which columns the tables of a run are. */
type Columns = Pick<RunFolderOptions, 'measures' | 'cells'>

/**
 * The folder of a run. Whatever interrupts the run, a full disk too, each file in it is valid: lines are written whole and at
 * once or not at all, everything else under another name first. All throw RunError `write-failed`.
 */
export class RunFolder {
  readonly path: string
  readonly manifest: Manifest
  /** Why `latest` does not lead here, if it does not. */
  readonly notice: string | undefined
  readonly #measures: readonly string[]
  readonly #rows: RoundRow[] = []
  readonly #events: Lines
  readonly #rounds: Lines
  readonly #curves: Lines
  readonly #holdings: Lines
  readonly #curvesOf: Curves
  readonly #cells: readonly CurveCell[]
  readonly #pictures: { readonly name: string; readonly png: Uint8Array }[] = []

  constructor(path: string, manifest: Manifest, { measures, cells }: Columns, notice: string | undefined) {
    this.path = path
    this.#measures = measures
    this.#cells = cells
    this.manifest = manifest
    this.notice = notice
    this.#events = new Lines(join(path, jobFiles.events))
    this.#rounds = new Lines(join(path, tables.rounds))
    this.#curves = new Lines(join(path, tables.curves))
    this.#holdings = new Lines(join(path, tables.holdings))
    this.#curvesOf = curvesOf(cells, measures)
    this.#rounds.write(csvHeader(measures))
    this.#curves.write(this.#curvesOf.header)
    this.#holdings.write(holdingsHeader)
  }

  /** Adds what a job that is done, given by its name, has in its folder: to `events.jsonl`, the tables, `ledgers` and `models`. */
  add(job: string): void {
    const folder = jobPath(this.path, job)
    this.#events.append(join(folder, jobFiles.events))
    const rows = rowsOfJob(this.path, job)
    for (const row of rows) this.#rows.push(row)
    this.#rounds.write(...rows.map((row) => toCsv(row, this.#measures)))
    this.#curves.write(...this.#curvesOf.lines(rows))
    const holdings = holdingsOfJob(this.path, job)
    if (holdings !== undefined) this.#holdings.write(...holdingsLines(holdings))
    this.#move(join(folder, jobFiles.ledgers), join(this.path, 'ledgers', job))
    this.#move(join(folder, jobFiles.model), modelPath(this.path, job))
  }

  #move(from: string, place: string): void {
    if (!existsSync(from)) return
    writing(place, () => {
      mkdirSync(dirname(place), { recursive: true })
      renameSync(from, place)
    })
  }

  /** Writes `summary.json` of the cells so far; may be called again. */
  writeSummary(summary: Summary): void {
    writeWhole(join(this.path, 'summary.json'), toJson(summarySchema.parse(summary)))
  }

  /**
   * Writes `summary.json`, `rounds.parquet`, the plots of what there is if they are wanted, the report and the end into the
   * manifest; when no job failed, their folders go. Throws the reason of the signal.
   */
  async finish(summary: Summary, endedAt: Date, { signal, pictures = true }: Finishing = {}): Promise<void> {
    this.#close()
    this.writeSummary(summary)
    // Loaded only now: nobody who asks for help or mistypes a scenario should wait for what makes files, pictures and pages.
    const { toParquet } = await import('./rounds-parquet.ts')
    writeWhole(join(this.path, 'rounds.parquet'), toParquet(this.#rows, this.#measures))
    const ended = { ...this.manifest, endedAt: endedAt.toISOString(), outcome: outcomeOf(summary) }
    const figure = pictures && summary.cells.length > 0 ? await this.#draw(summary, signal) : ''
    const { renderReport } = await import('./report.ts')
    writeWhole(join(this.path, 'report.html'), await renderReport(summary, figure, ended))
    writeWhole(join(this.path, 'manifest.json'), toJson(ended))
    if (summary.failed === undefined) removeJobs(this.path)
  }

  /** A run that is finished, kept elsewhere too. Gives what people are told of it. Throws RunError `log-failed`. */
  log(summary: Summary, endedAt: Date, log: RunLog): Promise<string> {
    const manifest = { ...this.manifest, endedAt: endedAt.toISOString(), outcome: outcomeOf(summary) }
    return log.write({
      path: this.path,
      manifest,
      summary,
      cells: this.#cells,
      rows: this.#rows,
      pictures: this.#pictures,
    })
  }

  /** Closes the files of a run that did not come to its end, and says how it ended where that can be written. Never throws. */
  end(outcome: Outcome): void {
    try {
      this.#close()
      writeWhole(join(this.path, 'manifest.json'), toJson({ ...this.manifest, outcome }))
    } catch {
      // Why it ended is told anyway; where nothing can be written, neither can this.
    }
  }

  #close(): void {
    for (const lines of [this.#events, this.#rounds, this.#curves, this.#holdings]) lines.close()
  }

  /** The pictures as a page takes them. An interrupt has its turn between the steps, each of which takes some time. */
  async #draw(summary: Summary, signal: AbortSignal | undefined): Promise<string> {
    const turn = (): Promise<void> => giveTurn(signal)
    await turn()
    const { drawCurves, drawPlot } = await import('./plot.ts')
    const { toPng } = await import('./picture.ts')
    const pictures = {
      plot: await drawPlot(summary, turn, this.#rows),
      curves: await drawCurves(summary, this.#rows, turn),
    }
    const figures: string[] = []
    for (const [name, picture] of Object.entries(pictures)) {
      if (picture === undefined) continue
      await turn()
      const png = toPng(picture.svg)
      writeWhole(join(this.path, `${name}.svg`), picture.svg)
      writeWhole(join(this.path, `${name}.png`), png)
      this.#pictures.push({ name, png })
      figures.push(picture.figure)
    }
    return figures.join('\n')
  }
}

function outcomeOf({ failed }: Summary): Outcome {
  if (failed === undefined) return { how: 'finished' }
  return { how: 'failed', why: `${failed.length} of its jobs failed` }
}
