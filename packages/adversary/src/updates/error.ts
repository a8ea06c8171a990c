export type AttackErrorCode = 'unknown-attack' | 'unknown-option' | 'bad-option' | 'bad-context' | 'bad-attack'

/** A caller's mistake. `code` is stable; the message says the remedy. */
export class AttackError extends Error {
  readonly code: AttackErrorCode

  constructor(code: AttackErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'AttackError'
    this.code = code
  }
}
