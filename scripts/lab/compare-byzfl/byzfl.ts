import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { CompareError } from './compare-error.ts'

const driver = join(import.meta.dirname, 'driver.py')
const modules = ['numpy', 'scipy', 'torch']
const startLimitMs = 120_000

export type Backend = 'numpy64' | 'numpy32' | 'torch'

/** A class of ByzFL and its keyword arguments. */
export interface ByzflCall {
  readonly class: string
  readonly arguments: Readonly<Record<string, number>>
}

/** As driver.py documents it. */
export interface ByzflRequest extends ByzflCall {
  readonly kind: 'aggregator' | 'attack'
  readonly after?: ByzflCall
  readonly backend: Backend
  readonly input: string
  readonly n: number
  readonly d: number
  readonly seed: number
  readonly exactEigenvectors?: boolean
  readonly plainDistances?: boolean
  readonly trials?: number
  readonly shuffles?: boolean
  readonly timed?: { readonly runs: number; readonly budgetS: number }
}

export interface ByzflAnswer {
  /** Base64 of float64 numbers. */
  readonly outputs?: readonly string[]
  readonly timeS?: number
  readonly runs?: number
  readonly error?: string
}

export type Versions = Readonly<Record<'python' | 'numpy' | 'scipy' | 'torch', string>>

/** Throws CompareError `no-byzfl`, `no-python` or `missing-modules`, saying what is missing and how to get it. */
export async function checkByzfl(directory: string, python: string): Promise<void> {
  const package_ = join(resolve(directory), 'byzfl')
  for (const file of ['aggregators/aggregators.py', 'aggregators/preaggregators.py', 'attacks/attacks.py']) {
    if (existsSync(join(package_, file))) continue
    const parent = existsSync(join(directory, file))
      ? ` This is the package itself: give ${resolve(directory, '..')}.`
      : ''
    throw new CompareError(
      'no-byzfl',
      `--byzfl ${directory}: there is no byzfl/${file} in it.${parent} Give the folder that holds ByzFL's package ` +
        '"byzfl": git clone https://github.com/LPD-EPFL/byzfl, and give that clone.',
    )
  }
  const code = `import importlib.util as u; print(*[m for m in ${JSON.stringify(modules)} if u.find_spec(m) is None])`
  let missing: string
  try {
    missing = (await promisify(execFile)(python, ['-c', code])).stdout.trim()
  } catch (cause) {
    throw new CompareError(
      'no-python',
      `--python ${python} does not run as a Python 3: ${(cause as Error).message.split('\n')[0]}. Give the path of an ` +
        'interpreter, or make one: python3 -m venv DIR && DIR/bin/pip install numpy scipy torch, and give DIR/bin/python.',
      { cause },
    )
  }
  if (missing !== '') {
    throw new CompareError(
      'missing-modules',
      `--python ${python} has no ${missing.replaceAll(' ', ', ')}: ${python} -m pip install ${missing}`,
    )
  }
}

interface Child {
  readonly process: ChildProcessWithoutNullStreams
  readonly lines: AsyncIterator<string>
  /** Resolves when the process cannot be started. */
  readonly failed: Promise<Stopped>
  /** The last line that it wrote to standard error. */
  complaint(): string
}

interface Stopped {
  readonly stopped: string
}

/** ByzFL in a Python process, that answers one request at a time and is started anew after one that took too long. */
export class Byzfl {
  readonly #command: readonly string[]
  readonly #python: string
  #child: Child | undefined

  constructor(options: { readonly directory: string; readonly python: string; readonly memoryBytes: number }) {
    this.#python = options.python
    this.#command = [driver, resolve(options.directory), String(options.memoryBytes)]
  }

  /** Throws CompareError `driver-failed` when ByzFL cannot be loaded. */
  async start(): Promise<Versions> {
    this.stop()
    // Bytecode would be written into the user's copy of ByzFL.
    const environment = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' }
    const child = spawn(this.#python, this.#command, { env: environment, stdio: 'pipe' })
    let errors = ''
    child.stderr.on('data', (data: Buffer) => {
      errors = (errors + data.toString()).slice(-4000)
    })
    // A process that died while it was written to shows as the end of its lines.
    child.stdin.on('error', () => {})
    this.#child = {
      process: child,
      lines: createInterface({ input: child.stdout })[Symbol.asyncIterator](),
      failed: new Promise((fulfil) => child.once('error', ({ message }) => fulfil({ stopped: message }))),
      complaint: () => errors.trim().split('\n').at(-1) ?? '',
    }
    const first = await this.#line(startLimitMs)
    if (typeof first === 'string') return JSON.parse(first) as Versions
    const reason = this.#child.complaint()
    this.stop()
    throw new CompareError('driver-failed', `ByzFL could not be loaded by ${this.#python}: ${reason || first.stopped}.`)
  }

  /** An answer; `error` in it also for a run cut after `limitMs` and for a process that died. */
  async run(request: ByzflRequest, limitMs: number): Promise<ByzflAnswer> {
    if (!this.#child) await this.start()
    const child = this.#child!
    child.process.stdin.write(`${JSON.stringify(request)}\n`)
    const line = await this.#line(limitMs)
    if (typeof line === 'string') return JSON.parse(line) as ByzflAnswer
    const reason = child.complaint()
    this.stop()
    return { error: line.stopped === 'ended' ? `the process ended: ${reason}` : line.stopped }
  }

  stop(): void {
    this.#child?.process.kill('SIGKILL')
    this.#child = undefined
  }

  async #line(limitMs: number): Promise<string | Stopped> {
    const child = this.#child!
    const limit = Promise.withResolvers<Stopped>()
    const timeout = setTimeout(() => limit.resolve({ stopped: `cut after ${limitMs / 1000} s` }), limitMs)
    const line = child.lines.next().then(({ value, done }) => (done ? { stopped: 'ended' } : (value as string)))
    try {
      return await Promise.race([line, limit.promise, child.failed])
    } finally {
      clearTimeout(timeout)
    }
  }
}

export function decodeOutputs(answer: ByzflAnswer): Float64Array[] {
  return (answer.outputs ?? []).map((output) => {
    const bytes = Uint8Array.from(Buffer.from(output, 'base64'))
    return new Float64Array(bytes.buffer)
  })
}
