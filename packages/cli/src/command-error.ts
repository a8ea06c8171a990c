import { CodedError } from '@hearsay/catalogue'

/** Something that the caller can mend: told without a stack. */
export class CommandError extends CodedError<'command'> {
  readonly exitCode: number

  constructor(message: string, exitCode = 2) {
    super('command', message)
    this.exitCode = exitCode
  }
}
