import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { initNetwork, PeerProcess } from './testing/hearsay-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'hearsay-lost-state-'))
const processes: PeerProcess[] = []
const start = (home: string): PeerProcess => {
  const peer = new PeerProcess(home)
  processes.push(peer)
  return peer
}

afterAll(async () => {
  await Promise.all(processes.map((peer) => peer.end('SIGKILL')))
  rmSync(folder, { recursive: true, force: true })
})

it('a network begins; a peer whose state is gone listens, and says why, before it takes part again; nobody is accused', async () => {
  const homes = await initNetwork(join(folder, 'four'), 4, 500)
  const peers = homes.map(start)
  await Promise.all(peers.map((peer) => peer.reaches(2)))
  const [first, victim] = peers as [PeerProcess, PeerProcess]
  await victim.end('SIGKILL')
  rmSync(join(homes[1]!, 'state'), { recursive: true })
  const reborn = start(homes[1]!)
  expect(await reborn.told(({ kind }) => kind === 'started')).toMatchObject({
    height: 0,
    doubt: expect.stringContaining('its state was moved away'),
  })
  const silent = await reborn.told(({ kind }) => kind === 'silent')
  expect(silent.message).toContain(`until round ${silent.until} is certified`)
  await reborn.told(({ kind }) => kind === 'speaks')
  expect(reborn.height).toBeGreaterThanOrEqual(Number(silent.until))
  await first.told(
    (told) =>
      told.kind === 'certified' && Number(told.round) > reborn.height && (told.members as unknown[]).length === 4,
  )
  const accused = processes.flatMap(({ events }) => events.filter(({ kind }) => ['evidence', 'halted'].includes(kind)))
  expect(accused).toEqual([])
}, 180_000)
