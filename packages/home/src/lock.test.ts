import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { takeLock, watchLock } from './lock.ts'

// Processes start slowly on a machine that is busy.
vi.setConfig({ testTimeout: 60_000 })

let folder: string
let path: string
const children: ChildProcess[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearsay-lock-'))
  path = join(folder, 'lock')
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
  for (const child of children.splice(0)) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

const holder = fileURLToPath(new URL('./testing/hold-lock.ts', import.meta.url))
const alone = ['--pid', '--fork', '--kill-child']
const hasNamespaces = process.platform === 'linux' && spawnSync('unshare', [...alone, 'true']).status === 0

/** Another process that wants the lock: what it says, and how it is killed. */
async function another(at: string, within: readonly string[] = []) {
  const [command, ...args] = [...within, process.execPath, holder, at]
  const child = spawn(command!, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  const exited = once(child, 'exit')
  const [said] = (await once(createInterface(child.stdout), 'line')) as [string]
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL')
    await exited
  }
  return { said, kill, child }
}

/** The lines of a lock: what its holder says of itself. */
const record = (): { pid: string; rest: Record<string, string> } => {
  const [first, second] = readFileSync(path, 'utf8').split('\n')
  return { pid: first!, rest: JSON.parse(second!) }
}
const write = (first: string, rest: Record<string, unknown>): void =>
  writeFileSync(path, `${first}\n${JSON.stringify(rest)}\n`)

describe('the lock', () => {
  it('is taken once, and again when it was released', () => {
    const release = takeLock(path)
    expect(() => takeLock(path)).toThrow(expect.objectContaining({ code: 'locked' }))
    release()
    const again = takeLock(path)
    // Released twice, it does not take the lock of the next.
    release()
    release()
    expect(existsSync(path)).toBe(true)
    again()
    expect(readdirSync(folder)).toEqual([])
  })

  it('is held against other processes, and taken over from one that was killed', async () => {
    const other = await another(path)
    expect(other.said).toBe('held')
    expect(() => takeLock(path)).toThrow(/process \d+ on \S+ runs this peer/)
    expect((await another(path)).said).toMatch(/runs this peer/)
    await other.kill()
    takeLock(path)()
    expect(readdirSync(folder)).toEqual([])
  })

  it.skipIf(process.platform === 'win32')('is held by a process that is stopped', async () => {
    const other = await another(path)
    other.child.kill('SIGSTOP')
    expect(() => takeLock(path)).toThrow(expect.objectContaining({ code: 'locked' }))
  })

  it.skipIf(!hasNamespaces)('is held across spaces of processes, where two have one number on one host', async () => {
    const one = await another(path, ['unshare', ...alone])
    expect(one.said).toBe('held')
    expect(record().pid).toBe(`1 on ${hostname()}`)
    const two = await another(path, ['unshare', ...alone])
    expect(two.said).toMatch(new RegExp(`process 1 on ${hostname()} runs this peer`))
    expect(() => takeLock(path)).toThrow(expect.objectContaining({ code: 'locked' }))
    await one.kill()
    expect(
      (await another(path, ['unshare', ...alone, '--uts', 'sh', '-c', 'hostname another; exec "$@"', 'sh'])).said,
    ).toBe('held')
    expect(record().pid).toBe('1 on another')
  })

  it('works in a folder whose name is longer than that of a socket may be', async () => {
    const deep = join(folder, 'a'.repeat(100), 'b'.repeat(100))
    mkdirSync(deep, { recursive: true })
    const other = await another(join(deep, 'lock'))
    expect(other.said).toBe('held')
    expect(() => takeLock(join(deep, 'lock'))).toThrow(expect.objectContaining({ code: 'locked' }))
    await other.kill()
    takeLock(join(deep, 'lock'))()
  })
})

describe('a lock without a socket', () => {
  const parent = (): Record<string, string> => {
    const release = takeLock(path)
    const { boot, processes } = record().rest
    release()
    const started = readFileSync(`/proc/${process.ppid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')[19]!
    return { boot: boot!, processes: processes!, started }
  }

  it.skipIf(process.platform !== 'linux')(
    'in the same space of processes is held by a number and when it started',
    () => {
      const rest = parent()
      write(`${process.ppid} on ${hostname()}`, rest)
      expect(() => takeLock(path)).toThrow(expect.objectContaining({ code: 'locked' }))
      write(`${process.ppid} on ${hostname()}`, { ...rest, started: '1' })
      takeLock(path)()
    },
  )

  it('of another machine is held as long as it is touched', () => {
    write('1 on another', { boot: 'of another machine' })
    let touches = 0
    vi.spyOn(Atomics, 'wait').mockImplementation(() => {
      touches++
      utimesSync(path, touches, touches)
      return 'timed-out'
    })
    expect(() => takeLock(path)).toThrow(/process 1 on another runs this peer/)
    expect(touches).toBe(1)
  })

  it('of another machine is taken over when it was not touched for as long as it is watched', () => {
    write('1 on another', { boot: 'of another machine' })
    let nowMs = 0
    vi.spyOn(performance, 'now').mockImplementation(() => nowMs)
    vi.spyOn(Atomics, 'wait').mockImplementation((_, __, ___, ms) => {
      nowMs += ms ?? 0
      return 'timed-out'
    })
    takeLock(path)()
    expect(nowMs).toBe(5000)
  })

  it('of another machine can be watched beside other work, and is then taken at once', async () => {
    const waits = vi.spyOn(Atomics, 'wait')
    vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] })
    await watchLock(path)
    write('1 on another', { boot: 'of another machine' })
    const watched = watchLock(path)
    await vi.advanceTimersByTimeAsync(5000)
    await watched
    vi.useRealTimers()
    takeLock(path)()
    expect(waits).not.toHaveBeenCalled()
  })

  it('is touched while it is held, though nothing else happens', async () => {
    const other = await another(path)
    const before = readFileSync(path, 'utf8')
    // As from another machine: the socket says nothing.
    write(record().pid, { ...record().rest, boot: 'of another machine' })
    expect(() => takeLock(path)).toThrow(expect.objectContaining({ code: 'locked' }))
    expect(before).not.toBe('')
    await other.kill()
  })
})

describe('a process that was stopped for a while', () => {
  it('says nothing when its lock was taken over, and goes on when it was not', () => {
    let nowMs = 0
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    vi.spyOn(performance, 'now').mockImplementation(() => nowMs)
    const lock = takeLock(path)
    nowMs = 10_000
    expect(() => lock.check()).not.toThrow()
    rmSync(path)
    write('1 on another', {})
    nowMs = 11_999
    expect(() => lock.check()).not.toThrow()
    nowMs = 12_000
    // Its own timer may come first when it wakes.
    vi.advanceTimersByTime(5000)
    expect(() => lock.check()).toThrow(expect.objectContaining({ code: 'locked' }))
    // It leaves the lock of the other.
    lock()
    expect(record().pid).toBe('1 on another')
  })
})

describe('a lock of an earlier version', () => {
  const dead = spawnSync(process.execPath, ['-e', '']).pid

  it('of a process that lives is respected', () => {
    writeFileSync(path, String(process.ppid))
    expect(() => takeLock(path)).toThrow(new RegExp(`process ${process.ppid} runs this peer.*remove the file`))
    expect(readFileSync(path, 'utf8')).toBe(String(process.ppid))
  })

  it.each([
    ['that was killed', String(dead)],
    ['with our own number, before a container started again', String(process.pid)],
    ['in a container that was made anew, under another name', '1 on 3f2a9c0d1b7e'],
    ['that crashed before it wrote its number', ''],
    ['that left nonsense', 'x'],
  ])('of a process %s is taken over', (_, content) => {
    writeFileSync(path, content)
    takeLock(path)()
    expect(readdirSync(folder)).toEqual([])
  })
})
