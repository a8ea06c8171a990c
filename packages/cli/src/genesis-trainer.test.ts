import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Genesis } from '@hearsay/ledger'
import { afterAll, expect, test } from 'vitest'
import { taskOf } from './genesis-task.ts'
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
async function network(trainer: string): Promise<string[]> {
  const homes = await initNetwork(join(folder, 'network'), 4, 500)
  for (const home of homes) {
    const file = join(home, 'genesis.yaml')
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^task: .*$/m, `task: { trainer: ${trainer} }`))
  }
  return homes
}

function allow(home: string, command: readonly string[]): void {
  const file = join(home, 'peer.yaml')
  writeFileSync(file, `${readFileSync(file, 'utf8')}\ntrainer: ${JSON.stringify(command)}\n`)
}

test('four peers learn what the program of each trains, which a genesis only describes', async () => {
  const homes = await network('{ name: ones, options: { a: 1 } }')
  for (const home of homes) allow(home, [process.execPath, program])
  peers.push(...homes.map((home) => new PeerProcess(home)))
  await Promise.all(peers.map((peer) => peer.reaches(2)))
  const models = peers.map(({ certified }) => certified.find(({ round }) => round === 2)!.model)
  expect(new Set(models).size).toBe(1)
  // Who exports it needs no program: which tensors it has was told when the peer began.
  const out = join(folder, 'learnt.safetensors')
  expect(await hearsay(['export', homes[0]!, '--out', out])).toMatchObject({ code: 0, stderr: '' })
  const { tensors } = JSON.parse(readFileSync(`${out}.json`, 'utf8'))
  expect(tensors).toEqual([{ name: 'a', shape: [2, 3] }])
  rmSync(join(homes[0]!, 'tensors.json'))
  const without = await hearsay(['export', homes[0]!, '--out', out])
  expect(without).toMatchObject({ code: 2, stderr: expect.stringContaining('tensors.json: there is no such file; ') })
}, 240_000)

test('a genesis starts no program', () => {
  const file = join(folder, 'genesis.yaml')
  writeFileSync(file, 'name: x\ntask:\n  trainer:\n    name: y\n    command: [touch, touched]\n')
  const genesis = (trainer: object) => ({ task: { trainer }, learning: {} }) as unknown as Genesis
  const given = { command: ['touch', 'touched'] }
  for (const settings of [{}, { trainer: ['python3', 'train.py'] }])
    expect(() => taskOf(genesis(given), file, settings)).toThrow(
      `${file}:5:14: task.trainer.command: a genesis starts no program: remove it here`,
    )
  expect(() => taskOf(genesis({ trainMs: 1000 }), file)).toThrow('task.trainer.trainMs: a genesis starts no program')
  const settings = { trainer: ['python3', 'train.py'], trainingDeadlineMs: 5000 }
  const { task } = taskOf(genesis({ name: 'y' }), file, settings)
  expect(task.trainer).toMatchObject({ name: 'y', command: ['python3', 'train.py'], openMs: 5000, trainMs: 5000 })
})
