/**
 * What a caller or the environment got wrong. `code` is stable, in lower-case words joined by hyphens; the message says the
 * remedy. A room's errors are a class of its own, whose codes its type lists.
 */
export class CodedError<Code extends string = string> extends Error {
  override readonly name: string = 'CodedError'
  readonly code: Code

  constructor(code: Code, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
