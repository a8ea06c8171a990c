import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, mkdirSync, openSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { appendWhole } from '@hearsay/peer'
import { giveTurn } from '../until-aborted.ts'
import { pointLatest } from './latest.ts'
import { describeRun, type Manifest, type ManifestInput, type Outcome } from './manifest.ts'
import { csvHeader, type RoundRow, toCsv, toParquet } from './rounds.ts'
import { type Summary, summarySchema } from './summary.ts'
import { writeWhole, writing } from './write-whole.ts'

export interface RunFolderOptions extends ManifestInput {
  /** Where folders of runs are; made when there is none. */
  readonly root: string
  /** The resolved scenario as YAML. */
  readonly resolved: string
  /** Files that the scenario names, which are kept beside it. */
  readonly extensions: readonly { readonly name: string; readonly text: string }[]
  readonly startedAt: Date
}

/**
 * The folder of a run. Whatever interrupts the run, a full disk too, each file in it is valid: lines are written whole and at
 * once or not at all, everything else under another name first. All throw RunError `RUN_WRITE_FAILED`.
 */
export interface RunFolder {
  readonly path: string
  /** Why `latest` does not lead here, if it does not. */
  readonly notice: string | undefined
  readonly manifest: Manifest
  /** Appends to `events.jsonl`. What is not JSON (NaN, Infinity) becomes null. */
  writeEvent(event: Readonly<Record<string, unknown>>): void
  /** Appends to `rounds.csv`; `finish` writes the same to `rounds.parquet`. */
  writeRound(row: RoundRow): void
  /** Writes `summary.json` of the cells so far; may be called again. */
  writeSummary(summary: Summary): void
  /**
   * Writes `summary.json`, `rounds.parquet`, the plots of what there is, the report and the end into the manifest. Throws the
   * reason of the signal.
   */
  finish(summary: Summary, endedAt: Date, signal?: AbortSignal): Promise<void>
  /** Closes the files of a run that did not come to its end, and says how it ended where that can be written. Never throws. */
  end(outcome: Outcome): void
}

/** Makes `root/<timestamp>-<name>-<short>` with the scenario and the manifest in it, and points `root/latest` there. */
export function createRunFolder(options: RunFolderOptions): RunFolder {
  const { root, resolved, extensions, startedAt, ...input } = options
  const timestamp = startedAt.toISOString().slice(0, 19).replaceAll(':', '-')
  const name = `${timestamp}-${input.scenario}-${randomBytes(3).toString('hex')}`
  const path = join(root, name)
  const manifest = describeRun(input, startedAt)
  writing(root, () => mkdirSync(root, { recursive: true }))
  writing(path, () => mkdirSync(path))
  try {
    writeWhole(join(path, 'scenario.yaml'), resolved)
    for (const { name, text } of extensions) writeWhole(join(path, name), text)
    writeWhole(join(path, 'manifest.json'), toJson(manifest))
    return new Folder(path, manifest, pointLatest(root, name))
  } catch (error) {
    // Nothing was run: a folder with nothing in it tells nobody anything.
    rmSync(path, { recursive: true, force: true })
    throw error
  }
}

class Folder implements RunFolder {
  readonly path: string
  readonly manifest: Manifest
  readonly notice: string | undefined
  readonly #rows: RoundRow[] = []
  readonly #events: Lines
  readonly #rounds: Lines

  constructor(path: string, manifest: Manifest, notice: string | undefined) {
    this.path = path
    this.manifest = manifest
    this.notice = notice
    this.#events = new Lines(join(path, 'events.jsonl'))
    this.#rounds = new Lines(join(path, 'rounds.csv'))
    this.#rounds.write(csvHeader)
  }

  writeEvent(event: Readonly<Record<string, unknown>>): void {
    this.#events.write(JSON.stringify(event))
  }

  writeRound(row: RoundRow): void {
    this.#rows.push(row)
    this.#rounds.write(toCsv(row))
  }

  writeSummary(summary: Summary): void {
    writeWhole(join(this.path, 'summary.json'), toJson(summarySchema.parse(summary)))
  }

  async finish(summary: Summary, endedAt: Date, signal?: AbortSignal): Promise<void> {
    this.close()
    this.writeSummary(summary)
    writeWhole(join(this.path, 'rounds.parquet'), toParquet(this.#rows))
    const ended = { ...this.manifest, endedAt: endedAt.toISOString(), outcome: outcomeOf(summary) }
    const figure = summary.cells.length === 0 ? '' : await this.#draw(summary, signal)
    // Loaded only now: nobody who asks for help or mistypes a scenario should wait for what makes pictures and pages.
    const { renderReport } = await import('./report.ts')
    writeWhole(join(this.path, 'report.html'), await renderReport(summary, figure, ended))
    writeWhole(join(this.path, 'manifest.json'), toJson(ended))
  }

  end(outcome: Outcome): void {
    try {
      this.close()
      writeWhole(join(this.path, 'manifest.json'), toJson({ ...this.manifest, outcome }))
    } catch {
      // Why it ended is told anyway; where nothing can be written, neither can this.
    }
  }

  close(): void {
    this.#events.close()
    this.#rounds.close()
  }

  /** The picture as a page takes it. An interrupt has its turn between the steps, each of which takes some time. */
  async #draw(summary: Summary, signal: AbortSignal | undefined): Promise<string> {
    const turn = (): Promise<void> => giveTurn(signal)
    await turn()
    const { drawPlot } = await import('./plot.ts')
    const { svg, png, figure } = await drawPlot(summary, turn)
    writeWhole(join(this.path, 'plot.svg'), svg)
    writeWhole(join(this.path, 'plot.png'), png)
    return figure
  }
}

/** A file that grows by whole lines. */
class Lines {
  readonly #path: string
  #file: number | undefined

  constructor(path: string) {
    this.#path = path
    this.#file = writing(path, () => openSync(path, 'a'))
  }

  write(line: string): void {
    const file = this.#file
    if (file !== undefined) writing(this.#path, () => appendWhole(file, Buffer.from(`${line}\n`)))
  }

  /** May be called again. */
  close(): void {
    const file = this.#file
    if (file === undefined) return
    this.#file = undefined
    writing(this.#path, () => {
      try {
        fsyncSync(file)
      } finally {
        closeSync(file)
      }
    })
  }
}

function outcomeOf({ failed }: Summary): Outcome {
  if (failed === undefined) return { how: 'finished' }
  return { how: 'failed', why: `${failed.length} of its jobs failed` }
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`
}
