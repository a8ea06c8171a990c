/** `hearsay start` of a network whose updates go in chunks that are sent once. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findLedgers, type GenesisInput, verifyLedger } from '@hearsay/ledger'
import { promised } from '@hearsay/peer'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createIdentity, readHome, writeHome } from './home.ts'
import { type Operator, startOperator } from './operator.ts'

let folder: string
let running: Operator[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearsay-lossy-home-'))
})
afterEach(async () => {
  await Promise.all(running.map((operator) => operator.stop()))
  running = []
  rmSync(folder, { recursive: true, force: true })
})

const initial = new Float32Array(20).fill(1)
const base = {
  name: 'lossy',
  aggregation: { rule: 'median' },
  agreement: { graceMs: 200, timeoutMs: 200, roundMs: 0, chunkMs: 500 },
  exchange: { loss: { chunk: 3, fill: 'skip' } },
} as const

/** Folders of so many peers of one network, each of which knows where the first listens. */
async function homes(count: number, genesis: Partial<GenesisInput>) {
  const identities = await Promise.all(Array.from({ length: count }, createIdentity))
  const peers = identities.map(({ id }) => ({ id }))
  return identities.map((identity, at) => {
    const home = join(folder, `${at}`)
    const settings = { listen: ['/ip4/127.0.0.1/tcp/0'], archiveRounds: 100 }
    writeHome(home, identity, { settings, genesis: { ...base, peers, ...genesis } as GenesisInput })
    return home
  })
}

it('four peers over TCP learn, one of them starts again, and anybody computes their models again', async () => {
  const rounds = 4
  const all = await homes(4, { rounds })
  const ended = new Map<string, (round: number) => void>()
  const start = async (home: string): Promise<Operator> => {
    const operator = await startOperator({
      home: await readHome(home),
      initial,
      quietMs: 0,
      trainer: promised(async (round, model) => model.map((_, i) => round + i / 8)),
      watch: (event) => {
        if (event.kind === 'failed') throw event.error
        if (event.kind === 'output' && event.output.kind === 'round-ended') ended.get(home)?.(event.output.round)
      },
    })
    running.push(operator)
    return operator
  }
  const until = (home: string, round: number): Promise<void> =>
    new Promise((resolve) => ended.set(home, (at) => at >= round && resolve()))
  const last = all.map((home) => until(home, rounds))
  const [first, ...others] = await Promise.all(all.map(start))
  for (const { host } of others) await host.connect(first!.host.addresses()[0]!)
  for (const [at, { host }] of others.entries())
    for (const other of others.slice(at + 1)) await host.connect(other.host.addresses()[0]!)
  await Promise.all(last)
  await Promise.all(running.map((operator) => operator.stop()))
  running = []
  const heads = all.map((home) => {
    const [place] = findLedgers(home)
    const { rounds, broken, aggregates } = verifyLedger(place!)
    return { rounds, broken, aggregates }
  })
  expect(heads).toEqual(all.map(() => ({ rounds, broken: undefined, aggregates: { recomputed: rounds } })))
  const again = await start(all[3]!)
  expect(again.height).toBe(rounds)
  expect(readdirSync(all[3]!)).toContain('state')
}, 120_000)

it('a chunk that makes too many of a model is refused with the size that fits, before anything is said', async () => {
  const [home] = await homes(1, { exchange: { loss: { chunk: 1 } } })
  const many = new Float32Array(1000)
  const trainer = promised(async () => many)
  await expect(startOperator({ home: await readHome(home!), initial: many, alone: true, trainer })).rejects.toThrow(
    /genesis\.yaml: exchange\.loss\.chunk: .*take chunks of 4 or more/,
  )
})

it.each<[string, Partial<GenesisInput>, RegExp]>([
  ['how long peers wait', { agreement: { graceMs: 1 } }, /agreement\.chunkMs.*say how long peers wait/],
  ['how long chunks are', { exchange: undefined }, /agreement\.chunkMs.*how long chunks are/],
  ['an agreement on it', { agreement: { kind: 'averaging' } }, /agreement\.kind.*take exact/],
  [
    'a fill that all know',
    { exchange: { loss: { chunk: 3, fill: 'last' } } },
    /exchange\.loss\.fill.*take another fill/,
  ],
  ['a rule that knows holes', { aggregation: { rule: 'geometric-median' } }, /exchange\.loss\.fill/],
  ['chunks that fit into a stream', { exchange: { loss: { chunk: 100_000 } } }, /exchange\.loss\.chunk/],
])('a genesis without %s is refused in its place', async (_, change, why) => {
  await expect(homes(4, change)).rejects.toThrow(why)
})
