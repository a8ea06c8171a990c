/** Peers that learn one model together, each from a table of its own that no other sees. */
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hearsay } from './testing/command.ts'
import { initNetwork, PeerProcess } from './testing/hearsay-process.ts'

const root = mkdtempSync(join(tmpdir(), 'hearsay-own-data-'))
const peers: PeerProcess[] = []
let homes: string[]

const agreed = `
task:
  data:
    kind: table
    label: buys
    labels: classes
    classes: ['no', 'yes']
    inputs: [age, job]
    categories: { job: [cook, smith] }
    scale: { mean: [40], deviation: [12] }
  model: logistic
  partition: { kind: own }
learning: { localSteps: 8, batchSize: 16, learningRate: 0.5 }
`

/** Whoever is older buys, smiths sooner than cooks. */
function tableOf(peer: number): string {
  const rows = Array.from({ length: 80 + 40 * peer }, (_, row) => {
    const age = 20 + ((7 * row + 3 * peer) % 41)
    const job = (row + peer) % 2 === 0 ? 'cook' : 'smith'
    return `${age},${job},${age > (job === 'cook' ? 44 : 36) ? 'yes' : 'no'}`
  })
  return `age,job,buys\n${rows.join('\n')}\n`
}

const change = (file: string, from: string | RegExp, to: string): void =>
  writeFileSync(file, readFileSync(file, 'utf8').replace(from, to))

function start(home: string, ...flags: string[]): PeerProcess {
  const peer = new PeerProcess(home, ...flags)
  peers.push(peer)
  return peer
}

/** What a peer says that is refused. */
async function refused(home: string): Promise<string> {
  const peer = start(home)
  expect(await peer.exited).toBe(2)
  return peer.errors
}

beforeAll(async () => {
  homes = await initNetwork(join(root, 'network'), 4, 500)
  for (const [peer, home] of homes.entries()) {
    change(join(home, 'genesis.yaml'), /task: .*\nlearning: .*\n/, agreed)
    writeFileSync(join(home, 'mine.csv'), tableOf(peer))
  }
}, 120_000)
afterAll(async () => {
  await Promise.all(peers.map((peer) => peer.end('SIGKILL')))
  rmSync(root, { recursive: true, force: true })
})

test('what a peer or the genesis lacks is told with its place and the remedy, before anything is learnt', async () => {
  const [home] = homes as [string]
  expect(await refused(home)).toMatch(/peer\.yaml: data: missing; by the genesis each peer learns from data of its own/)
  appendFileSync(join(home, 'peer.yaml'), 'data: mine.csv\n')

  const mine = join(home, 'mine.csv')
  change(mine, '\n20,cook,no', '\n20,cook,perhaps')
  expect(await refused(home)).toMatch(/^hearsay: \S*mine\.csv:2: .*perhaps.*no, yes/)
  change(mine, 'perhaps', 'no')
  change(mine, 'age,job', 'years,job')
  expect(await refused(home)).toMatch(/^hearsay: \S*mine\.csv: column "age": there is none/)
  change(mine, 'years,job', 'age,job')

  const genesis = join(home, 'genesis.yaml')
  const whole = readFileSync(genesis, 'utf8')
  change(genesis, / {4}(classes|scale): .*\n/g, '')
  const told = await refused(home)
  expect(told).toMatch(/genesis\.yaml:\d+:\d+: task: data\.classes, data\.scale would follow from the data/)
  expect(told).toContain('say them in the genesis, the same for all: hearsay data check --agreed')
  writeFileSync(genesis, whole)
}, 180_000)

test('four peers learn one model from their tables, and each tells how well on rows it held back', async () => {
  for (const home of homes.slice(1)) appendFileSync(join(home, 'peer.yaml'), 'data: mine.csv\n')
  const running = homes.map((home) => start(home))
  await Promise.all(running.map((peer) => peer.reaches(3)))
  const models = running.map(({ certified }) => certified.find(({ round }) => round === 3)!.model)
  expect(new Set(models).size).toBe(1)
  for (const peer of running) {
    const { measures } = await peer.told(({ kind }) => kind === 'evaluated')
    expect(measures).toMatchObject({
      accuracy: expect.any(Number),
      auc: expect.any(Number),
      logLoss: expect.any(Number),
    })
    expect(await peer.told(({ kind }) => kind === 'trained')).toMatchObject({ loss: expect.any(Number) })
  }
  // No two have the same rows.
  const losses = running.map(({ events }) => events.find(({ kind }) => kind === 'trained')!.loss)
  expect(new Set(losses).size).toBe(4)
  expect(await Promise.all(running.map((peer) => peer.end('SIGINT')))).toEqual(Array(4).fill(0))
}, 300_000)

test('what a peer has learnt comes out by name, without where its data are', async () => {
  const out = join(root, 'learnt.safetensors')
  const { code, stdout, stderr } = await hearsay(['export', homes[0]!, '--out', out])
  expect([code, stderr]).toEqual([0, ''])
  const about = JSON.parse(readFileSync(`${out}.json`, 'utf8'))
  expect(about.round).toBeGreaterThanOrEqual(3)
  expect(stdout).toContain(`of round ${about.round}.`)
  expect(about.tensors).toEqual([
    { name: 'layers.0.kernel', shape: [3, 2] },
    { name: 'layers.0.bias', shape: [2] },
  ])
  expect(peers.flatMap(({ certified }) => certified).map(({ model }) => model)).toContain(about.digest)
  expect(JSON.stringify(about)).not.toContain('mine.csv')
  // Of a table without labels, and in another order.
  writeFileSync(join(root, 'new.csv'), 'job,age\nsmith,60\ncook,20\n')
  const told = await hearsay(['predict', homes[0]!, join(root, 'new.csv'), '--json'])
  expect([told.code, told.stderr]).toEqual([0, ''])
  expect(JSON.parse(told.stdout).rows.map((row: { class: string }) => row.class)).toEqual(['yes', 'no'])
}, 120_000)
