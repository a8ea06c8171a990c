import { existsSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { rateAt } from '../task/learning.ts'
import type { NamedTensor, Task, TrainerOptions } from '../task/task.ts'
import { TrainingError } from '../task/training-error.ts'
import { closedBy, evaluatedBy, type Opened, openedBy, trainedBy } from './answers.ts'
import { Program } from './program.ts'
import { type ExternalSpec, externalFields } from './schema.ts'

/** What a program has opened: nobody else knows its data, and how they are divided. */
interface Session extends Opened {
  readonly initial: Float32Array
  readonly program: Program
  /** Its number in the program, which may serve several. */
  readonly task: number
}

/**
 * A task that a program of a user's own brings, docs/trainers.md. It has one program for each command and process. It is started
 * when the task is opened, and not before: until then nobody knows its model and how many samples a peer has.
 */
export const external: Task<ExternalSpec, Session | undefined, Session> = {
  name: 'external',
  summary: 'whatever a program of your own learns, in any language',
  options: {},
  fields: externalFields,
  impliedBy: 'trainer',
  describe: ({ trainer: { name, command = [] } }) => name ?? command.join(' ').slice(0, 60),
  measures: [{ name: 'loss', summary: 'as its trainer measures it', better: 'lower', unit: '', digits: 3 }],
  measured: ({ trainer }) => trainer.measures,
  // Each is opened anew.
  source: () => ++lastTask,
  async outline(spec, { base }) {
    checkProgram(commandOf(spec)[0]!, base)
    return undefined
  },
  async load(spec, { base, learning, peers, seed }) {
    const { trainer } = spec
    const program = programOf(commandOf(spec), base)
    const task = ++lastTask
    const { header, floats } = await program.ask({
      kind: 'open',
      fields: { protocol: 1, task, options: trainer.options, peers, seed: String(seed), learning },
      deadlineMs: trainer.openMs,
      check: openedBy(peers),
    })
    return { ...header, initial: floats, program, task }
  },
  // Which they are is the trainer's own; that they are a batch is all that is asked of them.
  divide: (session, { peers, least }) =>
    Array.from({ length: peers }, (_, peer) => new Int32Array(Math.min(session?.samples[peer] ?? least, least))),
  tensors: (_, session) => placed(session?.tensors ?? []),
  initial: (_, session) => session!.initial,
  trainer: ({ spec, learning, data }) => trainerOf(spec, learning, data),
}

let lastTask = 0

function trainerOf(
  { trainer }: ExternalSpec,
  learning: TrainerOptions<ExternalSpec, Session>['learning'],
  { program, task }: Session,
): ReturnType<typeof external.trainer> {
  const names = trainer.measures.map(({ name }) => name)
  return {
    async train(peer, round, model) {
      const { header, floats } = await program.ask({
        kind: 'train',
        fields: { task, peer, round, rate: rateAt(learning, round) },
        floats: model,
        deadlineMs: trainer.trainMs,
        check: trainedBy(model.length),
      })
      const loss = header.loss ?? Number.POSITIVE_INFINITY
      const { workMs } = header
      return { update: floats, loss, diverged: !Number.isFinite(loss), ...(workMs !== undefined && { workMs }) }
    },
    async evaluate(model) {
      const { header } = await program.ask({
        kind: 'evaluate',
        fields: { task },
        floats: model,
        deadlineMs: trainer.evaluateMs,
        check: evaluatedBy(names),
      })
      // In JSON null is what is not finite.
      return Object.fromEntries(names.map((name) => [name, header.measures[name] ?? Number.NaN]))
    },
    async close() {
      if (program.gone) return
      await program.ask({ kind: 'close', fields: { task }, deadlineMs: trainer.evaluateMs, check: closedBy })
    },
  }
}

/** Running ones by command and folder. */
const programs = new Map<string, Program>()

function programOf(command: readonly string[], base: string): Program {
  const key = JSON.stringify([command, base])
  const running = programs.get(key)
  if (running !== undefined && !running.gone) return running
  const program = new Program(command, base)
  programs.set(key, program)
  return program
}

/** Throws TrainingError `data-missing` where nobody has named one: a genesis does not. */
function commandOf({ trainer: { command } }: ExternalSpec): readonly string[] {
  if (command !== undefined) return command
  throw new TrainingError(
    'data-missing',
    'nothing says which program trains: name it, task.trainer.command in a scenario, trainer in the peer.yaml of a peer',
  )
}

/** Throws TrainingError `bad-trainer` unless there is such a program: so much can be known before a run begins. */
function checkProgram(file: string, base: string): void {
  const path = (process.env.PATH ?? '').split(delimiter)
  const places = /[/\\]/.test(file) ? [resolve(base, file)] : path.map((folder) => join(folder, file))
  const endings = process.platform === 'win32' ? ['', '.exe', '.cmd', '.bat'] : ['']
  if (places.some((place) => endings.some((ending) => existsSync(place + ending)))) return
  const where = /[/\\]/.test(file) ? `in ${base}` : 'on the path'
  throw new TrainingError(
    'bad-trainer',
    `there is no program ${file} ${where}: install it, or name another in trainer.command`,
  )
}

/** Tensors one after the other. */
function placed(tensors: Opened['tensors']): NamedTensor[] {
  let offset = 0
  return tensors.map(({ name, shape }) => {
    const tensor = { name, shape, offset }
    offset += shape.reduce((size, side) => size * side, 1)
    return tensor
  })
}
