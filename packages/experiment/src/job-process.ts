/** A process beside this one that does jobs of a run: the parent's end. What they come to is in their folders. */
import { type ChildProcess, fork } from 'node:child_process'
import { extname } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { JobResult } from '@hearsay/results'
import { RunError } from '@hearsay/results'
import type { EngineName } from '@hearsay/training'
import type { Job } from './job.ts'
import type { Progress } from './progress.ts'

export interface JobSettings {
  /** The folder of the run. */
  readonly run: string
  /** Paths of the extensions of which the run has copies. */
  readonly originals: readonly string[]
  readonly engine: EngineName
  /** Training processes of its own. */
  readonly trainers: number
  readonly archive: boolean
  readonly trace: boolean
}

/** What it says: progress of the job at hand, and at the end what came of it, or what its folder refused. */
export type JobReply =
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'done'; readonly result: JobResult }
  | { readonly kind: 'refused'; readonly message: string; readonly cause: object }

// As a source or compiled, as this file is.
const mainFile = fileURLToPath(new URL(`./job-main${extname(import.meta.filename)}`, import.meta.url))
/** Whoever is at something that takes longer is killed. */
const patienceMs = 300
const logBytes = 4000

export class JobProcess {
  readonly #child: ChildProcess
  /** How it ended by itself, with all that it said. */
  readonly #ended: Promise<string>
  readonly #gone: Promise<void>
  #log = ''

  constructor(settings: JobSettings) {
    this.#child = fork(mainFile, [JSON.stringify(settings)], {
      serialization: 'advanced',
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#log = (this.#log + text).slice(-logBytes)
    })
    // A process that was disconnected exits, and never closes.
    this.#gone = new Promise((resolve) => {
      this.#child.on('error', () => resolve())
      this.#child.on('exit', () => resolve())
    })
    this.#ended = new Promise((resolve) => {
      this.#child.on('error', (error) => resolve(`did not start: ${error.message}`))
      this.#child.on('close', (code, signal) => resolve(signal ? `was ended by ${signal}` : `ended with code ${code}`))
    })
  }

  /**
   * Does one job; one at a time. Throws RunError `write-failed`, and `job-ended` when the process ended before the job.
   */
  async run({ name }: Job, onProgress: (progress: Progress) => void): Promise<JobResult> {
    const replied = Promise.withResolvers<JobResult>()
    const onReply = (reply: JobReply): void => {
      if (reply.kind === 'progress') onProgress(reply.progress)
      else if (reply.kind === 'done') replied.resolve(reply.result)
      else replied.reject(new RunError('write-failed', reply.message, { cause: reply.cause }))
    }
    this.#child.on('message', onReply)
    try {
      // An error here means that the process is gone, which is told with a reason.
      this.#child.send(name, () => {})
      const ended = this.#ended.then((how) => {
        throw new RunError('job-ended', `its process ${this.#child.pid} ${how}${this.#lastWords()}`)
      })
      return await Promise.race([replied.promise, ended])
    } finally {
      this.#child.off('message', onReply)
    }
  }

  /** Ends it and its training processes, whatever it is at. */
  async end(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect()
    await Promise.race([this.#gone, setTimeout(patienceMs, undefined, { ref: false })])
    this.#child.kill('SIGKILL')
    await this.#gone
  }

  #lastWords(): string {
    return this.#log.trim() === '' ? '' : `; its last words: ${this.#log.trim()}`
  }
}
