import { agreements, idleSettings } from '@hearsay/protocol'
import { idleMomentum } from '@hearsay/training/schema'
import type { Cell } from './cells.ts'

/** What cells say that may not be meant, in words, each once; nothing that makes them wrong. */
export function warningsOf(cells: readonly Pick<Cell, 'parameters'>[]): string[] {
  const told = cells.flatMap(({ parameters: { learning, agreement } }) => [
    idleMomentum(learning) ?? [],
    ...idleSettings(agreement),
    agreements.find(agreement.kind).baseline
      ? `agreement ${agreement.kind} protects nobody: it is there to compare with`
      : [],
  ])
  return [...new Set(told.flat())]
}
