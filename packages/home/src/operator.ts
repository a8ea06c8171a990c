/** The peer that people run: a folder, a libp2p host on TCP, and the same driver as in the simulator. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Holes, RowShape } from '@hearsay/aggregation'
import { chunksOf, digestsOfFields, foundedCharterOf, PeerError, ruleOf } from '@hearsay/ledger'
import {
  createKeys,
  createLibp2pPeer,
  type Introduction,
  type Libp2pPeer,
  type NetworkEvent,
  publicKeyOfPeerId,
  wireVersion,
} from '@hearsay/libp2p'
import type { Driver, DriverEvent, Era, OperatorEvent, Trainer } from '@hearsay/peer'
import { composePeer, faultOfChunks, lostAtOnce, type PeerParts } from '@hearsay/peer'
import {
  type AgreementKind,
  digestOfVector,
  type Evidence,
  type Network,
  type Progress,
  timingOf,
} from '@hearsay/protocol'
import { AddressFile } from './address-file.ts'
import { Attention } from './attention.ts'
import { FileStorage, type Proof } from './file-storage.ts'
import { guarded } from './guarded-store.ts'
import { type Home, idIn } from './home.ts'
import { type Lock, takeLock, watchLock } from './lock.ts'
import { markStart, type Recollection, recollect } from './memory.ts'
import { pausingIn } from './pause-file.ts'
import { wishesIn, wishesName } from './wishes.ts'

export interface OperatorOptions {
  readonly home: Home
  /** The model of the genesis; vectors of training are as long. */
  readonly initial: Float32Array<ArrayBuffer>
  /** The rows that its parameters are, where the task says so. */
  readonly rows?: RowShape | undefined
  readonly trainer: Trainer
  /** A peer whose genesis names nobody else learns alone: by mistake, unless this says so. */
  readonly alone?: boolean
  /** After the last round the peer has ended when nobody has lacked anything for so long. 10 s unless given. */
  readonly quietMs?: number
  /** What trains, and its version: with another, the same training gives another update. */
  readonly engine?: string
  /** After an event `failed` the peer has stopped: it neither trains nor speaks. */
  readonly watch?: (event: OperatorEvent) => void
  /** Is told what libp2p and the host tell, a line at a time. */
  readonly debug?: (line: string) => void
}

export interface Operator extends Libp2pPeer {
  /** Digest of the genesis: the name of the network. */
  readonly network: string
  /** The newest certified round that this peer started from. */
  readonly height: number
  /** It takes no part: its genesis names it alone, which nobody said is meant. */
  readonly idle: boolean
  /** Fulfilled when the last round is over, and those who lacked something of it had time to fetch it. */
  readonly ended: Promise<void>
  /** Why this peer may have said what it does not know of; it then keeps vigil before it speaks. */
  readonly doubt: string | undefined
  stop(): Promise<void>
}

/** After so long without news a peer asks a neighbour. */
const askMs = 1000

/**
 * Starts the peer of a folder. Throws PeerError: `locked`, `state-corrupt`, `storage-failed`, `forked` or
 * `contradicted` when it must not speak any more, or `bad-address` when it cannot listen.
 */
export async function startOperator(options: OperatorOptions): Promise<Operator> {
  const { home } = options
  const lockPath = join(home.folder, 'lock')
  await watchLock(lockPath)
  const lock = takeLock(lockPath)
  const idle = home.genesis.peers.length === 1 && options.alone !== true
  const lastRound = Promise.withResolvers<void>()
  const stopped = new AbortController()
  let storage: FileStorage | undefined
  let running: Libp2pPeer | undefined
  let peer: { readonly progress: Progress | undefined } | undefined
  let attention: Attention | undefined
  const addresses = new AddressFile(join(home.folder, 'addresses'), (error) =>
    options.watch?.({ kind: 'unwritten', file: join(home.folder, 'addresses'), error }),
  )
  const stop = async (): Promise<void> => {
    stopped.abort()
    attention?.stop()
    await running?.driver.stop()
    await addresses.settled()
    await storage?.settled()
    storage?.close()
    storage = undefined
    lock()
  }
  try {
    const charter = foundedCharterOf(home.genesis, digestOfVector(options.initial), options.rows)
    const { record, genesis: digest } = charter
    const { ids } = charter.at(1)
    const network = charter.network(createKeys(home.identity.seed, ids.map(publicKeyOfPeerId)))
    // Of an agreed order, gradients and models of the newest rounds are needed to go on.
    const archiveRounds = Math.max(home.settings.archiveRounds, network.agreement.ordering?.remembered ?? 0)
    const engine = options.engine ?? ''
    const recollection = recollect(home.folder, engine)
    storage = new FileStorage(join(home.folder, 'state'), network, { record, archiveRounds })
    if (archiveRounds > 0) await archive(options.initial, storage)
    const { height, fork } = storage
    if (fork !== undefined) throw forked(fork, ids)
    const proof = storage.equivocation(ids.indexOf(home.identity.id))
    if (proof !== undefined) throw contradicted(proof.evidence, proof.path)
    markStart(home.folder, engine)
    const onEvent = (event: DriverEvent): void => {
      if (event.kind === 'failed') void running?.driver.stop()
      if (event.kind === 'output' && event.output.kind === 'ended') lastRound.resolve()
      options.watch?.(event)
      attention?.onDriver(event)
      const contradiction = contradictionIn(event, join(home.folder, 'state'))
      if (contradiction !== undefined) onEvent({ kind: 'failed', error: contradiction })
    }
    const hello = { version, wire: wireVersion, network: digest, fields: digestsOfFields(record) }
    attention = attentionOf(options, charter.at(1), hello, () => peer?.progress)
    running = await createPeer(options, {
      ids,
      instead: (honest) => {
        const made = honest()
        peer = made
        return made
      },
      network,
      storage,
      addresses,
      recollection,
      lock,
      hello,
      vouches: wishesIn(home, (error) =>
        options.watch?.({ kind: 'unread', file: join(home.folder, wishesName), error }),
      ),
      watch: onEvent,
      onNetwork: (event) => {
        options.debug?.(`hearsay:network ${inText(event)}`)
        attention?.onNetwork(event)
      },
    })
    const { driver, host } = running
    await listen(host, home)
    if (!idle) driver.start()
    const { quietMs = network.peers === 1 ? 0 : 10_000 } = options
    const ended = lastRound.promise.then(() => nobodyLacks(driver, quietMs, stopped.signal))
    return { ...running, network: digest, height, idle, doubt: recollection.why, ended, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** The first model is where an archive begins. */
async function archive(initial: Float32Array<ArrayBuffer>, storage: FileStorage): Promise<void> {
  const digest = digestOfVector(initial)
  const bytes = new Uint8Array(initial.buffer, initial.byteOffset, initial.byteLength)
  if (storage.height === 0) await storage.keep(0, digest, bytes)
}

/** Read once: a package that is upgraded under a running peer does not change what runs. */
const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
const { version } = JSON.parse(manifest) as { readonly version: string }

/** An event on one line. */
function inText(event: NetworkEvent): string {
  return JSON.stringify(event, (_, value: unknown) => (value instanceof Error ? value.message : value))
}

function attentionOf(
  { home, watch }: OperatorOptions,
  { ids, quorums }: Era,
  hello: Introduction,
  progress: () => Progress | undefined,
): Attention {
  const { roundMs = 0, graceMs = 0, chunkMs } = home.genesis.agreement
  return new Attention({
    ids,
    self: ids.indexOf(home.identity.id),
    hello,
    givenMs: roundMs + graceMs + Number(chunkMs ?? 0),
    quorums,
    progress,
    tell: (event) => watch?.(event),
  })
}

interface Parts {
  readonly ids: readonly string[]
  readonly network: Network<AgreementKind>
  readonly storage: FileStorage
  readonly addresses: AddressFile
  readonly recollection: Recollection
  readonly hello: Introduction
  readonly lock: Lock
  readonly vouches: PeerParts['vouches']
  readonly watch: (event: DriverEvent) => void
  readonly instead: NonNullable<PeerParts['instead']>
  readonly onNetwork: (event: NetworkEvent) => void
}

function createPeer(
  { home, initial, rows, trainer, debug }: OperatorOptions,
  { ids, network, storage, addresses, recollection, lock, hello, vouches, watch, instead, onNetwork }: Parts,
): Promise<Libp2pPeer> {
  const { genesis, identity, settings } = home
  const { rounds } = genesis
  const stored = storage.head
  const kept = stored === undefined ? undefined : storage.kept(stored.model)
  const model = kept?.length === initial.byteLength ? new Float32Array(kept.buffer) : undefined
  // A certified model others have; one that this peer averaged is nobody else's, and lost with its bytes.
  const lost = stored !== undefined && stored.certificate === undefined && model === undefined
  const head = lost ? undefined : stored
  // Its own makes it stop before it comes here.
  const culprits = [...ids.keys()].filter((peer) => storage.equivocation(peer) !== undefined)
  const host = {
    network,
    ids,
    rule: ruleOf(genesis),
    rows,
    initial,
    models: model && [model],
    holes: holesOf(home, initial.length, rows),
    rounds,
    privateKey: identity.seed,
    transport: { kind: 'tcp', listen: settings.listen },
    hello,
    discovery: {
      ...(settings.announce.length > 0 && { announce: settings.announce }),
      known: addresses.read(),
      onRecords: (records: readonly Uint8Array[]) => addresses.write(records),
    },
    ...(debug && { debug }),
    onNetwork,
  } as const
  return createLibp2pPeer(host, (ports) =>
    composePeer({
      ...ports,
      network,
      ids,
      self: ids.indexOf(identity.id),
      initial: digestOfVector(initial),
      timing: timingOf(genesis.agreement, askMs),
      trainer,
      store: guarded(storage, lock.check),
      payloads: storage,
      kept: {
        ...(head && { head }),
        archive: storage,
        said: storage.saidBefore,
        memory: lost ? 'lost' : recollection.memory,
        proven: culprits,
      },
      culprits,
      vouches,
      pausing: pausingIn(home.folder),
      instead,
      ...(rounds !== undefined && { lastRound: rounds, rounds }),
      onHeard: (author) => onNetwork({ kind: 'heard', author }),
      watch,
    }),
  )
}

/** What is done with what is lost, where updates go in chunks. Throws PeerError `bad-file` when no update of the model does. */
function holesOf({ folder, genesis }: Home, length: number, rows?: RowShape): Holes | undefined {
  const chunks = chunksOf(genesis)
  if (chunks === undefined) return undefined
  const size = lostAtOnce(chunks, length)
  const fault = rows ? 'updates of rows are not sent in chunks: leave exchange out' : faultOfChunks({ length, size })
  if (fault !== undefined)
    throw new PeerError('bad-file', `${join(folder, 'genesis.yaml')}: exchange.loss.chunk: ${fault}`)
  return { fill: chunks.fill, size }
}

/** A liar that lacks something for ever keeps nobody for longer. */
const mostQuietMs = 600_000

/** Others may lack what this peer has, above all the last certificate and its model: it goes when they had time to ask. */
async function nobodyLacks(driver: Driver, quietMs: number, signal: AbortSignal): Promise<void> {
  const endedMs = performance.now()
  for (let waitMs = quietMs; waitMs > 0 && !signal.aborted; ) {
    await setTimeout(waitMs, undefined, { signal }).catch(() => {})
    const nowMs = performance.now()
    waitMs = nowMs - endedMs > mostQuietMs ? 0 : Math.max(driver.servedMs, endedMs) + quietMs - nowMs
  }
}

/** An event in which this peer hears that it contradicted itself, as what ends it. */
function contradictionIn(event: DriverEvent, path: string): PeerError | undefined {
  if (event.kind !== 'output' || event.output.kind !== 'halted') return undefined
  const { evidence } = event.output
  return evidence.kind === 'equivocation' ? contradicted(evidence, path) : undefined
}

function contradicted({ round }: Evidence, path: string): PeerError {
  return new PeerError(
    'contradicted',
    `${path}: in round ${round} two words were said under the key of this peer that cannot both be honest, and whoever has ` +
      'heard both can prove it. Another process ran with its identity, or its state was put back to what it was. It does ' +
      'not speak any more, and counts among the liars that its network tolerates; make a new network with a new identity.',
  )
}

function forked({ evidence, path }: Proof, ids: readonly string[]): PeerError {
  const culprits = evidence.culprits.map((peer) => ids[peer]).join(', ')
  return new PeerError(
    'forked',
    `${path}: this peer saw the chain fork in round ${evidence.round}. Certificates no longer mean anything here, so it ` +
      `does not learn on. By their own signatures the culprits are ${culprits}. Make a new network without them.`,
  )
}

async function listen(host: Libp2pPeer['host'], { folder, identity, settings }: Home): Promise<void> {
  try {
    await host.start()
  } catch (error) {
    const { message } = error as Error
    // Libp2p tells of its own settings and where in its code; the system's reason is in the middle of that.
    const reason = /listen (E[A-Z]+: [a-z ]+)/.exec(message)?.[1] ?? message
    throw new PeerError(
      'bad-address',
      `${join(folder, 'peer.yaml')}: listen: ${settings.listen.join(' ')} cannot be listened on: ${reason.trim()}. ` +
        'If another program has the port, choose another, and tell those who dial it.',
      { cause: error },
    )
  }
  // Failures to dial are tried again for ever; a peer that is not up yet is no error.
  for (const address of settings.bootstrap) if (idIn(address) !== identity.id) host.connect(address).catch(() => {})
}
