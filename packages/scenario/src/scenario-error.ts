import { CodedError } from '@hearsay/catalogue'

/** One thing that is wrong with a scenario, and where. */
export interface Problem {
  /** 1-based; absent when the problem is in an override or the file as a whole. */
  readonly line?: number
  readonly column?: number
  /** Dotted path of the field, empty for the scenario as a whole. */
  readonly path: string
  /** What was expected, what was found, and the remedy. */
  readonly message: string
  /** Where the value came from when it is not in the file: `--set task.dataset=minst`. */
  readonly origin?: string
}

/** A scenario that cannot be run; every problem found is in the message, one a line. */
export class ScenarioError extends CodedError<'bad-scenario'> {
  override readonly name = 'ScenarioError'
  readonly file: string
  readonly problems: readonly Problem[]

  constructor(file: string, problems: readonly Problem[]) {
    const sorted = problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0))
    super('bad-scenario', sorted.map((problem) => describeProblem(file, problem)).join('\n'))
    this.file = file
    this.problems = sorted
  }
}

function describeProblem(file: string, problem: Problem): string {
  const position = problem.line === undefined ? '' : `:${problem.line}:${problem.column ?? 1}`
  const place = problem.origin ?? `${file}${position}`
  return problem.path === '' ? `${place}: ${problem.message}` : `${place}: ${problem.path}: ${problem.message}`
}
