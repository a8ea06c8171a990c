/**
 * Whether the peer of a folder is paused: by a file that is there or not, which its operator makes and removes while it runs, and
 * which is still there when it starts again. The peer hears of it at once, whatever it does, and is not asked.
 */
import { existsSync, rmSync, statSync, watch } from 'node:fs'
import { join } from 'node:path'
import { PeerError, replaceFile } from '@hearsay/ledger'
import type { Pausing } from '@hearsay/peer'

export const pauseName = 'paused'

const content = 'This peer is paused: it trains nothing. hearsay resume removes this file.\n'

/** Throws PeerError `storage-failed`. One pause is one, however many ask for it, and ends when the first of them ends it. */
export function setPaused(folder: string, paused: boolean): void {
  const path = join(folder, pauseName)
  if (!paused)
    try {
      rmSync(path, { force: true })
    } catch (error) {
      const problem = `${path}: ${(error as Error).message}. It is there as long as the peer is paused: remove it.`
      throw new PeerError('storage-failed', problem, { cause: error })
    }
  else if (!existsSync(path)) replaceFile(path, new TextEncoder().encode(content))
}

export function isPausedIn(folder: string): boolean {
  return existsSync(join(folder, pauseName))
}

/** When that was asked for; undefined if it is not paused. */
export function pausedSince(folder: string): Date | undefined {
  return statSync(join(folder, pauseName), { throwIfNoEntry: false })?.mtime
}

/** Where folders cannot be watched, a pause begins with the next round. */
export function pausingIn(folder: string): Pausing {
  return {
    isPaused: () => isPausedIn(folder),
    onChange: (changed) => {
      try {
        const watcher = watch(folder, { persistent: false }, (_, name) => {
          if (name === null || name === pauseName) changed()
        })
        watcher.on('error', () => watcher.close())
        return () => watcher.close()
      } catch {
        return () => {}
      }
    },
  }
}
