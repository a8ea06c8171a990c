import type { DataError } from './data-error.ts'

/** What stands under `data`, defaults filled in: `kind` names the format. */
export type DataSpec = { readonly kind: string; readonly [field: string]: unknown }

export interface DataContext {
  /** The folder that relative paths stand against. */
  readonly base: string
  /** Awaited now and then. */
  readonly turn?: () => Promise<void>
  /** Reading ends with its reason. */
  readonly signal?: AbortSignal
  /** Who is told all that is found, as `hearsay data check` does; without it the first fault is thrown. */
  readonly teller?: Teller
}

export interface Teller {
  /** What is wrong with one row, file or label, which is left out. */
  fault(error: DataError): void
  /** What is as it may be, and worth knowing. */
  note(text: string): void
}
