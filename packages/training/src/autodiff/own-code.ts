import { beforeDeadline, NeverReturns, ownCodeMs } from '@hearsay/catalogue/extension'
import { TrainingError, type TrainingErrorCode } from '../task/training-error.ts'

/**
 * Calls a function of a user's own, which may throw, or never come to an end. Its error is told in one line.
 *
 * @throws TrainingError of the code that is given, or as the function does
 */
export function callOwn<Result>(code: TrainingErrorCode, what: string, work: () => Result): Result {
  try {
    return beforeDeadline(work, what)
  } catch (error) {
    throw ownError(code, what, error)
  }
}

/** The same of a function that may be asynchronous. */
export async function awaitOwn<Result>(
  code: TrainingErrorCode,
  what: string,
  work: () => Result | Promise<Result>,
): Promise<Result> {
  const given = callOwn(code, what, work)
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new NeverReturns(what, ownCodeMs)), ownCodeMs)
  try {
    return await Promise.race([given, late.promise])
  } catch (error) {
    throw ownError(code, what, error)
  } finally {
    clearTimeout(timer)
  }
}

function ownError(code: TrainingErrorCode, what: string, error: unknown): Error {
  if (error instanceof TrainingError) return error
  if (error instanceof NeverReturns) return new TrainingError('deadline', error.message)
  const message = error instanceof Error ? error.message : String(error)
  return new TrainingError(code, `${what}: ${message.split('\n')[0]}`, { cause: error })
}
