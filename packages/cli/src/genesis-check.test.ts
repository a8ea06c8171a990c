import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hearsay } from './testing/command.ts'

const root = mkdtempSync(join(tmpdir(), 'hearsay-genesis-'))
let genesis: string

beforeAll(async () => {
  await hearsay(['init', 'local', '--local', '4'], { cwd: root })
  genesis = readFileSync(join(root, 'local/peer-0/genesis.yaml'), 'utf8')
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

async function check(weights: readonly number[], tolerated: number, ...words: string[]) {
  const weighed = genesis.replaceAll(/name: peer-(\d)/g, (name, at) => `${name}\n    weight: ${weights[Number(at)]}`)
  writeFileSync(join(root, 'genesis.yaml'), weighed.replace(/tolerated: \d/, `tolerated: ${tolerated}`))
  return hearsay(['genesis', 'check', 'genesis.yaml', ...words], { cwd: root })
}

test('tells which few can stop a network, and which decide', async () => {
  const { code, stdout } = await check([3, 2, 2, 1], 2)
  expect(code).toBe(0)
  expect(stdout).toContain('4 peers that weigh 8, of which 2 may lie, by weight')
  expect(stdout).toContain('can stop it by silence  1 peer, of weight 3: peer-0')
  expect(stdout).toMatch(/can decide alone {8}3 peers, of weight 7: peer-0, peer-[12], peer-[12]\n/)
  expect(stdout).toContain('✗ peer-0 weighs 3 of 8, more than F = 2: it alone can stop the network')
})

test('warns of who decides alone, and of nobody where all weigh the same', async () => {
  const dictator = JSON.parse((await check([9, 1, 1, 1], 1, '--json')).stdout)
  expect(dictator).toMatchObject({ weight: 12, stop: { weight: 9 }, decide: { peers: ['peer-0'], weight: 9 } })
  expect(dictator.warnings).toEqual([
    expect.stringContaining('it alone can stop'),
    'peer-0 weighs 9 of 12, more than (W + F) / 2: it alone decides, like a dictator',
    'tolerated is 1: peers that weigh 12 could tolerate 3, and 2 that lie can do as they like',
  ])
  const equal = JSON.parse((await check([1, 1, 1, 1], 1, '--json')).stdout)
  expect(equal).toMatchObject({ stop: { weight: 2 }, decide: { weight: 3 }, warnings: [] })
})

test('refuses what is no genesis, with the place', async () => {
  const { code, stderr } = await check([1, 1, 1, 1], 2)
  expect(code).toBe(2)
  expect(stderr).toMatch(/genesis\.yaml:\d+:\d+: tolerated: 4 peers tolerate at most 1 liars, not 2/)
})
