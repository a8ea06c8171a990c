/** `hearsay start` of a network in which each judges for itself, over TCP: one peer is slow, and one lies. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { initNetwork, PeerProcess, type Told } from './testing/hearsay-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'hearsay-asynchronous-'))
const processes: PeerProcess[] = []
const program = join(import.meta.dirname, 'testing/quadratic-trainer.ts')

afterAll(async () => {
  await Promise.all(processes.map((peer) => peer.end('SIGKILL')))
  rmSync(folder, { recursive: true, force: true })
})

/** Its trainer gives updates that are so many times as long, after so many ms. */
function start(home: string, times = 1, waitMs = 0): PeerProcess {
  const settings = join(home, 'peer.yaml')
  const trainer = [process.execPath, program, `${times}`, `${waitMs}`]
  writeFileSync(settings, `${readFileSync(settings, 'utf8')}\ntrainer: ${JSON.stringify(trainer)}\n`)
  const peer = new PeerProcess(home)
  processes.push(peer)
  return peer
}

const over = (peer: PeerProcess, round: number): Promise<Told> =>
  peer.told((told) => told.kind === 'averaged' && Number(told.round) >= round)
const of = (peer: PeerProcess, kind: string): Told[] => peer.events.filter((told) => told.kind === kind)

it('those who are fast wait for nobody, take in what the slow one learns, and little of what the liar sends', async () => {
  const homes = await initNetwork(join(folder, 'four'), 4, 500, '--agreement', 'asynchronous')
  for (const home of homes) {
    const file = join(home, 'genesis.yaml')
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^task: .*$/m, 'task: { trainer: { name: quadratic } }'))
  }
  const liar = start(homes[0]!, -10)
  const slow = start(homes[1]!, 1, 3000)
  const fast = homes.slice(2).map((home) => start(home))
  const ids = await Promise.all(
    [liar, slow].map(async (peer) => (await peer.told(({ kind }) => kind === 'started')).id),
  )
  const rounds = 16
  await Promise.all([slow, ...fast].map((peer) => over(peer, rounds)))
  // Rounds are over without it: it has trained far less often than there were rounds, and the others more often.
  expect(of(slow, 'trained').length).toBeLessThan(rounds / 2)
  for (const peer of fast) {
    expect(of(peer, 'trained').length).toBeGreaterThan(of(slow, 'trained').length)
    const judged = (other: unknown) => of(peer, 'judged').filter((told) => told.other === other)
    const applied = (other: unknown) => judged(other).filter(({ factor }) => Number(factor) > 0)
    expect(applied(ids[1]).length).toBeGreaterThan(0)
    expect(judged(ids[0]).some(({ why }) => why === 'lipschitz')).toBe(true)
    expect(applied(ids[0]).length).toBeLessThan(judged(ids[0]).length / 2)
  }
  // All began 4.9 from what they learn, and rounds of the rule bring them to 2.5. What the liar sends is reversed, and ten times as long.
  for (const peer of [slow, ...fast]) {
    const close = await peer.told(
      ({ kind, measures }) => kind === 'evaluated' && (measures as { loss: number }).loss < 1.5,
    )
    expect(Number(close.round)).toBeGreaterThan(0)
  }
  const accused = processes.flatMap(({ events }) =>
    events.filter(({ kind }) => ['evidence', 'halted', 'failed', 'fault'].includes(kind)),
  )
  expect(accused).toEqual([])
}, 240_000)
