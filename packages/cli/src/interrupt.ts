import { CommandError } from './command-error.ts'

/** What was begun and does not end by itself is given up after so long. */
const patienceMs = 800

type End = (why: string, exitCode: number) => void

/** Ends what is under way, if it can be ended so that what is done is kept. */
let under: End | undefined

/**
 * Ends what is under way for a reason from outside, such as a reader that went away: false when nothing is that could keep
 * anything.
 */
export function endUnderWay(why: string, exitCode: number): boolean {
  under?.(why, exitCode)
  return under !== undefined
}

/**
 * Ctrl-C ends what is under way and keeps what is done; pressed again, it ends everything at once. What takes longer than
 * a moment to end is not waited for.
 */
export async function untilInterrupted<T>(start: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  let exitCode = 0
  const end: End = (why, code) => {
    if (controller.signal.aborted) return
    exitCode = code
    controller.abort(new Error(why))
    setTimeout(() => {
      process.stderr.write(`hearsay: ${why}\n`)
      process.exit(code)
    }, patienceMs)
  }
  const interrupt = (signal: NodeJS.Signals): void => end('interrupted', signal === 'SIGINT' ? 130 : 143)
  process.once('SIGINT', interrupt)
  process.once('SIGTERM', interrupt)
  under = end
  try {
    return await start(controller.signal)
  } catch (error) {
    if (!controller.signal.aborted) throw error
    throw new CommandError((error as Error).message, exitCode)
  } finally {
    under = undefined
    process.off('SIGINT', interrupt)
    process.off('SIGTERM', interrupt)
  }
}
