import { closeSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { appendWhole } from '@hearsay/ledger'
import { RunError } from './run-error.ts'

/** Does what writes to `path`. Throws RunError `write-failed` when the system refuses it. */
export function writing<T>(path: string, write: () => T): T {
  try {
    return write()
  } catch (error) {
    throw new RunError('write-failed', `${path} cannot be written: ${(error as Error).message}`, { cause: error })
  }
}

/** Writes a file under another name first, so that nobody ever reads half of it. Throws as `writing`. */
export function writeWhole(file: string, content: string | Uint8Array, { flush = true } = {}): void {
  const temporary = `${file}.${process.pid}.tmp`
  writing(file, () => {
    try {
      writeFileSync(temporary, content, { flush })
      renameSync(temporary, file)
    } catch (error) {
      rmSync(temporary, { force: true })
      throw error
    }
  })
}

/**
 * Appends to a file that is not kept open: networks have more peers than a process may have files. All of it is written or
 * nothing. Throws as `writing`.
 */
export function append(path: string, bytes: Uint8Array): void {
  writing(path, () => {
    const file = openSync(path, 'a')
    try {
      appendWhole(file, bytes)
    } finally {
      closeSync(file)
    }
  })
}

/** As files of a run have it. */
export function toJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`
}
