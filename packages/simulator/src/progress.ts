import type { SeedMeasures } from './results/summary.ts'

/** What a run tells while it goes on. */
export type Progress =
  | { readonly kind: 'engine'; readonly engine: string; readonly notice?: string }
  | {
      readonly kind: 'cell'
      readonly cell: number
      readonly cells: number
      readonly label: string
      readonly seed: number
    }
  | {
      readonly kind: 'round'
      readonly label: string
      readonly round: number
      readonly rounds: number
      /** Of the model that was just certified, on the test samples; 0 to 1. */
      readonly accuracy: number
      /** Honest peers that have certified this round, of so many. */
      readonly certified: number
      readonly honest: number
      readonly receivedBytes: number
    }
  | { readonly kind: 'note'; readonly label: string; readonly text: string }
  | { readonly kind: 'done'; readonly label: string; readonly seed: number; readonly measures: SeedMeasures }
