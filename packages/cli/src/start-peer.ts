import { join } from 'node:path'
import { plain, plainJson } from '@hearsay/aggregation/words'
import { type DriverEvent, type Home, readHome, rosterOf, startOperator } from '@hearsay/peer'
import { startTrainingPool, type TrainingPool } from '@hearsay/training'
import { checkGenesisTask, taskOf } from './genesis-task.ts'

export interface StartFlags {
  readonly engine: 'native' | 'wasm' | 'auto'
  readonly json?: boolean
}

/** Runs the peer of a folder until it is interrupted. */
export async function startPeer(folder: string, flags: StartFlags): Promise<void> {
  const home = await readHome(folder)
  const file = join(folder, 'genesis.yaml')
  const spec = taskOf(home.genesis, file, home.settings.data)
  await checkGenesisTask(home.genesis, file, home.settings.data)
  const pool = await startTrainingPool({ engine: flags.engine, processes: 1 })
  try {
    await takePart(home, spec, pool, teller(flags.json === true))
  } finally {
    // Whatever happened: a training process that is left keeps this one alive.
    await pool.close()
  }
}

/** Runs the peer until it is interrupted; rejects when it fails. */
async function takePart(
  home: Home,
  spec: ReturnType<typeof taskOf>,
  pool: TrainingPool,
  tell: (told: Told) => void,
): Promise<void> {
  const ids = rosterOf(home.genesis)
  const self = ids.indexOf(home.identity.id)
  const { name, version, notice } = pool.engine
  tell({ event: 'engine', engine: name, version, ...(notice === undefined ? {} : { notice }) })
  const training = await pool.open({ ...spec, peers: ids.length, seed: home.genesis.seed })
  const ended = Promise.withResolvers<void>()
  // It may fail before anybody waits for it.
  ended.promise.catch(() => {})
  process.once('SIGINT', () => ended.resolve())
  process.once('SIGTERM', () => ended.resolve())
  let forked = false
  const operator = await startOperator({
    home,
    initial: new Float32Array(training.initial),
    trainer: { train: async (round, model) => (await training.train(self, round - 1, model)).update },
    watch: (event) => {
      if (event.kind === 'output' && event.output.kind === 'halted') forked = true
      if (event.kind === 'failed') ended.reject(event.error)
      const told = describe(event)
      if (told !== undefined) tell(told)
    },
  })
  tell({
    event: 'started',
    id: home.identity.id,
    network: operator.network,
    peers: ids.length,
    tolerated: home.genesis.tolerated,
    height: operator.height,
    addresses: operator.driver.host.addresses(),
  })
  try {
    await ended.promise
  } finally {
    await operator.stop()
  }
  if (forked) process.exitCode = 1
}

type Told = Readonly<Record<string, unknown>> & { readonly event: string }

function describe(event: DriverEvent): Told | undefined {
  if (event.kind === 'neighbour') return { event: event.connected ? 'connected' : 'disconnected', peer: event.peer }
  if (event.kind === 'fault') return { event: 'fault', peer: event.peer, what: event.what }
  if (event.kind !== 'output') return undefined
  const { output } = event
  if (output.kind === 'round') return { event: 'round', round: output.round }
  if (output.kind === 'certified') {
    const { checkpoint, digest, signatures } = output.certificate
    const { round, members, model } = checkpoint
    return {
      event: 'certified',
      round,
      checkpoint: digest,
      model,
      updates: members.length,
      signatures: signatures.size,
    }
  }
  if (output.kind === 'evidence' || output.kind === 'halted') {
    const { kind, round, culprits, bytes } = output.evidence
    return { event: output.kind, kind, round, culprits, proof: Buffer.from(bytes).toString('base64') }
  }
  return undefined
}

function teller(json: boolean): (told: Told) => void {
  return (told) => {
    if (json) return void process.stdout.write(`${plainJson({ at: new Date().toISOString(), ...told })}\n`)
    const { event, ...rest } = told
    const words = Object.entries(rest)
      .filter(([key]) => key !== 'proof')
      .map(([key, value]) => `${key} ${Array.isArray(value) ? value.join(' ') : String(value)}`)
    process.stdout.write(`${plain(`${event.padEnd(12)} ${words.join('  ')}`)}\n`)
  }
}
