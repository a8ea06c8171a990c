import type { SeedMeasures } from '@hearsay/scenario'
import type { Measure } from '@hearsay/training/schema'
import type { RunPlan } from './plan-estimate.ts'

/** What a run tells while it goes on. Rounds, notes and waiting are of the newest cell. */
export type Progress =
  | { readonly kind: 'engine'; readonly engine: string; readonly notice?: string }
  | {
      readonly kind: 'cell'
      /** From 0. */
      readonly cell: number
      readonly cells: number
      readonly label: string
      readonly seed: number
      /** What one line of a round has room for. */
      readonly headline: Measure
      /** What becomes of its rounds. */
      readonly end: string
      /** Whether its times are those of a virtual clock. */
      readonly virtual: boolean
    }
  | {
      /** This round has ended for every honest peer, or some go on to the next without the others. */
      readonly kind: 'round'
      readonly round: number
      readonly rounds: number
      /** The headline of the task, of the model of the round, if it was evaluated; the worst, if there are several. */
      readonly worst?: number
      /** Honest peers for which this round has ended, of so many. */
      readonly ended: number
      readonly honest: number
      /** Different models that honest peers ended this round with. */
      readonly models: number
      /** By an honest peer on average, since the cell began. */
      readonly receivedBytes: number
    }
  /** What the jobs take that are to be done, as far as one that was tried tells. */
  | { readonly kind: 'plan'; readonly plan: RunPlan }
  /** Of a run that is gone on with, how many of its jobs are done. */
  | { readonly kind: 'resumed'; readonly done: number; readonly jobs: number }
  /** Nothing went on for a while; at `stallMs` the cell is ended. */
  | { readonly kind: 'waiting'; readonly waitedMs: number; readonly stallMs: number }
  | { readonly kind: 'note'; readonly text: string }
  /** The cell with this seed has no results. */
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'done'; readonly measures: SeedMeasures }

/** What the program of a trainer logs. */
export function saidByTrainer(line: string): Progress {
  return { kind: 'note', text: `trainer: ${line}` }
}
