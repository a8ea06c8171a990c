// A run of hearsay, watched from outside: when each of its lines came, and how much processor all its processes had by then.
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../../packages/cli/src/hearsay.ts', import.meta.url))
/** Linux counts processor time in these. */
const tickS = 0.01

export interface Line {
  readonly text: string
  readonly atS: number
  /** Of all processes of the run, those that have ended included; undefined where there is no /proc. */
  readonly cpuS: number | undefined
}

export interface TimedRun {
  readonly code: number | null
  readonly lines: readonly Line[]
  /** By the clock on the wall. */
  readonly tookS: number
  readonly errors: string
}

/** `words` are those behind `hearsay`. */
export async function timedRun(words: readonly string[], onLine: (line: Line) => void = () => {}): Promise<TimedRun> {
  const startedMs = performance.now()
  const atS = (): number => (performance.now() - startedMs) / 1000
  const child = spawn(process.execPath, [program, ...words], { stdio: ['ignore', 'pipe', 'pipe'] })
  const stop = (): void => void child.kill()
  process.once('exit', stop)
  const lines: Line[] = []
  let errors = ''
  child.stderr.on('data', (data: Buffer) => {
    errors = (errors + data.toString()).slice(-4000)
  })
  createInterface({ input: child.stdout }).on('line', (text) => {
    const line = { text, atS: atS(), cpuS: cpuOf(child.pid!) }
    lines.push(line)
    onLine(line)
  })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  process.off('exit', stop)
  return { code, lines, tookS: atS(), errors: errors.trim() }
}

/** Seconds of the processor that a process and its descendants have had, with those of them that ended and were waited for. */
function cpuOf(root: number): number | undefined {
  try {
    const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
    const children = Map.groupBy(all.flatMap(statOf), ({ parent }) => parent)
    const sum = (pid: number): number =>
      (children.get(pid) ?? []).reduce((ticks, child) => ticks + child.ticks + sum(child.pid), 0)
    return (sum(root) + (statOf(String(root))[0]?.ticks ?? 0)) * tickS
  } catch {
    return undefined
  }
}

/** Nothing of a process that has ended meanwhile. */
function statOf(pid: string): { readonly pid: number; readonly parent: number; readonly ticks: number }[] {
  let stat: string
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch {
    return []
  }
  // Behind the name, which may have anything in it: state, parent, …, and from the twelfth on four times.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const ticks = [11, 12, 13, 14].reduce((total, at) => total + Number(fields[at]), 0)
  return [{ pid: Number(pid), parent: Number(fields[1]), ticks }]
}
