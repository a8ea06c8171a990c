/** One wrong thing in the protocol: one replacement in one source, seldom more. */
export interface Mutant {
  readonly name: string
  /** In packages/protocol/src. */
  readonly file: string
  readonly from: string
  readonly to: string
  /** What is replaced besides, when one thing is wrong in two places. */
  readonly also?: readonly (readonly [from: string, to: string])[]
  /** In packages/protocol/src, without `.test.ts`. */
  readonly tests: readonly string[]
}

/** The variable of the environment that says which mutant `mutant-hooks.ts` loads. */
export const mutantVariable = 'HEARSAY_MUTANT'

type Change = readonly [name: string, from: string, to: string]

export function mutants(file: string, tests: readonly string[], changes: readonly Change[]): Mutant[] {
  return changes.map(([name, from, to]) => ({ name, file, from, to, tests }))
}
