import { join, resolve } from 'node:path'
import { plain } from '@hearsay/catalogue/words'
import { type Home, readHome } from '@hearsay/home'
import { tooFewOpenFiles } from '@hearsay/home/open-files'
import { startOperator } from '@hearsay/home/operator'
import { charterOf, replaceFile, rosterOf, warningsOf } from '@hearsay/ledger'
import { eventsVersion } from '@hearsay/peer'
import { type SteadyTraining, startSteadyTraining } from '@hearsay/training'
import { ownsData } from '@hearsay/training/schema'
import { CommandError } from './command-error.ts'
import { describedName } from './find-model.ts'
import { loadExtensionsOf, type OwnFiles } from './genesis-extensions.ts'
import { checkGenesisTask, idleMomentumOf, learningSchemas, taskOf } from './genesis-task.ts'
import { operatorTrainer } from './operator-trainer.ts'
import { describeEvent } from './peer-events.ts'
import { ProgressOfLearning } from './progress-of-learning.ts'
import { Teller } from './teller.ts'

export interface StartFlags {
  readonly engine: 'native' | 'wasm' | 'auto'
  readonly json?: boolean
  readonly alone?: boolean
  readonly stay?: boolean
  readonly archive?: number
  readonly log: 'info' | 'debug'
}

/** Whatever an error leaves open, such as an output that nobody reads, the process ends by then. */
const lastWordsMs = 2000
/** So long a peer may take to end once it is interrupted: it can be killed at any time, and starts again where it was. */
const stoppingMs = 900
/** Of the process itself, its training process, its folder and what opens and closes. */
const filesOfAPeer = 64

/** Runs the peer of a folder until it is interrupted, or its network ends. Ends the process. */
export async function startPeer(folder: string, flags: StartFlags): Promise<void> {
  const teller = new Teller(flags.json === true)
  const interrupted = interruption()
  try {
    const own = await loadExtensionsOf(join(folder, 'genesis.yaml'))
    const home = await readHome(folder, learningSchemas(own))
    checkOpenFiles(home)
    const training = await startTraining(home, flags, { teller, interrupted, ...own.code })
    try {
      await takePart(home, training, flags, { teller, interrupted })
    } finally {
      // Whatever happened: a training process that is left keeps this one alive.
      await training.close()
    }
  } catch (error) {
    setTimeout(() => process.exit(), lastWordsMs).unref()
    if (!interrupted.aborted) throw error
  }
  await teller.exit()
}

interface Around {
  readonly teller: Teller
  readonly interrupted: AbortSignal
}

/** Aborted by Ctrl-C and by who asks the process to end, whatever it is at. */
function interruption(): AbortSignal {
  const controller = new AbortController()
  const interrupt = (): void => {
    controller.abort()
    setTimeout(() => process.exit(), stoppingMs).unref()
  }
  process.once('SIGINT', interrupt)
  process.once('SIGTERM', interrupt)
  return controller.signal
}

/** A peer has a connection to every other. */
function checkOpenFiles({ genesis }: Home): void {
  const { length } = genesis.peers
  const few = tooFewOpenFiles(`a peer in a network of ${length}`, length + filesOfAPeer)
  if (few !== undefined) throw new CommandError(few)
}

/** Absolute, where its settings name one. Throws CommandError when the genesis needs it and they do not. */
function placeOfData({ folder, genesis, settings }: Home): string | undefined {
  if (settings.data !== undefined) return resolve(folder, settings.data)
  if (!ownsData(genesis.task)) return undefined
  const problem = 'data: missing; by the genesis each peer learns from data of its own'
  throw new CommandError(`${join(folder, 'peer.yaml')}: ${problem}: name the file or folder of this peer's`)
}

async function startTraining(
  home: Home,
  { engine, log }: StartFlags,
  { teller, interrupted, ...code }: Around & OwnFiles['code'],
): Promise<SteadyTraining> {
  const file = join(home.folder, 'genesis.yaml')
  const own = { ...home.settings, data: placeOfData(home) }
  await checkGenesisTask(home.genesis, file, own)
  const training = await startSteadyTraining({
    ...taskOf(charterOf(home.genesis).at(1), file, own),
    ...code,
    engine,
    peers: home.genesis.peers.length,
    seed: home.genesis.seed,
    base: home.folder,
    deadlineMs: home.settings.trainingDeadlineMs,
    signal: interrupted,
    ...(log === 'debug' && { onSaid: (line: string) => tellDebug(`trainer: ${line}`) }),
    onRestart: (reason) => teller.tell({ kind: 'warning', message: `${reason}: training starts again` }),
  })
  replaceFile(join(home.folder, describedName), new TextEncoder().encode(JSON.stringify(training.description)))
  const { name, version, notice } = training.engine
  teller.tell({ kind: 'engine', engine: name, version, ...(notice === undefined ? {} : { notice }) })
  return training
}

/** Runs the peer until it is interrupted or ends; rejects when it fails. */
async function takePart(
  home: Home,
  training: SteadyTraining,
  flags: StartFlags,
  { teller, interrupted }: Around,
): Promise<void> {
  interrupted.throwIfAborted()
  const ids = rosterOf(home.genesis)
  const self = ids.indexOf(home.identity.id)
  const names = new Map(home.genesis.peers.map(({ id, name }) => [id, name]))
  teller.nameOf = (id) => names.get(id)
  const progress = new ProgressOfLearning(training, (told) => teller.tell(told))
  const ended = Promise.withResolvers<void>()
  // It may fail before anybody waits for it.
  ended.promise.catch(() => {})
  interrupted.addEventListener('abort', () => ended.resolve(), { once: true })
  const operator = await startOperator({
    home: {
      ...home,
      settings: { ...home.settings, ...(flags.archive !== undefined && { archiveRounds: flags.archive }) },
    },
    initial: new Float32Array(training.initial),
    rows: training.rows,
    engine: `${training.engine.name} ${training.engine.version}`,
    alone: flags.alone === true,
    ...(flags.log === 'debug' && { debug: tellDebug }),
    trainer: operatorTrainer(home, training, self, teller),
    watch: (event) => {
      if (event.kind === 'output' && event.output.kind === 'halted') process.exitCode = 1
      if (event.kind === 'failed') ended.reject(event.error)
      const told = describeEvent(event, ids, teller.nameOf)
      if (told !== undefined) teller.tell(told)
      progress.onEvent(event)
    },
  })
  progress.modelOf = (digest) => operator.vectors.vector(digest)
  teller.tell({
    kind: 'started',
    id: home.identity.id,
    network: operator.network,
    peers: ids.length,
    tolerated: home.genesis.tolerated,
    height: operator.height,
    ...(operator.doubt === undefined ? {} : { doubt: operator.doubt }),
    addresses: [...operator.host.addresses()],
    eventsVersion,
  })
  for (const message of warningsOf(home.genesis, idleMomentumOf)) teller.tell({ kind: 'warning', message })
  if (operator.idle) teller.tell({ kind: 'idle', message: aloneIn(join(home.folder, 'genesis.yaml')) })
  if (flags.stay !== true) operator.ended.then(ended.resolve, ended.reject)
  try {
    await ended.promise
  } finally {
    await operator.stop()
  }
}

/** A reader that hangs must not fill the memory with this either. */
const mostWaitingBytes = 1024 * 1024

function tellDebug(line: string): void {
  if (process.stderr.writableLength > mostWaitingBytes) return
  process.stderr.write(`${plain(`debug ${new Date().toISOString()} ${line}`)}\n`)
}

function aloneIn(file: string): string {
  return (
    `${file} names this peer alone, so it waits: put the ids of all peers into that file, the same for everybody, and ` +
    'start again; or start with --alone, if it is to learn alone'
  )
}
