/** The peer that people run: a folder, a libp2p host on TCP, and the same driver as in the simulator. */
import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { RuleSpec } from '@hearsay/aggregation'
import { createNetwork, digestOfVector, Peer, Quorums } from '@hearsay/protocol'
import { Driver, type DriverEvent } from '../driver.ts'
import { createKeys } from '../keys.ts'
import { publicKeyOfPeerId } from '../network/index.ts'
import type { Trainer } from '../performer.ts'
import { FileStorage } from './file-storage.ts'
import { digestOfGenesis, rosterOf } from './genesis.ts'
import type { Home } from './home.ts'
import { PeerError } from './peer-error.ts'

export interface OperatorOptions {
  readonly home: Home
  /** The model of the genesis; vectors of training are as long. */
  readonly initial: Float32Array<ArrayBuffer>
  readonly trainer: Trainer
  readonly watch?: (event: DriverEvent) => void
}

export interface Operator {
  readonly driver: Driver
  /** Digest of the genesis: the name of the network. */
  readonly network: string
  /** The newest certified round that this peer started from. */
  readonly height: number
  stop(): Promise<void>
}

/** After so long without news a peer asks a neighbour. */
const askMs = 1000

export async function startOperator(options: OperatorOptions): Promise<Operator> {
  const { home, initial, trainer, watch } = options
  const { genesis, identity, settings } = home
  const release = lock(join(home.folder, 'lock'))
  const ids = rosterOf(genesis)
  const self = ids.indexOf(identity.id)
  const quorums = new Quorums(Array(ids.length).fill(1), genesis.tolerated)
  const rule: RuleSpec = { ...genesis.aggregation, tolerated: genesis.tolerated }
  const digest = digestOfGenesis(genesis, digestOfVector(initial))
  const keys = createKeys(identity.seed, ids.map(publicKeyOfPeerId))
  const network = createNetwork({ genesis: digest, quorums, keys, rule: JSON.stringify(rule) })
  const storage = new FileStorage(join(home.folder, 'state'), network)
  const { head } = storage
  const kept = head === undefined ? undefined : storage.kept(head.checkpoint.model)
  const model = kept?.length === initial.byteLength ? new Float32Array(kept.buffer) : undefined
  const peer = (): Peer =>
    new Peer({
      network,
      self,
      initial: digestOfVector(initial),
      ...(head === undefined ? {} : { head, holdsModel: model !== undefined }),
      archive: storage,
      said: storage.saidBefore,
      timing: { ...genesis.agreement, askMs },
    })
  const driver = await Driver.create({
    network,
    ids,
    self,
    rule,
    initial,
    ...(model === undefined ? {} : { model }),
    trainer,
    participant: peer,
    host: { privateKey: identity.seed, transport: { kind: 'tcp', listen: settings.listen } },
    storage,
    ...(watch === undefined ? {} : { watch }),
  })
  await driver.host.start()
  // Failures to dial are tried again for ever; a peer that is not up yet is no error.
  for (const address of settings.bootstrap) driver.host.connect(address).catch(() => {})
  driver.start()
  return {
    driver,
    network: digest,
    height: storage.height,
    stop: async () => {
      await driver.stop()
      storage.close()
      release()
    },
  }
}

/** Two processes with one identity would contradict each other: the second is refused. */
function lock(path: string): () => void {
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const file = openSync(path, 'wx')
      writeSync(file, String(process.pid))
      closeSync(file)
      return () => rmSync(path, { force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      const owner = Number(readFileSync(path, 'utf8'))
      if (isAlive(owner))
        throw new PeerError('PEER_LOCKED', `${path}: process ${owner} runs this peer. Two would contradict each other.`)
      rmSync(path, { force: true })
    }
  }
  throw new PeerError('PEER_LOCKED', `${path} cannot be taken`)
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0 || pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
