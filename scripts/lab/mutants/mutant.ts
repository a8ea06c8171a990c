import type { Change } from './mutant-place.ts'

/** One wrong thing in the protocol: one change of its source, seldom more. */
export interface Mutant {
  readonly name: string
  readonly changes: readonly Change[]
  /** Of any package, by the ends of their paths without `.test.ts`: the name of a file, with its folder where another has it. */
  readonly tests: readonly string[]
}

/** The variable of the environment that says which mutant is loaded. */
export const mutantVariable = 'HEARSAY_MUTANT'

type Row = readonly [name: string, at: string, from: string, to: string]

/** Mutants of members of a class. */
export function inClass(owner: string, tests: readonly string[], rows: readonly Row[]): Mutant[] {
  return inFunctions(
    tests,
    rows.map(([name, member, from, to]) => [name, `${owner}.${member}`, from, to]),
  )
}

/** Mutants of functions and constants of a file. */
export function inFunctions(tests: readonly string[], rows: readonly Row[]): Mutant[] {
  return rows.map(([name, at, from, to]) => ({ name, changes: [{ at, from, to }], tests }))
}
