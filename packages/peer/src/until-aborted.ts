/** The value, or the signal's reason as soon as it is aborted: whatever the value waits for, nobody waits longer. */
export async function untilAborted<T>(value: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  // Nobody may be there to take its rejection.
  value.catch(() => {})
  if (signal === undefined) return value
  signal.throwIfAborted()
  const aborted = Promise.withResolvers<never>()
  const abort = (): void => aborted.reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([value, aborted.promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

/** Lets others have a turn, an interrupt among them. Throws the signal's reason. */
export async function giveTurn(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
  signal?.throwIfAborted()
}
