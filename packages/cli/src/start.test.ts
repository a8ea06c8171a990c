import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { initNetwork, PeerProcess, type Told } from './testing/hearsay-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'hearsay-start-'))
const processes: PeerProcess[] = []

function start(home: string, ...flags: string[]): PeerProcess {
  const peer = new PeerProcess(home, ...flags)
  processes.push(peer)
  return peer
}

afterAll(async () => {
  await Promise.all(processes.map((peer) => peer.end('SIGKILL')))
  rmSync(folder, { recursive: true, force: true })
})

const initLocal = (name: string, peers: number, graceMs: number): Promise<string[]> =>
  initNetwork(join(folder, name), peers, graceMs)

/** What every peer certified, by round: one digest a round, if all have one chain. */
function chainsOf(peers: readonly PeerProcess[]): Map<number, Set<string>> {
  const chains = new Map<number, Set<string>>()
  for (const { round, checkpoint, model } of peers.flatMap(({ certified }) => certified))
    chains.set(round, (chains.get(round) ?? new Set()).add(`${checkpoint} ${model}`))
  return chains
}

/** Processes that a process has begun, by the kernel's books; Linux has them. */
function childrenOf(pid: number): number[] {
  if (!existsSync('/proc/self/task')) return []
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
}

function accusations(peers: readonly PeerProcess[]): Told[] {
  return peers.flatMap(({ events }) => events.filter(({ kind }) => ['fault', 'evidence', 'halted'].includes(kind)))
}

describe('four peers, each a process of its own, over TCP', () => {
  let homes: string[]
  const peers: PeerProcess[] = []

  beforeAll(async () => {
    homes = await initLocal('four', 4, 500)
    peers.push(...homes.map((home) => start(home)))
  })

  it('certify one chain; one is killed and the others go on; it starts again, catches up and takes part', async () => {
    await Promise.all(peers.map((peer) => peer.reaches(3)))

    const victim = peers[2]!
    expect(await victim.end('SIGKILL')).toBe(null)
    const others = peers.filter((peer) => peer !== victim)
    const heights = others.map(({ height }) => height)
    const atDeath = Math.max(...heights)
    await Promise.all(others.map((peer) => peer.reaches(atDeath + 2)))

    const reborn = start(homes[2]!)
    peers.push(reborn)
    const started = await reborn.told(({ kind }) => kind === 'started')
    // It knows what it had certified, and less than the others have by now.
    expect(started.height).toBeGreaterThanOrEqual(victim.height)
    expect(started.height).toBeLessThan(Math.max(...others.map(({ height }) => height)))
    await reborn.reaches(Math.max(...others.map(({ height }) => height)) + 1)
    // Its update is among those that count, and its voice among those that certify.
    const since = reborn.height
    await others[0]!.told(
      (told) => told.kind === 'certified' && Number(told.round) > since && (told.members as unknown[]).length === 4,
    )
    const last = Math.max(...others.map(({ height }) => height))
    await Promise.all([reborn, ...others].map((peer) => peer.reaches(last)))

    const chains = chainsOf(peers)
    expect([...chains.keys()].sort((a, b) => a - b)).toEqual(Array.from(chains.keys(), (_, at) => at + 1))
    for (const [round, digests] of chains) expect([...digests], `round ${round}`).toHaveLength(1)
    // No round is missing at anybody, nor certified twice.
    for (const peer of [reborn, ...others]) {
      const first = peer === reborn ? Number(started.height) + 1 : 1
      expect(peer.certified.map(({ round }) => round)).toEqual(peer.certified.map((_, at) => first + at))
    }
    expect(accusations(peers)).toEqual([])
    expect(await Promise.all([reborn, ...others].map((peer) => peer.end('SIGINT')))).toEqual(Array(4).fill(0))
  }, 180_000)
})

describe('a peer that cannot start', () => {
  it('says so and ends, when its folder is in use, and leaves no process behind', async () => {
    const [home] = await initLocal('one', 1, 10)
    const first = start(home!, '--alone')
    await first.reaches(1)
    const second = start(home!, '--alone')
    expect(await second.exited).toBe(2)
    expect(second.errors).toMatch(/^hearsay: .*lock: process \d+ on \S+ runs this peer/)
    // The first is none the worse for it.
    await first.reaches(first.height + 2)
    expect(await first.end('SIGINT')).toBe(0)
    // And gives the folder back.
    const third = start(home!, '--alone')
    expect((await third.told(({ kind }) => kind === 'started')).height).toBeGreaterThanOrEqual(first.height)
    expect(await third.end('SIGINT')).toBe(0)
  })

  it('ends at once when it is interrupted before it has started, with its training process', async () => {
    const [home] = await initLocal('early', 1, 10)
    const peer = start(home!, '--alone')
    await peer.told(({ kind }) => kind === 'engine')
    const children = childrenOf(peer.pid)
    expect(await peer.end('SIGINT')).toBe(0)
    expect(children.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([])
  })

  it('says that its training diverges, and what the genesis should have', async () => {
    const [home] = await initLocal('wild', 1, 10)
    const file = join(home!, 'genesis.yaml')
    const wild = 'learning: { localSteps: 20, learningRate: 1000, weightDecay: 10 }'
    writeFileSync(file, readFileSync(file, 'utf8').replace('learning: { localSteps: 4 }', wild))
    const peer = start(home!, '--alone')
    const { round, message } = await peer.told(({ kind }) => kind === 'diverged')
    expect([round, message]).toEqual([1, expect.stringContaining('less learning.learningRate or learning.weightDecay')])
    expect(await peer.end('SIGINT')).toBe(0)
  })

  it('says what in which file is wrong', async () => {
    const [home] = await initLocal('wrong', 1, 10)
    const file = join(home!, 'genesis.yaml')
    writeFileSync(file, readFileSync(file, 'utf8').replace('trainSamples: 1000', 'trainSample: 1000'))
    const peer = start(home!)
    expect(await peer.exited).toBe(2)
    expect(peer.errors).toMatch(/genesis\.yaml:\d+:\d+: task: .*"trainSample"/)
  })
})
