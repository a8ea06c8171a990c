/** One job of a run, a cell with one seed: its results, or why there are none. */
import type { CellResult } from './cell-result.ts'
import { CellLedgers, type RunFolder } from './results/index.ts'
import { runCell } from './run-cell.ts'
import { RunError } from './run-error.ts'
import type { RunOptions } from './run-scenario.ts'
import { type Cell, placeIn } from './scenario/index.ts'
import type { Tasks } from './tasks.ts'

/** Why a job failed, in words; of what no input should bring about, the error as well. */
export interface Failure {
  readonly reason: string
  readonly bug?: unknown
}

export interface JobPlace {
  readonly cell: Cell
  readonly seed: number
  readonly tasks: Tasks
  readonly folder: RunFolder
}

/** Throws what ends the whole run: the reason of the signal, and what its folder refuses. */
export async function runJob(options: RunOptions, place: JobPlace): Promise<CellResult | Failure> {
  const { cell, seed, tasks, folder } = place
  const { onProgress, signal, archive = false, trace = false } = options
  try {
    return await runCell({
      cell,
      seed,
      task: await tasks.open(cell, seed),
      ...(onProgress === undefined ? {} : { onProgress }),
      onEvent: (event) => folder.writeEvent({ cell: cell.index, seed, ...event }),
      ...(trace && { onStory: (event) => folder.writeEvent({ cell: cell.index, seed, ...event }) }),
      ledgers: ({ record, honest }) =>
        new CellLedgers(folder.path, { cell: cell.index, seed, record, honest }, archive),
      ...(signal === undefined ? {} : { signal }),
    })
  } catch (error) {
    if (signal?.aborted || (error instanceof RunError && error.code === 'RUN_WRITE_FAILED')) throw error
    // The next job gets processes that run.
    if ((error as { code?: unknown }).code === 'ERR_PROCESS_ENDED') await tasks.end()
    const failure = failureOf(
      error,
      options.scenario.extensions.map(({ name }) => name),
    )
    folder.writeEvent({ cell: cell.index, seed, kind: 'job-failed', message: failure.reason })
    return failure
  } finally {
    await tasks.close(cell, seed)
  }
}

/** `extensions` are the files of the user's own, in which an error is theirs. */
export function failureOf(error: unknown, extensions: readonly string[]): Failure {
  const own = placeIn(extensions, error)
  if (own !== undefined) return { reason: `${own}: ${error}`.replace(/\.$/, '') }
  const { code, message } = (error ?? {}) as { code?: unknown; message?: string }
  if (typeof code === 'string' && message !== undefined) return { reason: message.replace(/\.$/, '') }
  return { reason: `${error}: this is a bug`, bug: error }
}
