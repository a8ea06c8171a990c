import { readdirSync, readFileSync } from 'node:fs'

/** Bytes in memory of these processes and of all that they have started; undefined where the system has no /proc. */
export function residentBytes(pids: readonly number[]): number | undefined {
  const processes = statuses()
  if (processes.length === 0) return undefined
  return startedBy(pids, processes).reduce((sum, { bytes }) => sum + bytes, 0)
}

/** Milliseconds that the processor was at work for them, while they live; undefined where the system has no /proc. */
export function processorMs(pids: readonly number[]): number | undefined {
  const processes = statuses()
  if (processes.length === 0) return undefined
  return startedBy(pids, processes).reduce((sum, { pid }) => sum + ownMs(pid), 0)
}

/** What these take: this process and all that it has started. */
export const ownMeters = {
  residentBytes: (): number | undefined => residentBytes([process.pid]),
  processorMs: (): number | undefined => processorMs([process.pid]),
}

interface Status {
  readonly pid: number
  readonly parent: number
  readonly bytes: number
}

function startedBy(pids: readonly number[], processes: readonly Status[]): Status[] {
  const counted = new Set(pids)
  for (let before = 0; before < counted.size; ) {
    before = counted.size
    for (const { pid, parent } of processes) if (counted.has(parent)) counted.add(pid)
  }
  return processes.filter(({ pid }) => counted.has(pid))
}

function statuses(): Status[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => statusOf(name) ?? [])
  } catch {
    return []
  }
}

/** Undefined when the process has ended meanwhile. */
function statusOf(pid: string): Status | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/status`, 'utf8')
    const field = (name: string): number => Number(new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(text)?.[1] ?? 0)
    return { pid: Number(pid), parent: field('PPid'), bytes: 1024 * field('VmRSS') }
  } catch {
    return undefined
  }
}

/** Linux tells processor time in ticks. */
const tickMs = 10

function ownMs(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // Behind the name, which may have anything in it, the twelfth and the next are its time.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) * tickMs
  } catch {
    return 0
  }
}
