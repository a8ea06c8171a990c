import { CommandError } from './command-error.ts'

/** Ctrl-C ends what is under way and keeps what is done; pressed again, it ends everything at once. */
export async function untilInterrupted<T>(start: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  let exitCode = 130
  const interrupt = (signal: NodeJS.Signals): void => {
    exitCode = signal === 'SIGINT' ? 130 : 143
    controller.abort()
  }
  process.once('SIGINT', interrupt)
  process.once('SIGTERM', interrupt)
  try {
    return await start(controller.signal)
  } catch (error) {
    throw (error as { code?: unknown }).code === 'RUN_INTERRUPTED'
      ? new CommandError((error as Error).message, exitCode)
      : error
  } finally {
    process.off('SIGINT', interrupt)
    process.off('SIGTERM', interrupt)
  }
}
