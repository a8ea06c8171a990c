/** A peer in service: its log is read by others, its files are written by people, and it runs until it is told to stop. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  closeSync,
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { freePorts, hearsay, PeerProcess } from './testing/hearsay-process.ts'

const command = fileURLToPath(new URL('./hearsay.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'hearsay-service-'))
const children: ChildProcess[] = []
const peers: PeerProcess[] = []
const quick = 'task: { model: logistic, trainSamples: 1000, testSamples: 100 }\nlearning: { localSteps: 1 }\n'

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  await Promise.all(peers.map((peer) => peer.end('SIGKILL')))
  rmSync(folder, { recursive: true, force: true })
})

function start(home: string, ...flags: string[]): PeerProcess {
  const peer = new PeerProcess(home, ...flags)
  peers.push(peer)
  return peer
}

/** A peer by itself, as fast as it goes. */
async function alone(name: string, more = ''): Promise<string> {
  const home = join(folder, name)
  await hearsay('init', home, '--listen', '/ip4/127.0.0.1/tcp/0')
  const file = join(home, 'genesis.yaml')
  writeFileSync(file, `${readFileSync(file, 'utf8')}agreement: { roundMs: 0 }\n${quick}${more}`)
  return home
}

const wordsOf = (home: string): string[] => [command, 'start', home, '--json', '--engine', 'wasm', '--alone']

/** A pipe that takes nothing more. */
function fullPipe(path: string): number {
  execFileSync('mkfifo', [path])
  const pipe = openSync(path, constants.O_RDWR | constants.O_NONBLOCK)
  try {
    for (;;) writeSync(pipe, new Uint8Array(1))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
  }
  return pipe
}

/** Its standard output is a pipe that nobody reads unless the test does. */
function unread(home: string): ChildProcess {
  const child = spawn(process.execPath, wordsOf(home), { stdio: ['ignore', 'pipe', 'pipe'] })
  children.push(child)
  return child
}

const ledgerBytes = (home: string): number => statSync(join(home, 'state/ledger'), { throwIfNoEntry: false })?.size ?? 0

describe('a peer whose log', () => {
  it('is no longer read goes on, and ends as the network does', async () => {
    const child = unread(await alone('unread', 'rounds: 12\n'))
    let said = ''
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
    await once(child.stdout!, 'data')
    child.stdout!.destroy()
    const [code] = await once(child, 'close')
    expect(code).toBe(0)
    expect(said).toBe('hearsay: nothing more is told on standard output: its reader went away. The peer goes on.\n')
    const { stdout } = await hearsay('verify', join(folder, 'unread'), '--json')
    expect(JSON.parse(stdout)).toMatchObject({ sound: true, ledgers: [{ rounds: 12 }] })
  }, 180_000)

  it('is read by somebody who hangs ends when it is interrupted', async () => {
    const home = await alone('hanging')
    const full = fullPipe(join(folder, 'full'))
    const child = spawn(process.execPath, wordsOf(home), { stdio: ['ignore', full, 'pipe'] })
    children.push(child)
    // It has much to say, and nobody takes any of it.
    await vi.waitFor(() => expect(ledgerBytes(home)).toBeGreaterThan(0), { timeout: 150_000, interval: 50 })
    child.kill('SIGINT')
    const [code] = await once(child, 'exit')
    closeSync(full)
    expect(code).toBe(0)
  }, 180_000)
})

describe('a peer that tells', () => {
  it('its loss in training, and how well the models do', async () => {
    const peer = start(await alone('telling', 'rounds: 3\n'), '--alone')
    expect(await peer.exited).toBe(0)
    const trained = peer.events.filter(({ kind }) => kind === 'trained')
    expect(trained.map(({ round }) => round)).toEqual([1, 2, 3])
    for (const { loss } of trained) expect(loss).toBeGreaterThan(0)
    const evaluated = peer.events.filter(({ kind }) => kind === 'evaluated')
    // Once at first, and then now and then.
    expect(evaluated).toHaveLength(1)
    expect(evaluated[0]).toMatchObject({
      round: 1,
      measures: { accuracy: expect.any(Number), loss: expect.any(Number) },
    })
  }, 180_000)
})

describe('a peer before its network', () => {
  it('learns nothing by itself, says what to do, and takes part once the genesis names all', async () => {
    const ports = await freePorts(4)
    const homes = await Promise.all(
      [0, 1, 2, 3].map(async (i) => {
        const home = join(folder, `draft-${i}`)
        await hearsay('init', home, '--listen', `/ip4/127.0.0.1/tcp/${ports + i}`)
        return home
      }),
    )
    const early = start(homes[0]!)
    const waiting = await early.told(({ kind }) => kind === 'idle')
    expect(waiting.message).toMatch(/genesis\.yaml names this peer alone, so it waits: put the ids of all peers/)
    expect(await early.end('SIGINT')).toBe(0)
    expect(early.events.some(({ kind }) => kind === 'round')).toBe(false)

    const ids = homes.map((home) => JSON.parse(readFileSync(join(home, 'identity.json'), 'utf8')).id as string)
    const common = `name: all\npeers: [${ids.map((id) => `{ id: ${id} }`)}]\nagreement: { roundMs: 0 }\nrounds: 2\n${quick}`
    for (const [i, home] of homes.entries()) {
      writeFileSync(join(home, 'genesis.yaml'), common)
      const others = ids.flatMap((id, j) => (j === i ? [] : `/ip4/127.0.0.1/tcp/${ports + j}/p2p/${id}`))
      writeFileSync(join(home, 'peer.yaml'), `listen: [/ip4/127.0.0.1/tcp/${ports + i}]\nbootstrap: [${others}]\n`)
    }
    const all = homes.map((home) => start(home))
    // As many as four can tolerate, though nobody wrote it.
    expect((await all[0]!.told(({ kind }) => kind === 'started')).tolerated).toBe(1)
    expect(await Promise.all(all.map((peer) => peer.exited))).toEqual([0, 0, 0, 0])
    for (const peer of all) expect(peer.height).toBe(2)

    // It has ended, and whoever comes later may still need it.
    const staying = start(homes[1]!, '--stay')
    await staying.told(({ kind }) => kind === 'ended')
    expect(await staying.end('SIGINT')).toBe(0)

    appendFileSync(join(homes[2]!, 'genesis.yaml'), 'seed: 2\n')
    const other = start(homes[2]!)
    expect(await other.exited).toBe(2)
    expect(other.errors).toMatch(/of another network than genesis\.yaml is now: .*seed: 1 → 2.*Nothing is damaged/)
  }, 300_000)

  it('is warned when it tolerates fewer liars than it could', async () => {
    const [home, joining] = [join(folder, 'few'), join(folder, 'joining')]
    await hearsay('init', home, '--local', '4', '--port', '4001')
    const file = join(home, 'peer-0/genesis.yaml')
    writeFileSync(file, readFileSync(file, 'utf8').replace('tolerated: 1', 'tolerated: 0'))
    const { stderr } = await hearsay('init', joining, '--genesis', file)
    expect(stderr).toBe(
      'hearsay: warning: tolerated is 0: 4 peers could tolerate 1, and 1 that lie can do as they like\n',
    )
    expect(existsSync(join(joining, 'identity.json'))).toBe(true)
  }, 60_000)
})
