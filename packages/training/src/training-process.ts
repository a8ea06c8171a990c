import { type ChildProcess, fork } from 'node:child_process'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type EngineName, engineEnvironment } from './engines/engine.ts'
import { killGroup } from './external/kill-group.ts'
import { LastModel } from './last-model.ts'
import type { Answers, Notice, Reply, Request } from './messages.ts'
import { TrainingError } from './task/training-error.ts'

/** The parent's end of one training process. */
export interface TrainingProcess {
  readonly pid: number
  /** Ids of the programs of trainers that it has started. */
  readonly programs: ReadonlySet<number>
  /** Requests that have no answer yet. */
  readonly pending: number
  request<Kind extends keyof Answers>(body: Body<Kind>): Promise<Answers[Kind]>
  /** Ends the process; what is pending is rejected with `closed`. Resolves when the process is gone. */
  close(): Promise<void>
}

type Body<Kind extends keyof Answers> = { kind: Kind } & Omit<Extract<Request, { kind: Kind }>, 'id' | 'kind'>

interface Waiting {
  resolve(answer: never): void
  reject(error: Error): void
}

// As a source or compiled, as this file is.
const mainFile = fileURLToPath(new URL(`./process-main${extname(import.meta.filename)}`, import.meta.url))
const logBytes = 2_000
// TensorFlow says this on every start, whatever its log level.
const chatter = /^I\d{4} |^WARNING: All log messages before/

/** Running ones, each with the programs of trainers that it has started: whatever ends this process but a signal that it does not take, none of them goes on without it. */
const running = new Map<ChildProcess, Set<number>>()
process.on('exit', () => {
  for (const [child, programs] of running) {
    child.kill('SIGKILL')
    for (const pid of programs) killGroup(pid)
  }
})

/**
 * Starts a training process; it has no engine until it is asked to load one.
 *
 * @param onSaid is told what trainers' programs log, a line at a time
 */
export function startTrainingProcess(engine: EngineName, onSaid: (line: string) => void = () => {}): TrainingProcess {
  const child = fork(mainFile, [], {
    serialization: 'advanced',
    execArgv: [],
    env: { ...process.env, ...engineEnvironment },
    // TensorFlow's chatter is kept only to explain a crash.
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  const programs = new Set<number>()
  running.set(child, programs)
  child.once('close', () => {
    running.delete(child)
    for (const pid of programs) killGroup(pid)
  })
  const waiting = new Map<number, Waiting>()
  const models = new LastModel()
  let lastId = 0
  let ended: TrainingError | undefined
  const gone = watch(child, engine, (error) => {
    ended ??= error
    for (const { reject } of waiting.values()) reject(ended)
    waiting.clear()
  })
  child.on('message', (reply: Reply | Notice) => {
    if ('said' in reply) return onSaid(reply.said)
    if ('program' in reply) return void programs[reply.running ? 'add' : 'delete'](reply.program)
    const caller = waiting.get(reply.id)
    waiting.delete(reply.id)
    if ('error' in reply) caller?.reject(new TrainingError(reply.error.code, reply.error.message))
    else caller?.resolve(reply.answer as never)
  })
  return {
    pid: child.pid!,
    programs,
    get pending() {
      return waiting.size
    },
    request(body) {
      if (ended) return Promise.reject(ended)
      return new Promise((resolve, reject) => {
        const id = ++lastId
        waiting.set(id, { resolve, reject })
        // An error here means that the process is gone, which its exit event reports with a reason.
        child.send(models.without({ ...body, id } as unknown as Request), () => {})
      })
    },
    async close() {
      ended ??= new TrainingError('closed', 'the training pool is closed')
      child.kill('SIGKILL')
      await gone
    },
  }
}

/** Calls `onEnd` once when the process has ended, and resolves. */
function watch(child: ChildProcess, engine: EngineName, onEnd: (error: TrainingError) => void): Promise<void> {
  let log = ''
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    log = (log + text).slice(-logBytes)
  })
  return new Promise((resolve) => {
    const end = (how: string) => {
      const lines = log.split('\n').filter((line) => line.trim() !== '' && !chatter.test(line))
      const said = lines.length === 0 ? '' : `; its last words: ${lines.join('\n')}`
      onEnd(new TrainingError('process-ended', `training process ${child.pid} (${engine} engine) ${how}${said}`))
      resolve()
    }
    child.on('error', (error) => end(`did not start: ${error.message}`))
    child.on('close', (code, signal) => end(signal ? `was ended by ${signal}` : `ended with code ${code}`))
  })
}
