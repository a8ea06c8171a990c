import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findLedgers, verifyLedger } from '@hearsay/ledger'
import { createKeys } from '@hearsay/libp2p'
import type { OperatorEvent } from '@hearsay/peer'
import { promised, type Trainer } from '@hearsay/peer'
import {
  checkpointToSign,
  createNetwork,
  decodeCheckpoint,
  digestOf,
  encodeCheckpoint,
  equivocation,
  exact,
  fork,
  Quorums,
  sealEnvelopes,
} from '@hearsay/protocol'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { FileStorage } from './file-storage.ts'
import { createIdentity, readHome, writeHome } from './home.ts'
import { type Operator, startOperator } from './operator.ts'

let folder: string
let operator: Operator | undefined

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearsay-operator-'))
})
afterEach(async () => {
  await operator?.stop()
  operator = undefined
  rmSync(folder, { recursive: true, force: true })
})

const initial = new Float32Array(20).fill(1)
const steady = promised(async () => new Float32Array(20).fill(0.5))

/** A network of one peer, which agrees with itself. */
async function home(listen = '/ip4/127.0.0.1/tcp/0', more: { rounds?: number } = {}) {
  const identity = await createIdentity()
  const agreement = { graceMs: 0, timeoutMs: 1, roundMs: 0 }
  const genesis = { name: 'one', tolerated: 0, peers: [{ id: identity.id }], agreement, ...more }
  writeHome(folder, identity, { settings: { listen: [listen] }, genesis })
  return readHome(folder)
}

/** Starts a peer and waits for the first event that is wanted. */
async function until(
  options: { home: Awaited<ReturnType<typeof home>>; trainer: Trainer },
  wanted: (event: OperatorEvent) => boolean,
): Promise<OperatorEvent> {
  const seen = Promise.withResolvers<OperatorEvent>()
  operator = await startOperator({
    ...options,
    alone: true,
    initial,
    watch: (event) => wanted(event) && seen.resolve(event),
  })
  return seen.promise
}

const certifies = (round: number) => (event: OperatorEvent) =>
  event.kind === 'output' && event.output.kind === 'round-ended' && event.output.round >= round

it('goes on from the round that it had certified when it stopped', async () => {
  const at = await home()
  await until({ home: at, trainer: steady }, certifies(3))
  await operator!.stop()
  const rounds: number[] = []
  const recording = promised(async (round, model) => {
    rounds.push(round)
    // Each round adds a half to every parameter: it trains on the model that it left.
    expect(model[0]).toBe(1 + (round - 1) / 2)
    return new Float32Array(20).fill(0.5)
  })
  await until({ home: at, trainer: recording }, certifies(6))
  expect(operator!.height).toBeGreaterThanOrEqual(3)
  expect(rounds[0]).toBeGreaterThanOrEqual(operator!.height)
  expect(rounds).toEqual(rounds.map((_, i) => rounds[0]! + i))
})

it('archives as many rounds as its settings say, so that anybody can compute them again', async () => {
  const at = await home()
  await until({ home: { ...at, settings: { ...at.settings, archiveRounds: 100 } }, trainer: steady }, certifies(3))
  await operator!.stop()
  const [place] = findLedgers(folder)
  const { rounds, broken, aggregates, network } = verifyLedger(place!)
  expect({ broken, network }).toEqual({ broken: undefined, network: operator!.network })
  expect(rounds).toBeGreaterThanOrEqual(3)
  expect(aggregates).toEqual({ recomputed: rounds })
})

it('stops when its disk fails, and says why', async () => {
  const at = await home()
  const breaking = promised(async (round) => {
    if (round === 3) rmSync(join(folder, 'state'), { recursive: true })
    return new Float32Array(20).fill(0.5)
  })
  const event = await until({ home: at, trainer: breaking }, ({ kind }) => kind === 'failed')
  expect(event).toMatchObject({
    error: { code: 'storage-failed', message: expect.stringContaining('mend the disk') },
  })
  // It has stopped by itself: nobody can reach it.
  await operator!.driver.stop()
  expect(operator!.host.neighbours()).toEqual([])
})

it('says that its address is taken, and gives its folder back', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const at = await home(`/ip4/127.0.0.1/tcp/${port}`)
  await expect(startOperator({ home: at, initial, trainer: steady })).rejects.toMatchObject({
    code: 'bad-address',
    message: expect.stringMatching(
      new RegExp(`^${folder}/peer.yaml: .*tcp/${port} .*: EADDRINUSE: address already in use\\. `),
    ),
  })
  expect(existsSync(join(folder, 'lock'))).toBe(false)
  await new Promise((resolve) => server.close(resolve))
  operator = await startOperator({ home: at, initial, trainer: steady })
  expect(operator.host.addresses()).toEqual([`/ip4/127.0.0.1/tcp/${port}/p2p/${at.identity.id}`])
  await expect(startOperator({ home: at, initial, trainer: steady })).rejects.toMatchObject({ code: 'locked' })
})

it('does not start where it cannot write', async () => {
  const at = await home()
  const gone = join(folder, 'gone')
  const start = startOperator({ home: { ...at, folder: gone }, initial, trainer: steady })
  await expect(start).rejects.toMatchObject({
    code: 'storage-failed',
    message: expect.stringContaining(join(gone, 'lock')),
  })
})

it('does not learn on after it saw a fork, also when it is started again', async () => {
  const at = await home()
  await until({ home: at, trainer: steady }, certifies(2))
  const { driver, network: genesis } = operator!
  await operator!.stop()
  // A network of one is its own quorum: with its key, two certificates of one round are easily made.
  const keys = createKeys(at.identity.seed, [at.identity.publicKey])
  const network = createNetwork({ genesis, quorums: new Quorums([1], 0), keys, rule: '', agreement: exact })
  const ruled = { ...network, rule: driver.network.rule }
  const certificates = ['a', 'b'].map((text) => {
    const checkpoint = encodeCheckpoint({
      round: 1,
      previous: genesis,
      members: [{ peer: 0, digest: genesis }],
      rule: ruled.rule,
      model: digestOf(new TextEncoder().encode(text)),
    })
    const signature = keys.sign(checkpointToSign(checkpoint, ruled))
    const digest = digestOf(checkpoint)
    return {
      checkpoint: decodeCheckpoint(checkpoint, ruled)!,
      bytes: checkpoint,
      digest,
      signatures: new Map([[0, signature]]),
    }
  })
  const storage = new FileStorage(join(folder, 'state'), ruled, {
    record: readFileSync(join(folder, 'state', 'genesis.json'), 'utf8'),
  })
  storage.evidence(fork(certificates[0]!, certificates[1]!, ruled))
  storage.close()
  const start = startOperator({ home: at, initial, trainer: steady })
  await expect(start).rejects.toMatchObject({ code: 'forked', message: expect.stringContaining(at.identity.id) })
})

it('ends after the last round, also when it is started again, and may stay', async () => {
  const at = await home(undefined, { rounds: 3 })
  await until({ home: at, trainer: steady }, (event) => event.kind === 'output' && event.output.kind === 'ended')
  await operator!.ended
  await operator!.stop()
  const trained: number[] = []
  const recording = promised(async (round) => {
    trained.push(round)
    return new Float32Array(20)
  })
  operator = await startOperator({ home: at, alone: true, initial, trainer: recording })
  await operator.ended
  expect(operator.height).toBe(3)
  expect(trained).toEqual([])
  expect(verifyLedger(findLedgers(folder)[0]!)).toMatchObject({ rounds: 3 })
})

it('takes no part when its genesis names nobody else, unless that is meant', async () => {
  const at = await home()
  const trained: number[] = []
  const recording = promised(async (round) => {
    trained.push(round)
    return new Float32Array(20)
  })
  operator = await startOperator({ home: at, initial, trainer: recording })
  expect(operator.idle).toBe(true)
  await new Promise((resolve) => setImmediate(resolve))
  await operator.stop()
  expect(trained).toEqual([])
  // Nothing was said under the genesis that was not meant, so another may take its place.
  const common = { ...at, genesis: { ...at.genesis, name: 'of all' } }
  await until({ home: common, trainer: steady }, certifies(1))
})

it('does not speak again when it is proven to have contradicted itself', async () => {
  const at = await home()
  await until({ home: at, trainer: steady }, certifies(1))
  const { network } = operator!.driver
  await operator!.stop()
  const [one, two] = ['a', 'b'].map((text) => {
    const statements = [{ kind: 'init', digest: digestOf(new TextEncoder().encode(text)) }] as const
    return sealEnvelopes({ author: 0, round: 1, previous: network.genesis, statements }, network)[0]!
  })
  const record = readFileSync(join(folder, 'state', 'genesis.json'), 'utf8')
  const storage = new FileStorage(join(folder, 'state'), network, { record })
  storage.evidence(equivocation(one!, two!, network))
  storage.close()
  await expect(startOperator({ home: at, alone: true, initial, trainer: steady })).rejects.toMatchObject({
    code: 'contradicted',
    message: expect.stringContaining('in round 1 two words were said under the key of this peer'),
  })
})

it('neither dials nor lets in who was proven to lie before it stopped', async () => {
  const other = await createIdentity()
  const identity = await createIdentity()
  const peers = [{ id: identity.id }, { id: other.id }]
  const genesis = { name: 'two', tolerated: 0, peers, agreement: { graceMs: 0, timeoutMs: 1, roundMs: 0 } }
  writeHome(folder, identity, { settings: { listen: ['/ip4/127.0.0.1/tcp/0'] }, genesis })
  const start = async () => startOperator({ home: await readHome(folder), alone: true, initial, trainer: steady })
  operator = await start()
  const { network } = operator.driver
  const address = `/ip4/127.0.0.1/tcp/1/p2p/${other.id}`
  void operator.host.connect(address).catch(() => {})
  await operator.stop()
  const author = [identity.id, other.id].sort().indexOf(other.id)
  const keys = createKeys(
    other.seed,
    [identity, other].sort((a, b) => (a.id < b.id ? -1 : 1)).map((each) => each.publicKey),
  )
  const [one, two] = ['a', 'b'].map((text) => {
    const statements = [{ kind: 'init', digest: digestOf(new TextEncoder().encode(text)) }] as const
    return sealEnvelopes({ author, round: 1, previous: network.genesis, statements }, { ...network, keys })[0]!
  })
  const record = readFileSync(join(folder, 'state', 'genesis.json'), 'utf8')
  const storage = new FileStorage(join(folder, 'state'), network, { record })
  storage.evidence(equivocation(one!, two!, network))
  storage.close()
  operator = await start()
  await expect(operator.host.connect(address)).rejects.toMatchObject({ code: 'cut-off' })
})
