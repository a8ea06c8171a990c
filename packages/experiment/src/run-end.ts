import { shellWord } from '@hearsay/catalogue/words'
import type { Outcome } from '@hearsay/results'
import { RunError } from '@hearsay/results'

/** How a run that did not come to its end is told: in its manifest, and to whoever began it. `path` is its folder, if there is one. */
export function endOfRun(
  error: unknown,
  signal: AbortSignal | undefined,
  path: string | undefined,
): { readonly outcome: Outcome; readonly error: unknown } {
  if (signal?.aborted) {
    const why = (signal.reason as Error).message
    const kept = path === undefined ? 'before it began' : `what was done is in ${path}${goOn(path)}`
    const told = new RunError('interrupted', `${why}; ${kept}`, { cause: error })
    return { outcome: { how: 'interrupted', why }, error: told }
  }
  const { message } = error as Error
  const outcome: Outcome = { how: 'failed', why: message }
  if (path === undefined || !(error instanceof RunError) || error.code !== 'write-failed') return { outcome, error }
  const told = new RunError(error.code, `${message}; what was done before is in ${path}${goOn(path)}`, {
    cause: error.cause,
  })
  return { outcome, error: told }
}

function goOn(path: string): string {
  return `, with which hearsay run --resume ${shellWord(path)} goes on`
}
