import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { PeerError } from './peer-error.ts'

/** Locks of this process: its own number in a file may be that of an earlier one, as in a container that starts again. */
const held = new Set<string>()

/**
 * Two processes with one identity would contradict each other: the second is refused with PeerError PEER_LOCKED; and
 * PEER_STORAGE_FAILED when the lock cannot be written. The lock of a process that was killed is taken over, unless it ran on
 * another machine, or in another container, whose processes cannot be seen from here. Gives the function that releases it.
 */
export function takeLock(path: string): () => void {
  const mine = `${path}.${process.pid}-${hostname()}`
  try {
    // Under its name there is never a lock without its owner.
    writeFileSync(mine, `${process.pid} on ${hostname()}`)
    if (!link(mine, path)) {
      const owner = readFileSync(path, 'utf8')
      if (held.has(path) || mayRun(owner)) throw locked(path, owner)
      const stale = `${mine}.stale`
      renameSync(path, stale)
      const taken = readFileSync(stale, 'utf8')
      // Another process took the lock over since it was read: it gets it back.
      if (taken !== owner) link(stale, path)
      rmSync(stale)
      if (taken !== owner || !link(mine, path)) throw locked(path, taken)
    }
  } catch (error) {
    if (error instanceof PeerError) throw error
    throw new PeerError(
      'PEER_STORAGE_FAILED',
      `${path}: ${(error as Error).message}. Without a lock two processes might run one peer: see to it that the folder ` +
        'can be written, and that the disk has room.',
      { cause: error },
    )
  } finally {
    rmSync(mine, { force: true })
  }
  held.add(path)
  return () => {
    if (held.delete(path)) rmSync(path, { force: true })
  }
}

function link(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function locked(path: string, owner: string): PeerError {
  return new PeerError(
    'PEER_LOCKED',
    `${path}: process ${owner} runs this peer, and two would contradict each other. Stop it first; or, if it has ended ` +
      'or is something else, remove the file.',
  )
}

function mayRun(owner: string): boolean {
  const [pid, host = hostname()] = owner.split(' on ')
  return host !== hostname() || isAlive(Number(pid))
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0 || pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
