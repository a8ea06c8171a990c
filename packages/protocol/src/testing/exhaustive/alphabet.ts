import { mostTolerated, Quorums } from '../../roster/quorums.ts'
import type { Statement } from '../../words/statements.ts'

/** Of all cases: n = 4, and f as much as their weights tolerate. */
export const positions = [0, 1, 2, 3] as const
export type Weights = readonly [number, number, number, number]
export const equalWeights: Weights = [1, 1, 1, 1]

export function quorumsOf(weights: Weights): Quorums {
  return new Quorums(weights, mostTolerated(weights.reduce((sum, weight) => sum + weight, 0)))
}

/** ` among 3, 2, 1 and 2`, the liar's last; nothing when all weigh the same. */
export function weighing(weights: Weights, liar = 3): string {
  if (weights.every((weight) => weight === 1)) return ''
  const honest = weights.filter((_, position) => position !== liar)
  return ` among ${honest.join(', ')} and ${weights[liar]}`
}

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
