/**
 * Whether the peer of a folder is paused: by a file that is there or not, which its operator makes and removes while it runs, and
 * which is still there when it starts again. The peer hears of it at once, whatever it does, and is not asked.
 */
import { existsSync, readFileSync, rmSync, statSync, watch } from 'node:fs'
import { join } from 'node:path'
import { PeerError, replaceFile } from '@hearsay/ledger'
import type { Pausing } from '@hearsay/peer'
import { keepsModelOf } from './newest-model.ts'

export const pauseName = 'paused'

const content = 'This peer is paused: it trains nothing. hearsay resume removes this file.\n'

/** Throws PeerError `storage-failed`. One pause is one, however many ask for it, and ends when the first of them ends it. */
export function setPaused(folder: string, paused: boolean, backTo?: number): void {
  const path = join(folder, pauseName)
  const asks = backTo === undefined ? '' : `back to round ${backTo}\n`
  if (!paused)
    try {
      rmSync(path, { force: true })
    } catch (error) {
      const problem = `${path}: ${(error as Error).message}. It is there as long as the peer is paused: remove it.`
      throw new PeerError('storage-failed', problem, { cause: error })
    }
  else if (asks !== '' || !existsSync(path)) replaceFile(path, new TextEncoder().encode(content + asks))
}

export function isPausedIn(folder: string): boolean {
  return existsSync(join(folder, pauseName))
}

/** When that was asked for; undefined if it is not paused. */
export function pausedSince(folder: string): Date | undefined {
  return statSync(join(folder, pauseName), { throwIfNoEntry: false })?.mtime
}

/** The round whose model its operator asks to go back to. */
export function askedBackIn(folder: string): number | undefined {
  try {
    const [, round] = /^back to round (\d{1,9})$/m.exec(readFileSync(join(folder, pauseName), 'utf8')) ?? []
    return round === undefined ? undefined : Number(round)
  } catch {
    return undefined
  }
}

/** The same, if that model is kept here: others take it from who asks. */
function keptBackIn(folder: string): number | undefined {
  const asked = askedBackIn(folder)
  try {
    return asked !== undefined && keepsModelOf(folder, asked) ? asked : undefined
  } catch {
    return undefined
  }
}

/** Where folders cannot be watched, a pause begins with the next round. */
export function pausingIn(folder: string): Pausing {
  return {
    isPaused: () => isPausedIn(folder),
    backTo: () => keptBackIn(folder),
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
