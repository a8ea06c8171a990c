import { readdirSync, readFileSync } from 'node:fs'

/** Bytes in memory of these processes and of all that they have started; undefined where the system has no /proc. */
export function residentBytes(pids: readonly number[]): number | undefined {
  const processes = statuses()
  if (processes.length === 0) return undefined
  const counted = new Set(pids)
  for (let before = 0; before < counted.size; ) {
    before = counted.size
    for (const { pid, parent } of processes) if (counted.has(parent)) counted.add(pid)
  }
  return processes.reduce((sum, { pid, bytes }) => sum + (counted.has(pid) ? bytes : 0), 0)
}

function statuses(): { pid: number; parent: number; bytes: number }[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => statusOf(name) ?? [])
  } catch {
    return []
  }
}

/** Undefined when the process has ended meanwhile. */
function statusOf(pid: string) {
  try {
    const text = readFileSync(`/proc/${pid}/status`, 'utf8')
    const field = (name: string): number => Number(new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(text)?.[1] ?? 0)
    return { pid: Number(pid), parent: field('PPid'), bytes: 1024 * field('VmRSS') }
  } catch {
    return undefined
  }
}
