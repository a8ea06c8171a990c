import { lineSchema } from '@hearsay/peer'
import type { Spread } from '@hearsay/scenario'
import { type Cell, loadScenario } from '@hearsay/scenario'
import { startTrainingPool, type TrainingPool } from '@hearsay/training'
import type { CellResult } from '../cell-result.ts'
import type { RunEvent } from '../events.ts'
import type { Progress } from '../progress.ts'
import { runCell } from '../run-cell.ts'

/** What a run finds, in its folder: the same bytes however its jobs were done. */
export const filesFound = [
  'events.jsonl',
  'rounds.csv',
  'curves.csv',
  'holdings.csv',
  'rounds.parquet',
  'summary.json',
  'plot.svg',
]

/** An expectation of such runs. */
export const allCertified = `expect:
  - { text: all is certified, check: liveness.certified == liveness.rounds }
`

/** The least network that tolerates a liar, on a task that trains in milliseconds. */
export const smallText = `name: small
question: Does it work on the real parts?
peers: 4
tolerated: 1
task: { model: logistic, trainSamples: 800, testSamples: 200 }
learning: { localSteps: 5 }
agreement: { graceMs: 50 }
rounds: 3
stallMs: 20000
`

export interface CellRun extends CellResult {
  readonly events: readonly RunEvent[]
  readonly progress: readonly Progress[]
}

export interface Cells {
  readonly pool: TrainingPool
  /** Runs the one cell of the small scenario with this changed, as by `--set`. */
  run(overrides: readonly string[], options?: RunOptions): Promise<CellRun>
  close(): Promise<void>
}

interface RunOptions {
  readonly seed?: number
  readonly signal?: AbortSignal
  readonly onEvent?: (event: RunEvent) => void
}

export function smallCell(overrides: readonly string[]): Cell {
  return loadScenario(smallText, { file: 'small.yaml', overrides }).cells[0]!
}

export async function startCells(): Promise<Cells> {
  const pool = await startTrainingPool({ processes: 1 })
  return {
    pool,
    close: () => pool.close(),
    run: async (overrides, { seed = 1, signal, onEvent } = {}) => {
      const cell = smallCell(overrides)
      const { task, learning, peers } = cell.parameters
      const opened = await pool.open({ task, learning, peers, seed })
      const events: RunEvent[] = []
      const progress: Progress[] = []
      try {
        const result = await runCell({
          cell,
          seed,
          task: opened,
          onProgress: (each) => progress.push(each),
          onEvent: (event) => {
            lineSchema.parse({ cell: 0, seed, ...event })
            events.push(event)
            onEvent?.(event)
          },
          ...(signal === undefined ? {} : { signal }),
        })
        return { ...result, events, progress }
      } finally {
        await opened.close().catch(() => {})
      }
    },
  }
}

/** Of the last models of honest peers, when they are finite. */
export function accuracyOf({ measures }: Pick<CellResult, 'measures'>) {
  return measures.evaluation.accuracy as { readonly [Part in keyof Spread]: number }
}

/** Peers that had evidence against another, and were connected with it at a later end of a round of theirs. */
export function sparing({ events }: CellRun): { readonly peer: number; readonly culprit: number }[] {
  const proven: { peer: number; culprit: number }[] = []
  const connected = new Set<string>()
  const spared: { peer: number; culprit: number }[] = []
  for (const event of events) {
    if (event.kind === 'connected') connected.add(`${event.peer} ${event.other}`)
    if (event.kind === 'disconnected') connected.delete(`${event.peer} ${event.other}`)
    if (event.kind === 'evidence')
      for (const culprit of event.culprits) proven.push({ peer: event.peer, culprit: Number(culprit) })
    if (event.kind !== 'certified' && event.kind !== 'averaged') continue
    spared.push(...proven.filter(({ peer, culprit }) => peer === event.peer && connected.has(`${peer} ${culprit}`)))
  }
  if (proven.length === 0) throw new Error('nobody had evidence')
  return spared
}
