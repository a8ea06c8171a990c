import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { hearsay } from './testing/command.ts'
import { initNetwork, PeerProcess } from './testing/hearsay-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'hearsay-genesis-trainer-'))
const peers: PeerProcess[] = []
const program = join(import.meta.dirname, '../../training/src/testing/hostile-trainer.ts')

afterAll(async () => {
  await Promise.all(peers.map((peer) => peer.end('SIGKILL')))
  rmSync(folder, { recursive: true, force: true })
})

/** A network whose task is left to a program: `trainer` is what the genesis says of it. */
async function network(name: string, peers: number, trainer: string): Promise<string[]> {
  const homes = await initNetwork(join(folder, name), peers, 500)
  for (const home of homes) {
    const file = join(home, 'genesis.yaml')
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace(/^task: .*$/m, `task: { kind: external, trainer: ${trainer} }`),
    )
  }
  return homes
}

const allow = (home: string, command: readonly string[]): void => {
  const file = join(home, 'peer.yaml')
  writeFileSync(file, `${readFileSync(file, 'utf8')}\ntrainer: ${JSON.stringify(command)}\n`)
}

test('four peers learn what the program of each trains, which a genesis only describes', async () => {
  const homes = await network('learns', 4, '{ name: ones, options: { a: 1 } }')
  for (const home of homes) allow(home, [process.execPath, program])
  peers.push(...homes.map((home) => new PeerProcess(home)))
  await Promise.all(peers.map((peer) => peer.reaches(2)))
  const models = peers.map(({ certified }) => certified.find(({ round }) => round === 2)!.model)
  expect(new Set(models).size).toBe(1)
}, 120_000)

test('a genesis starts no program', async () => {
  const [home] = await network('commands', 1, `{ command: [touch, ${join(folder, 'touched')}], name: x }`)
  const { code, stderr } = await hearsay(['start', home!, '--engine', 'wasm'])
  expect(code).toBe(2)
  expect(stderr).toMatch(
    /^hearsay: .*genesis\.yaml:\d+:\d+: task\.trainer\.command: a genesis starts no program: remove/,
  )
  expect(() => readFileSync(join(folder, 'touched'))).toThrow()
}, 120_000)

test('a peer that names no program is told where', async () => {
  const [home] = await network('names-none', 1, '{ name: x }')
  const { code, stderr } = await hearsay(['start', home!, '--engine', 'wasm'])
  expect([code, stderr]).toEqual([
    2,
    expect.stringContaining(
      'nothing says which program trains: name it, task.trainer.command in a scenario, trainer in',
    ),
  ])
}, 120_000)
