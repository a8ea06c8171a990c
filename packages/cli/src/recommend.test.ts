/** What users are shown by what a run and a peer have learnt, and whose updates moved it. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hearsay } from './testing/command.ts'
import { initNetwork, PeerProcess } from './testing/hearsay-process.ts'

const task = '{ kind: ratings, dataset: { tastes: { users: 40, items: 60, tastes: 2, median: 10 } } }'
const scenario = `name: films
question: Who is shown what?
peers: 4
tolerated: 1
task: ${task}
learning: { localSteps: 2, batchSize: 4, learningRate: 0.05, momentum: 0 }
aggregation: { rule: sum }
network: virtual
rounds: 6
sweep:
  - adversaries: { count: 1, behaviour: hyperactive-profiles, accounts: 2, activity: 60, fill: 5, target: item-50, since: 3 }
  - aggregation.rule: median
    adversaries: { count: 1, behaviour: hyperactive-profiles, accounts: 2, activity: 60, fill: 5, target: item-50, since: 3 }
  - task: { model: logistic, trainSamples: 200, testSamples: 50 }
`

interface Told {
  readonly model: { readonly round: number }
  readonly rounds?: readonly [number, number]
  readonly items: readonly {
    readonly item: string
    readonly score: number
    readonly moved?: number
    readonly peers?: Readonly<Record<string, number>>
  }[]
}

let folder: string
const recommend = (from: string, ...words: string[]) => hearsay(['recommend', from, ...words], { cwd: folder })

async function told(from: string, ...words: string[]): Promise<Told> {
  const { code, stdout, stderr } = await recommend(from, ...words, '--json')
  expect([code, stderr]).toEqual([0, ''])
  return JSON.parse(stdout) as Told
}

async function ran(name: string, ...words: string[]): Promise<string> {
  const done = await hearsay(['run', 'films.yaml', '--engine', 'wasm', '--no-pictures', '--out', name, ...words], {
    cwd: folder,
  })
  expect(done.code, done.stderr).toBe(0)
  return join(name, readdirSync(join(folder, name)).find((each) => each.includes('films'))!)
}

let run: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hearsay-recommend-'))
  writeFileSync(join(folder, 'films.yaml'), scenario)
  run = await ran('archived', '--archive')
}, 120_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const ofCell = (cell: number) => ['--cell', String(cell), '--for', 'user-8']

test('the first items that a user does not know, the best first', async () => {
  const { items, model } = await told(run, ...ofCell(1), '--top', '60')
  expect(model.round).toBe(6)
  const scores = items.map(({ score }) => score)
  expect(scores).toEqual(scores.toSorted((a, b) => b - a))
  // All but those that it has events on.
  expect(new Set(items.map(({ item }) => item)).size).toBe(items.length)
  expect(items.length).toBeGreaterThan(30)
  expect(items.length).toBeLessThan(60)
  expect((await told(run, ...ofCell(1))).items).toEqual(items.slice(0, 10))
  const { stdout } = await recommend(run, ...ofCell(1), '--top', '1')
  expect(stdout).toBe(
    `user-8, by the model of round 6\n\n   item${' '.repeat(items[0]!.item.length - 4)}  score\n1  ${items[0]!.item}  ${scores[0]!.toFixed(3)}\n`,
  )
})

test('where updates are summed, peers add up to what moved, and who likes one item again and again is told', async () => {
  const { items, rounds } = await told(run, ...ofCell(0), '--explain', '--rounds', '6')
  expect(rounds).toEqual([1, 6])
  for (const { moved, peers, score } of items) {
    expect(Object.keys(peers!).sort()).toEqual(['peer 0', 'peer 1', 'peer 2', 'peer 3'])
    expect(Object.values(peers!).reduce((sum, each) => sum + each, 0)).toBeCloseTo(moved!, 4)
    // The items begin near zero: nearly all of a score is what moved.
    expect(Math.abs(moved! - score)).toBeLessThan(0.2 * Math.abs(score) + 0.02)
  }
  expect(items[0]!.item).toBe('item-50')
  expect(items[0]!.peers!['peer 3']).toBeGreaterThan(0.9 * items[0]!.moved!)
  const { stdout } = await recommend(run, ...ofCell(0), '--explain', '--rounds', '2')
  expect(stdout).toMatch(/^ +item +score +moved +peer 3 +peer \d +peer \d$/m)
  expect(stdout).toMatch(/In rounds 5 to 6 these scores were moved most, all together, by peer 3 by /)
})

test('where the middle counts, it has moved next to nothing', async () => {
  const { items } = await told(run, ...ofCell(1), '--explain', '--top', '60')
  const target = items.find(({ item }) => item === 'item-50')!
  expect(Math.abs(target.peers!['peer 3']!)).toBeLessThan(0.05)
  expect(items[0]!.item).not.toBe('item-50')
})

test('what is wrong is told with the remedy', async () => {
  const refused = async (from: string, ...words: string[]) => {
    const { code, stdout, stderr } = await recommend(from, ...words)
    expect([code, stdout]).toEqual([2, ''])
    return stderr
  }
  expect(await refused(run, '--for', 'user-7')).toContain('choose one by --cell and --seed')
  expect(await refused(run, '--cell', '0', '--for', 'usr-7')).toMatch(/among 40 users.*did you mean "user-7"/)
  expect(await refused(run, '--cell', '2', '--for', 'user-7')).toContain('has no items for users')
  expect(await refused(run, ...ofCell(0), '--top', '0')).toContain('--top takes at least 1')
  expect(await refused(run, ...ofCell(0), '--data', 'gone.csv')).toContain('gone.csv')
  writeFileSync(join(folder, 'few.csv'), 'user,item,rating,time\na,x,5,1\na,y,4,2\nuser-7,x,3,1\n')
  expect(await refused(run, ...ofCell(0), '--data', 'few.csv')).toMatch(
    /the model is items \[60,16\], and of these data it would be items \[2,16\]/,
  )
  const file = join(run, 'models', 'cell-0-seed-1.safetensors')
  expect((await recommend(file, '--for', 'user-7')).code).toBe(0)
  expect(await refused(file, '--for', 'user-7', '--explain')).toContain('the folder of a run or of a peer')
  const bare = await ran('bare', '--set', 'rounds=1')
  expect(await refused(bare, ...ofCell(0), '--explain')).toMatch(
    /in round 1 is not archived; run it again with --archive/,
  )
}, 60_000)

test('of a peer, by its folder', async () => {
  const [home] = (await initNetwork(join(folder, 'network'), 1, 100)) as [string]
  const genesis = join(home, 'genesis.yaml')
  const learning = 'learning: { localSteps: 2, batchSize: 4, learningRate: 0.05, momentum: 0 }'
  writeFileSync(
    genesis,
    readFileSync(genesis, 'utf8').replace(/task: .*\nlearning: .*\n/, `task: ${task}\n${learning}\n`),
  )
  const peer = new PeerProcess(home, '--alone', '--archive', '5')
  try {
    await peer.reaches(3)
  } finally {
    await peer.end('SIGINT')
  }
  const { items, model, rounds } = await told(home, '--for', 'user-7', '--explain')
  expect(model.round).toBeGreaterThanOrEqual(3)
  expect(rounds).toEqual([model.round - 2, model.round])
  const [name] = Object.keys(items[0]!.peers!)
  for (const { moved, peers } of items) expect(peers![name!]).toBeCloseTo(moved!, 5)
}, 60_000)
