/** A scenario from its first cell to its results: what `hearsay run` does. */
import { digestOf } from '@hearsay/protocol'
import { judgeDivergence } from './divergence.ts'
import { checkForeseen } from './foreseen.ts'
import { runJob } from './job.ts'
import type { Progress } from './progress.ts'
import {
  createRunFolder,
  type RunFolder,
  type SeedMeasures,
  type Summary,
  type SummaryCell,
  summarise,
} from './results/index.ts'
import { endOfRun } from './run-end.ts'
import { endOfRounds, judge, type LoadedScenario } from './scenario/index.ts'
import { Tasks } from './tasks.ts'
import { untilAborted } from './until-aborted.ts'

export interface RunOptions {
  readonly scenario: LoadedScenario
  readonly engine: 'native' | 'wasm' | 'auto'
  /** Where folders of runs are. */
  readonly root: string
  readonly commandLine: readonly string[]
  readonly onProgress?: (progress: Progress) => void
  /** Keep updates and models too, so that aggregates can be computed again. */
  readonly archive?: boolean
  /** Writes what peers say and hear among the events; on the virtual network only. */
  readonly trace?: boolean
  /** Ends the run at once, for the reason that the message of its reason gives; cells that are done stay in the folder. */
  readonly signal?: AbortSignal
}

export interface RunResult {
  readonly summary: Summary
  readonly folder: string
  /** What made jobs fail that no input should. */
  readonly bugs: readonly unknown[]
}

/**
 * Runs every cell with every seed, and writes the folder of the run as it goes. A job that fails is told in the summary, and
 * the others go on.
 *
 * @throws RunError `RUN_INTERRUPTED` when the signal ended it, `RUN_WRITE_FAILED` when its folder cannot be written,
 *   `RUN_IMPOSSIBLE` when a job is known to fail; there is no folder then
 * @throws TrainingError when the engine or the data cannot be had; there is no folder then
 */
export async function runScenario(options: RunOptions): Promise<RunResult> {
  const { scenario, signal, onProgress } = options
  const tasks = new Tasks(options.engine, scenario.cells, signal)
  let folder: RunFolder | undefined
  try {
    await checkForeseen(scenario.cells, signal)
    const { name, version, notice } = await untilAborted(tasks.engine(), signal)
    const engine = `${name} (${version})`
    onProgress?.({ kind: 'engine', engine, ...(notice === undefined ? {} : { notice }) })
    folder = createRunFolder({
      root: options.root,
      scenario: scenario.name,
      engine,
      seeds: scenario.seeds,
      commandLine: options.commandLine,
      resolved: scenario.resolved,
      extensions: scenario.extensions,
      startedAt: new Date(),
    })
    if (folder.notice !== undefined) onProgress?.({ kind: 'note', text: folder.notice })
    const bugs: unknown[] = []
    const summary = await runCells(options, { engine, tasks, folder, bugs })
    // Nobody trains any more: what draws the pictures has their memory.
    await tasks.end()
    await folder.finish(summary, new Date(), signal)
    return { summary, folder: folder.path, bugs }
  } catch (error) {
    const end = endOfRun(error, signal, folder?.path)
    folder?.end(end.outcome)
    throw end.error
  } finally {
    await tasks.end()
  }
}

async function runCells(
  options: RunOptions,
  { engine, tasks, folder, bugs }: { engine: string; tasks: Tasks; folder: RunFolder; bugs: unknown[] },
): Promise<Summary> {
  const { scenario, onProgress } = options
  const results: (SummaryCell | undefined)[] = scenario.cells.map(() => undefined)
  const failed: NonNullable<Summary['failed']> = []
  const summary = (): Summary => ({
    scenario: scenario.name,
    question: scenario.question,
    engine,
    seeds: [...scenario.seeds],
    ...traceDigestOf(results),
    cells: results.filter((result) => result !== undefined),
    ...(failed.length > 0 && { failed: [...failed] }),
    ...(scenario.plot.length > 0 && { plot: [...scenario.plot] }),
    expectations: verdictsOf(scenario, results),
  })
  folder.writeSummary(summary())
  for (const cell of scenario.cells) {
    const bySeed: SeedMeasures[] = []
    for (const seed of cell.seeds) {
      const { index, label, parameters } = cell
      const end = endOfRounds([parameters.agreement.kind])
      onProgress?.({ kind: 'cell', cell: index, cells: scenario.cells.length, label, seed, end })
      const result = await runJob(options, { cell, seed, tasks, folder })
      if ('reason' in result) {
        failed.push({ cell: index, label, seed, reason: result.reason })
        if ('bug' in result) bugs.push(result.bug)
        onProgress?.({ kind: 'failed', reason: result.reason })
      } else {
        for (const row of result.rows) folder.writeRound(row)
        bySeed.push(result.measures)
        results[index] = summarise(cell, bySeed)
        onProgress?.({ kind: 'done', measures: result.measures })
      }
      folder.writeSummary(summary())
    }
  }
  return summary()
}

/** On what the scenario expects, and on what goes without saying. */
function verdictsOf(
  { expectations, cells }: LoadedScenario,
  results: readonly (SummaryCell | undefined)[],
): Summary['expectations'] {
  const diverged = judgeDivergence(
    expectations,
    results.filter((result) => result !== undefined),
  )
  const verdicts = [...judge(expectations, cells, results), ...(diverged === undefined ? [] : [diverged])]
  return verdicts.map((verdict) => ({ ...verdict, failures: [...verdict.failures] }))
}

/** Of all cells and seeds so far, when every one has one. */
function traceDigestOf(results: readonly (SummaryCell | undefined)[]): Pick<Summary, 'traceDigest'> {
  const digests = results.flatMap((cell) => cell?.bySeed.map(({ traceDigest }) => traceDigest) ?? [])
  if (digests.length === 0 || digests.includes(undefined)) return {}
  return { traceDigest: digestOf(new TextEncoder().encode(digests.join('\n'))) }
}
