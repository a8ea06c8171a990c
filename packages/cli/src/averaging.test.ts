import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { initNetwork, PeerProcess, type Told } from './testing/hearsay-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'hearsay-averaging-'))
const processes: PeerProcess[] = []
const start = (home: string): PeerProcess => {
  const peer = new PeerProcess(home)
  processes.push(peer)
  return peer
}
const averaged = (peer: PeerProcess, after: number): Promise<Told> =>
  peer.told(({ kind, round }) => kind === 'averaged' && Number(round) > after)
const newest = (peer: PeerProcess): number =>
  Math.max(0, ...peer.events.flatMap(({ kind, round }) => (kind === 'averaged' ? Number(round) : [])))

afterAll(async () => {
  await Promise.all(processes.map((peer) => peer.end('SIGKILL')))
  rmSync(folder, { recursive: true, force: true })
})

it('a network learns by averaging; a peer that is killed goes on from the round that it had finished', async () => {
  const homes = await initNetwork(join(folder, 'four'), 4, 500, '--agreement', 'averaging')
  const peers = homes.map(start)
  await Promise.all(peers.map((peer) => averaged(peer, 3)))
  const learnt = await peers[0]!.told(({ kind, round }) => kind === 'evaluated' && Number(round) > 0)
  // Of ten classes one in ten is right by chance.
  expect((learnt.measures as { accuracy: number }).accuracy).toBeGreaterThan(0.15)
  const victim = peers[1]!
  await victim.end('SIGKILL')
  const before = newest(victim)
  const reborn = start(homes[1]!)
  const started = await reborn.told(({ kind }) => kind === 'started')
  // What it told of it had kept; it may have finished one more that it could not tell of.
  expect([before, before + 1]).toContain(started.height)
  await averaged(reborn, before + 2)
  const first = reborn.events.find(({ kind }) => kind === 'averaged')
  expect(Number(first!.round)).toBeGreaterThan(Number(started.height))
  await averaged(peers[0]!, newest(reborn))
  const accused = processes.flatMap(({ events }) =>
    events.filter(({ kind }) => ['evidence', 'halted', 'failed', 'fault'].includes(kind)),
  )
  expect(accused).toEqual([])
}, 180_000)
