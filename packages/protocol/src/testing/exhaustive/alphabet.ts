import type { Statement } from '../../words/statements.ts'

/** Of all cases: n = 4, f = 1. */
export const positions = [0, 1, 2, 3] as const
export const tolerated = 1

/** Statements as bits, so that all that a peer has said is a number. */
export class Alphabet {
  readonly #bits: ReadonlyMap<string, number>

  constructor(statements: readonly Statement[]) {
    if (statements.length > 31) throw new Error('more statements than bits')
    this.#bits = new Map(statements.map((statement, bit) => [nameOf(statement), bit]))
  }

  bit(statement: Statement): number {
    const bit = this.#bits.get(nameOf(statement))
    if (bit === undefined) throw new Error(`${nameOf(statement)} is not in the alphabet of this case`)
    return bit
  }
}

export function nameOf(statement: Statement): string {
  switch (statement.kind) {
    case 'init':
    case 'echo':
    case 'ready':
      return `${statement.kind.toUpperCase()}(${statement.digest})`
    case 'estimate':
      return `EST(${statement.phase}, ${statement.value})`
    case 'coordinate':
      return `COORD(${statement.phase}, ${statement.value})`
    case 'auxiliary':
      return `AUX(${statement.phase}, ${['{}', '{0}', '{1}', '{0, 1}'][statement.values]})`
    default:
      throw new Error(`a ${statement.kind} is in no alphabet`)
  }
}
