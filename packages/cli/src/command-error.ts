/** Something that the caller can mend: told without a stack. */
export class CommandError extends Error {
  readonly code = 'COMMAND'
  readonly exitCode: number

  constructor(message: string, exitCode = 2) {
    super(message)
    this.exitCode = exitCode
  }
}
