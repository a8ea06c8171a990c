import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { pointLatest } from './latest.ts'
import { describeRun, type Manifest, type ManifestInput } from './manifest.ts'
import { csvHeader, type RoundRow, toCsv, toParquet } from './rounds.ts'
import { type Summary, summarySchema } from './summary.ts'
import { writeWhole } from './write-whole.ts'

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
 * The folder of a run. Whatever interrupts the run, each file in it is valid: lines are written whole and at once,
 * everything else under another name first.
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
  /** Writes `summary.json`, `rounds.parquet`, the plots, the report and the end into the manifest. */
  finish(summary: Summary, endedAt: Date): Promise<void>
  /** Closes the files of an interrupted run; `finish` does so itself. May be called again. */
  close(): void
}

/** Makes `root/<timestamp>-<name>-<short>` with the scenario and the manifest in it, and points `root/latest` there. */
export function createRunFolder(options: RunFolderOptions): RunFolder {
  const { root, resolved, extensions, startedAt, ...input } = options
  const timestamp = startedAt.toISOString().slice(0, 19).replaceAll(':', '-')
  const name = `${timestamp}-${input.scenario}-${randomBytes(3).toString('hex')}`
  const path = join(root, name)
  mkdirSync(root, { recursive: true })
  mkdirSync(path)
  const manifest = describeRun(input, startedAt)
  writeWhole(join(path, 'scenario.yaml'), resolved)
  for (const { name, text } of extensions) writeWhole(join(path, name), text)
  writeWhole(join(path, 'manifest.json'), toJson(manifest))
  const notice = pointLatest(root, name)

  const events = openSync(join(path, 'events.jsonl'), 'a')
  const rounds = openSync(join(path, 'rounds.csv'), 'a')
  writeSync(rounds, `${csvHeader}\n`)
  const rows: RoundRow[] = []
  let open = true
  const close = (): void => {
    if (!open) return
    open = false
    for (const file of [events, rounds]) {
      fsyncSync(file)
      closeSync(file)
    }
  }
  const writeSummary = (summary: Summary): void => {
    writeWhole(join(path, 'summary.json'), toJson(summarySchema.parse(summary)))
  }
  return {
    path,
    notice,
    manifest,
    writeEvent: (event) => void writeSync(events, `${JSON.stringify(event)}\n`),
    writeRound: (row) => {
      rows.push(row)
      writeSync(rounds, `${toCsv(row)}\n`)
    },
    writeSummary,
    finish: async (summary, endedAt) => {
      close()
      writeSummary(summary)
      writeWhole(join(path, 'rounds.parquet'), toParquet(rows))
      // Loaded only now: nobody who asks for help or mistypes a scenario should wait for a plotting library.
      const { drawPlot } = await import('./plot.ts')
      const { renderReport } = await import('./report.ts')
      const { svg, png, figure } = await drawPlot(summary)
      writeWhole(join(path, 'plot.svg'), svg)
      writeWhole(join(path, 'plot.png'), png)
      const ended = { ...manifest, endedAt: endedAt.toISOString() }
      writeWhole(join(path, 'report.html'), await renderReport(summary, figure, ended))
      writeWhole(join(path, 'manifest.json'), toJson(ended))
    },
    close,
  }
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`
}
