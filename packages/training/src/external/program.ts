/** The program of a trainer: a child process that answers one frame for each that it gets. */
import { type ChildProcess, spawn } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { delimiter } from 'node:path'
import { fileURLToPath } from 'node:url'
import { TrainingError } from '../task/training-error.ts'
import { encodeFrame, type Frame, FrameReader } from './frames.ts'
import { killGroup } from './kill-group.ts'

/** What is said of programs of this process: that one is there, by its id, or not any more, and a line of what it logs. */
export const programs = new EventEmitter<{ started: [number]; ended: [number]; said: [string] }>()

export interface Question<Header> {
  readonly kind: 'open' | 'train' | 'evaluate' | 'close'
  readonly fields: object
  readonly floats?: Float32Array
  readonly deadlineMs: number
  /** As of `FrameReader`, for this question. */
  readonly check: (header: unknown) => { readonly header: Header; readonly floats: number }
}

interface Pending {
  readonly kind: Question<unknown>['kind']
  push(chunk: Buffer): void
  reject(error: TrainingError): void
}

const logBytes = 4_000
const mostLastWords = 3
const mostLineLength = 500
/** So many lines are told while it is at one question: it may log for ever. */
const mostLinesTold = 100
/** The module that programs in Python begin with. */
const pythonFolder = fileURLToPath(new URL('../../python', import.meta.url))

/** Running ones: none outlives this process. */
const running = new Set<Program>()
process.on('exit', () => {
  for (const program of running) program.end()
})

export class Program {
  readonly #child: ChildProcess
  readonly #name: string
  #pending: Pending | undefined
  #turn: Promise<unknown> = Promise.resolve()
  #lastId = 0
  #log = ''
  #line = ''
  #told = 0
  /** Why nothing can be asked any more. */
  #ended: TrainingError | undefined

  /** Starts it in a folder. What it needs first is asked of it. */
  constructor(command: readonly string[], cwd: string) {
    const [file, ...words] = command
    this.#name = `trainer ${command.join(' ').slice(0, 80)}`
    const path = [pythonFolder, process.env.PYTHONPATH ?? ''].filter((each) => each !== '').join(delimiter)
    // A group of its own: what it starts is ended with it.
    const detached = process.platform !== 'win32'
    const env = { ...process.env, PYTHONPATH: path }
    const child = spawn(file!, words, { cwd, detached, env, stdio: 'pipe' })
    this.#child = child
    running.add(this)
    if (child.pid !== undefined) programs.emit('started', child.pid)
    child.stdout.on('data', (chunk: Buffer) => this.#hear(chunk))
    child.stderr.setEncoding('utf8').on('data', (text: string) => this.#note(text))
    // That it is gone is told by its end.
    child.stdin.on('error', () => {})
    child.on('error', (error) =>
      this.#stop(new TrainingError('bad-trainer', `${this.#name} ${notStarted(error, file!)}`)),
    )
    // What it has started may hold its output open.
    child.on('exit', () => killGroup(child.pid))
    child.on('close', (code, signal) => {
      const how = signal === null ? `ended with code ${code}` : `was ended by ${signal}`
      const asked = this.#pending === undefined ? '' : ` when it was asked to ${this.#pending.kind}`
      this.#stop(new TrainingError('process-ended', `${this.#name} ${how}${asked}${this.#lastWords()}`))
    })
  }

  /** It answers no more. */
  get gone(): boolean {
    return this.#ended !== undefined
  }

  /**
   * Asks a question when those before it are answered.
   *
   * @throws TrainingError `process-ended`; `deadline` and `bad-trainer` (it answers what is no answer), after which it is
   *   ended; `training-failed`: it says that it cannot
   */
  ask<Header extends object>(question: Question<Header>): Promise<Frame<Header>> {
    const answer = this.#turn.then(() => this.#askNow(question))
    this.#turn = answer.catch(() => {})
    return answer
  }

  #askNow<Header extends object>(question: Question<Header>): Promise<Frame<Header>> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended)
    const { kind, fields, floats = new Float32Array(), deadlineMs, check } = question
    const id = ++this.#lastId
    const parts = encodeFrame({ id, kind, ...fields }, floats)
    this.#told = 0
    const answer = Promise.withResolvers<Frame<Header>>()
    const timer = setTimeout(() => {
      const late = `did not answer for ${deadlineMs / 1000} s when it was asked to ${kind}`
      this.#stop(new TrainingError('deadline', `${this.#name} ${late}: make it do less, or raise trainer.${kind}Ms`))
    }, deadlineMs)
    const settle = (): void => {
      clearTimeout(timer)
      this.#pending = undefined
    }
    const reader = new FrameReader<Header | Refusal>((header) => refusalIn(header, id) ?? check(header))
    this.#pending = {
      kind,
      push: (chunk) => {
        const frame = reader.push(chunk)
        if (frame === undefined) return
        settle()
        if (frame.header instanceof Refusal)
          answer.reject(
            new TrainingError('training-failed', `${this.#name}, asked to ${kind}, says: ${frame.header.text}`),
          )
        else answer.resolve(frame as Frame<Header>)
      },
      reject: (error) => {
        settle()
        answer.reject(error)
      },
    }
    const { stdin } = this.#child
    stdin!.cork()
    for (const part of parts) stdin!.write(part)
    stdin!.uncork()
    return answer.promise
  }

  /** Ends it and all that it has started, at once. */
  end(): void {
    this.#stop(new TrainingError('closed', `${this.#name} is closed`))
  }

  #hear(chunk: Buffer): void {
    try {
      if (this.#ended !== undefined) return
      if (this.#pending === undefined) throw new Error(`${chunk.length} bytes that nothing asked for`)
      this.#pending.push(chunk)
    } catch (error) {
      const what = `answers nonsense: ${(error as Error).message}`
      const remedy = 'standard output is for answers alone, see docs/trainers.md'
      this.#stop(new TrainingError('bad-trainer', `${this.#name} ${what}; ${remedy}${this.#lastWords()}`))
    }
  }

  #note(text: string): void {
    this.#log = (this.#log + text).slice(-logBytes)
    const lines = (this.#line + text).split('\n')
    // A line without an end is told in parts.
    this.#line = lines.at(-1)!.length > mostLineLength ? '' : lines.pop()!
    for (const line of lines)
      if (this.#told++ < mostLinesTold) programs.emit('said', plain(line.slice(0, mostLineLength)))
  }

  #stop(error: TrainingError): void {
    if (this.#ended === undefined) {
      this.#ended = error
      running.delete(this)
      killGroup(this.#child.pid)
      if (this.#child.pid !== undefined) programs.emit('ended', this.#child.pid)
    }
    this.#pending?.reject(this.#ended)
  }

  #lastWords(): string {
    const lines = this.#log.split('\n').filter((line) => line.trim() !== '')
    const last = lines.slice(-mostLastWords).map((line) => plain(line.trim()).slice(0, mostLineLength))
    return last.length === 0 ? '' : `; its last words: ${last.join(' | ')}`
  }
}

/** That it cannot do what it was asked. */
class Refusal {
  readonly text: string

  constructor(text: string) {
    this.text = plain(text.replaceAll(/\s+/g, ' ')).slice(0, mostLineLength)
  }
}

/** Throws Error unless it is a header, of the answer to this question. */
function refusalIn(header: unknown, id: number): { readonly header: Refusal; readonly floats: number } | undefined {
  if (typeof header !== 'object' || header === null) throw new Error('a header that is no JSON object')
  const given = header as { readonly id?: unknown; readonly error?: unknown }
  if (given.id !== id) throw new Error(`the id ${JSON.stringify(given.id)?.slice(0, 40)}, asked was ${id}`)
  return typeof given.error === 'string' ? { header: new Refusal(given.error), floats: 0 } : undefined
}

function notStarted({ message, code }: NodeJS.ErrnoException, file: string): string {
  if (code === 'ENOENT') return `does not start: there is no ${file} here, or not the folder that it is started in`
  return `does not start: ${message}`
}

/** Without what steers a terminal. */
function plain(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '?')
}
