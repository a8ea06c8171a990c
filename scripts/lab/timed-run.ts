// A run of hearsay, watched from outside: when each of its lines came, and how much processor all its processes had by then.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { ProcessorTime } from './processor-time.ts'

const program = fileURLToPath(new URL('../../packages/cli/src/hearsay.ts', import.meta.url))
/** What a process has after it was looked at last is lost. */
const lookEveryMs = 100

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

export interface Watching {
  readonly onLine?: (line: Line) => void
  /** Cores that all its processes are bound to, by `taskset`; any when left out. */
  readonly cores?: readonly number[]
}

/** `words` are those behind `hearsay`. */
export async function timedRun(
  words: readonly string[],
  { onLine = () => {}, cores }: Watching = {},
): Promise<TimedRun> {
  const startedMs = performance.now()
  const atS = (): number => (performance.now() - startedMs) / 1000
  const bound = cores === undefined ? [] : ['taskset', '-c', cores.join(',')]
  const [file, ...more] = [...bound, process.execPath, program, ...words] as [string, ...string[]]
  const child = spawn(file, more, { stdio: ['ignore', 'pipe', 'pipe'] })
  const stop = (): void => void child.kill()
  process.once('exit', stop)
  const cpu = new ProcessorTime(child.pid!)
  const looking = setInterval(() => cpu.look(), lookEveryMs)
  const lines: Line[] = []
  let errors = ''
  child.stderr.on('data', (data: Buffer) => {
    errors = (errors + data.toString()).slice(-4000)
  })
  createInterface({ input: child.stdout }).on('line', (text) => {
    const line = { text, atS: atS(), cpuS: cpu.look() }
    lines.push(line)
    onLine(line)
  })
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', resolve)
    })
    return { code, lines, tookS: atS(), errors: errors.trim() }
  } finally {
    clearInterval(looking)
    process.off('exit', stop)
  }
}
