/** The hearsay command as a process, told apart by the JSON lines it prints. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { lineSchema } from '@hearsay/peer'

const command = fileURLToPath(new URL('../hearsay.ts', import.meta.url))

export interface Told {
  readonly kind: string
  readonly [field: string]: unknown
}

export interface Certified extends Told {
  readonly kind: 'certified'
  readonly round: number
  readonly checkpoint: string
  readonly model: string
  readonly members: readonly object[]
}

/** Runs the command to its end. Rejects, with `code`, `stdout` and `stderr`, when it fails. */
export function hearsay(...args: string[]): Promise<{ stdout: string; stderr: string }> {
  return promisify(execFile)(process.execPath, [command, ...args])
}

/** A running peer. */
export class PeerProcess {
  readonly events: Told[] = []
  readonly #child: ChildProcess
  readonly #exited: Promise<number | null>
  #waiting: { matches: (told: Told) => boolean; resolve: (told: Told) => void; reject: (error: Error) => void }[] = []
  #errors = ''

  constructor(folder: string, ...flags: readonly string[]) {
    this.#child = spawn(process.execPath, [command, 'start', folder, '--json', '--engine', 'wasm', ...flags], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#errors += text
    })
    createInterface(this.#child.stdout!).on('line', (line) => this.#tell(lineSchema.parse(JSON.parse(line)) as Told))
    this.#exited = once(this.#child, 'close').then(([code]) => {
      const error = new Error(`${folder} ended with code ${code}: ${this.#errors}`)
      for (const { reject } of this.#waiting) reject(error)
      return code
    })
  }

  get pid(): number {
    return this.#child.pid!
  }

  get errors(): string {
    return this.#errors
  }

  get certified(): Certified[] {
    return this.events.filter((told): told is Certified => told.kind === 'certified')
  }

  get height(): number {
    return this.certified.at(-1)?.round ?? 0
  }

  /** The first line, told before or after, that matches; rejects when the process ends first. */
  async told(matches: (told: Told) => boolean): Promise<Told> {
    const before = this.events.find(matches)
    if (before !== undefined) return before
    return new Promise((resolve, reject) => {
      this.#waiting.push({ matches, resolve, reject })
    })
  }

  /** Fulfilled when it has certified this round or a later one. */
  async reaches(round: number): Promise<void> {
    await this.told((told) => told.kind === 'certified' && (told as Certified).round >= round)
  }

  /** The exit code; null when a signal ended the process. */
  async end(signal: 'SIGINT' | 'SIGKILL'): Promise<number | null> {
    this.#child.kill(signal)
    return this.#exited
  }

  /** The exit code of a process that ends by itself. */
  get exited(): Promise<number | null> {
    return this.#exited
  }

  #tell(told: Told): void {
    this.events.push(told)
    const waiting = this.#waiting
    this.#waiting = waiting.filter(({ matches }) => !matches(told))
    for (const { matches, resolve } of waiting) if (matches(told)) resolve(told)
  }
}

/** The first of so many ports in a row that are free on loopback, below those that the system gives to who dials. */
export async function freePorts(count: number): Promise<number> {
  for (let first = 15_000 + ((process.pid * 64) % 15_000); first < 32_000; first += count) {
    const servers: Server[] = []
    try {
      for (let port = first; port < first + count; port++) {
        const server = createServer()
        servers.push(server)
        server.listen(port, '127.0.0.1')
        await once(server, 'listening')
      }
      return first
    } catch {
      // One of them is taken: the next so many.
    } finally {
      await Promise.all(servers.filter(({ listening }) => listening).map((server) => once(server.close(), 'close')))
    }
  }
  throw new Error(`there are no ${count} free ports in a row`)
}

/**
 * A network of so many peers with little to learn, and a pace that leaves processor time to those who start; gives their
 * folders.
 */
export async function initNetwork(
  root: string,
  peers: number,
  graceMs: number,
  ...flags: readonly string[]
): Promise<string[]> {
  await hearsay('init', root, '--local', String(peers), '--port', String(await freePorts(peers)), ...flags)
  const homes = Array.from({ length: peers }, (_, i) => join(root, `peer-${i}`))
  for (const home of homes) {
    const file = join(home, 'genesis.yaml')
    const genesis = readFileSync(file, 'utf8')
      .replace(/graceMs: \d+/, `graceMs: ${graceMs}`)
      .replace(/roundMs: \d+/, 'roundMs: 300')
    const task = 'task: { model: logistic, trainSamples: 1000, testSamples: 100 }\nlearning: { localSteps: 4 }\n'
    writeFileSync(file, genesis + task)
  }
  return homes
}
