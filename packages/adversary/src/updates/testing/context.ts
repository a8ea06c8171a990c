import type { AttackContext } from '../attack.ts'

/** Rows of numbers as vectors. */
export const vectorsOf = (...rows: number[][]): Float32Array[] => rows.map((row) => Float32Array.from(row))

/** A context around honest updates; own is the first of them, the rule a trimmed mean that tolerates f. */
export function contextOf(
  honest: readonly Float32Array[],
  f: number,
  rest: Partial<AttackContext> = {},
): AttackContext {
  return {
    own: honest[0]!,
    honest,
    n: honest.length + f,
    f,
    rule: { rule: 'trimmed-mean', tolerated: f },
    random: { uniform: () => 0.5 },
    round: 1,
    memory: new Map(),
    items: {
      width: 1,
      factors: 1,
      model: new Float32Array(honest[0]!.length),
      targets: [0],
      liked: [Int32Array.of(honest[0]!.length - 1)],
    },
    ...rest,
  }
}
