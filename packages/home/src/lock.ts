/**
 * Two processes with one identity would contradict each other, so the folder of a peer is locked.
 *
 * It guarantees that of all processes which see one folder at most one holds its lock, and that nobody waits for one that is
 * dead. Who holds it is told by what the system knows, as far as that reaches:
 * 1. On the same kernel (by its boot id), whatever container, by a socket in the folder, which dies with its process.
 * 2. Where the file system knows no sockets, in the same space of processes, by number and time of start.
 * 3. Else, as from another machine, by a lease: who holds the lock touches its file every second, and who wants it watches
 *    for `watchMs` whether that happens. No two clocks are compared: the time of the file need only change, and each process
 *    measures by its own how long. The argument asks that a second on one machine is no more than twice one on the other,
 *    and that a touch is seen by who opens the file within a second.
 *    A process that was stopped for longer may find its lock taken over when it wakes. So nothing is said before it is sure:
 *    `check` looks at the file again when the last touch is older than `trustedMs`, which is less than anybody watches.
 */

import { randomBytes } from 'node:crypto'
import {
  closeSync,
  fstatSync,
  futimesSync,
  linkSync,
  openSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { PeerError } from '@hearsay/ledger'
import { z } from 'zod'
import { listenIn, mayListen } from './lock-socket.ts'

const touchMs = 1000
const watchMs = 5000
const trustedMs = 2000
const lookMs = 250

/** Releases the lock when it is called. */
export interface Lock {
  (): void
  /** Throws PeerError `locked` when this process has lost the lock: before anything is said. */
  check(): void
}

const holderSchema = z.object({
  boot: z.string().optional(),
  processes: z.string().optional(),
  started: z.string().optional(),
  socket: z.string().optional(),
})

/** Who holds a lock: for people, and how to find out whether it lives. Earlier versions wrote the first only. */
interface Holder extends z.output<typeof holderSchema> {
  readonly text: string
  readonly pid: number
  readonly host: string
  readonly isLeased: boolean
}

/** Locks of this process: its own number in a file may be that of an earlier one, as in a container that starts again. */
const held = new Set<string>()

/**
 * Throws PeerError `locked` when another process holds the lock, and `storage-failed` when it cannot be written. The lock
 * of a process that has ended is taken over.
 */
export function takeLock(path: string): Lock {
  const token = randomBytes(6).toString('hex')
  const mine = `${path}.${token}`
  const socket = `${basename(path)}.${token}.sock`
  let close: (() => void) | undefined
  let file: number | undefined
  try {
    if (held.has(path)) throw locked(path, readFileSync(path, 'utf8'))
    // It listens before anybody can read that it does, and under its name there is never a lock without its holder.
    close = listenIn(dirname(path), socket)
    writeFileSync(mine, textOf(close === undefined ? undefined : socket))
    if (!link(mine, path)) takeOver(path, mine)
    file = openSync(mine, 'r+')
  } catch (error) {
    close?.()
    if (error instanceof PeerError) throw error
    throw new PeerError(
      'storage-failed',
      `${path}: ${(error as Error).message}. Without a lock two processes might run one peer: see to it that the folder ` +
        'can be written, and that the disk has room.',
      { cause: error },
    )
  } finally {
    rmSync(mine, { force: true })
  }
  held.add(path)
  return hold(path, file, close)
}

/** Whether another process seems to hold it, for people; where that has to be watched, for `watchMs`. */
export function isHeld(path: string): boolean {
  try {
    return mayRun(holderIn(readFileSync(path, 'utf8')), path)
  } catch {
    return false
  }
}

function hold(path: string, file: number, close: (() => void) | undefined): Lock {
  let touchedMs = performance.now()
  const isOurs = (): boolean =>
    statSync(path, { bigint: true, throwIfNoEntry: false })?.ino === fstatSync(file, { bigint: true }).ino
  const touch = (): void => {
    // Whoever slept for long must not mistake its own touch for a sign that it still has the lock.
    if (!isOurs())
      throw new PeerError(
        'locked',
        `${path}: this process was stopped for a while, and another has taken its lock. Two would contradict each other, so ` +
          'it says nothing more.',
      )
    const now = new Date()
    futimesSync(file, now, now)
    touchedMs = performance.now()
  }
  const timer = setInterval(() => {
    try {
      touch()
    } catch {
      // Told by `check`, which tries again.
    }
  }, touchMs).unref()
  let released = false
  const release = (): void => {
    if (released) return
    released = true
    held.delete(path)
    clearInterval(timer)
    if (isOurs()) rmSync(path, { force: true })
    closeSync(file)
    close?.()
  }
  const check = (): void => {
    if (!released && performance.now() - touchedMs >= trustedMs) touch()
  }
  return Object.assign(release, { check })
}

/** Takes the lock of a process that has ended. */
function takeOver(path: string, mine: string): void {
  const text = readFileSync(path, 'utf8')
  const holder = holderIn(text)
  if (mayRun(holder, path)) throw locked(path, text)
  const stale = `${mine}.stale`
  renameSync(path, stale)
  const taken = readFileSync(stale, 'utf8')
  // Another process took the lock over since it was read: it gets it back.
  if (taken !== text) link(stale, path)
  rmSync(stale)
  if (taken !== text || !link(mine, path)) throw locked(path, taken)
  if (holder.socket !== undefined) rmSync(join(dirname(path), basename(holder.socket)), { force: true })
}

function mayRun(holder: Holder, path: string): boolean {
  const { pid, host, started, socket, isLeased } = holder
  // Of an earlier version: from another host, or container, there is nothing to find out by, and no sign of life.
  if (!isLeased) return host === hostname() && isAlive(pid)
  if (needsWatching(holder)) return isTouched(path)
  if (socket !== undefined) return mayListen(dirname(path), basename(socket))
  return isAlive(pid) && (started === undefined || started === startOf(pid))
}

/** Whether the system here does not know if the holder lives. */
function needsWatching({ host, boot, processes, socket, isLeased }: Holder): boolean {
  if (!isLeased) return false
  if (process.platform === 'win32') return host !== hostname()
  if (boot === undefined || boot !== ownBoot()) return true
  return socket === undefined && (processes === undefined || processes !== ownProcesses())
}

/** What was seen of locks that nobody touched for as long as they were watched. */
const untouched = new Map<string, string>()

/**
 * Watches a lock that has to be watched, beside the event loop, so that `takeLock` need not: it may be called at once as
 * well, and then holds up everything for `watchMs`.
 */
export async function watchLock(path: string): Promise<void> {
  try {
    if (!needsWatching(holderIn(readFileSync(path, 'utf8')))) return
    const first = touchOf(path)
    const untilMs = performance.now() + watchMs
    while (performance.now() < untilMs) {
      await new Promise((resolve) => setTimeout(resolve, lookMs))
      if (touchOf(path) !== first) return
    }
    untouched.set(path, first)
  } catch {
    // There is none, or it went away: `takeLock` will see.
  }
}

/** Watches whether the lock is touched: whoever holds it does so every second. */
function isTouched(path: string): boolean {
  const first = touchOf(path)
  if (untouched.get(path) === first) return false
  const untilMs = performance.now() + watchMs
  const sleeper = new Int32Array(new SharedArrayBuffer(4))
  while (performance.now() < untilMs) {
    Atomics.wait(sleeper, 0, 0, lookMs)
    if (touchOf(path) !== first) return true
  }
  return false
}

/** Of the opened file: a network file system may tell of others what it knew before. */
function touchOf(path: string): string {
  const file = openSync(path, 'r')
  try {
    const { mtimeNs, ino } = fstatSync(file, { bigint: true })
    return `${ino} ${mtimeNs}`
  } finally {
    closeSync(file)
  }
}

function textOf(socket: string | undefined): string {
  const holder = { boot: ownBoot(), processes: ownProcesses(), started: startOf(process.pid), socket }
  return `${process.pid} on ${hostname()}\n${JSON.stringify(holder)}\n`
}

function holderIn(text: string): Holder {
  const [first = '', second] = text.split('\n')
  const [pid, host = hostname()] = first.split(' on ')
  let parsed: z.output<typeof holderSchema> | undefined
  try {
    parsed = second ? holderSchema.parse(JSON.parse(second)) : undefined
  } catch {
    // Cut off, or of something else: what its first line says.
  }
  return { ...parsed, text: first, pid: Number(pid), host, isLeased: parsed !== undefined }
}

/** The boot of the kernel, which containers share; undefined where there is no such thing. */
function ownBoot(): string | undefined {
  return read('/proc/sys/kernel/random/boot_id')
}

/** The space of processes in which numbers mean something. */
function ownProcesses(): string | undefined {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return undefined
  }
}

/** When a process started, in ticks since the boot: a number that is used again is another's. */
function startOf(pid: number): string | undefined {
  // Its name, in brackets, may hold anything.
  return read(`/proc/${pid}/stat`)?.split(') ').at(-1)?.split(' ')[19]
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return undefined
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

function locked(path: string, text: string): PeerError {
  return new PeerError(
    'locked',
    `${path}: process ${holderIn(text).text} runs this peer, and two would contradict each other. Stop it first; or, if it has ended ` +
      'or is something else, remove the file.',
  )
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
