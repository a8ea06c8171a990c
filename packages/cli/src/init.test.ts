import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hearsay } from './testing/command.ts'

const root = mkdtempSync(join(tmpdir(), 'hearsay-init-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const init = (...words: string[]) => hearsay(['init', ...words], { cwd: root })
const settings = (folder: string) => readFileSync(join(root, folder, 'peer.yaml'), 'utf8')

const a = '/ip4/127.0.0.1/tcp/4001'
const b = '/ip6/::1/tcp/4001'
const other = `/dns4/example.org/tcp/4001/p2p/12D3KooWEEYdCwzhcKSQWWjb7o65Ygfk89x4UGRgbSTzujcihjD6`

test.each([
  [['--listen', a, 'FOLDER']],
  [['--listen', a, '--bootstrap', other, 'FOLDER']],
  [['--bootstrap', other, 'FOLDER', '--listen', a]],
  [['FOLDER', '--listen', a]],
  [['--listen', a, b, 'FOLDER']],
  [['FOLDER', '--listen', a, b]],
  [['--listen', a, '--listen', b, 'FOLDER']],
])('%j: the folder may stand anywhere', async (words) => {
  const folder = `at-${words.join('_').replaceAll('/', '.')}`
  const { code, stderr } = await init(...words.map((word) => (word === 'FOLDER' ? folder : word)))
  expect([code, stderr]).toEqual([0, ''])
  const both = words.includes(b)
  expect(settings(folder)).toContain(both ? `listen:\n  - ${a}\n  - ${b}\n` : `listen:\n  - ${a}\nboot`)
  expect(settings(folder).includes(other)).toBe(words.includes(other))
})

test.each([
  [['--listen', '/ip4/0.0.0.0/udp/4001/quic-v1', 'p'], 'listen.0: must be a multiaddr to listen on'],
  [['p', '--listen', '/ip4/0.0.0.0/tcp/4001/ws'], 'not over QUIC or WebSockets'],
  [['p', '--listen', '/ip4/0.0.0.0'], 'must be a multiaddr to listen on'],
  [['p', '--listen', '4001'], 'must be a multiaddr to listen on'],
  [['p', '--listen', a, a], 'listen: has an address twice'],
  [['p', '--bootstrap', other.replace('tcp/4001', 'udp/4001/quic-v1')], 'bootstrap.0: must be a multiaddr that ends'],
  [['p', '--bootstrap', a], 'bootstrap.0: must be a multiaddr that ends'],
  [['p', '--agreement', 'averagin'], 'Unknown agreement "averagin"; did you mean "averaging"'],
  [['p', '--agreement', 'none', '--local', '4'], 'Unknown agreement "none"; the agreements are '],
  [['--listen', a], 'init takes a folder'],
  [[], 'init takes a folder'],
])('%j is exit code 2 and says why', async (words, reason) => {
  const { code, stdout, stderr } = await init(...words)
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toContain(reason)
  expect(existsSync(join(root, 'p'))).toBe(false)
})

test('a command that is printed can be copied', async () => {
  const { stdout } = await init("my peer's")
  expect(stdout).toContain(`Then: hearsay start 'my peer'\\''s'\n`)
  expect((await init('local net', '--local', '2')).stdout).toContain("  hearsay start 'local net/peer-1'\n")
})

beforeAll(async () => {
  await init('drafted')
})

test.each([
  ['aggregation: { rule: fltrust }', /aggregation: rule "fltrust" needs an update that is trusted/],
  ['aggregation: { rule: krum }', /aggregation: Rule "krum" requires .* n = 1, f = 0/],
  ['aggregation: { rule: median, neighbours: 2 }', /aggregation: .*neighbours/],
  ['aggregation: { rule: medain }', /did you mean "median"/],
  ['agreement: { kind: averaging, timeoutMs: 1 }', /genesis\.yaml:\d+:\d+: agreement: Unrecognized key: "timeoutMs"/],
  ['agreement: { mode: synchronous, kind: averaging }', /agreement\.mode: rb-tm waits for nobody longer/],
  ['adversaries: { count: 1 }', /Unrecognized key: "adversaries"/],
  ['task: { model: resnet }', /task\.model: /],
  ['learning: { learningRate: -1 }', /learning\.learningRate: /],
  [
    'task: { model: resnet }\nlearning: { learningRate: -1 }\nseed: no',
    /genesis\.yaml:\d+:\d+: task\.model: .*\n.*genesis\.yaml:\d+:\d+: learning\.learningRate: .*\n.*genesis\.yaml:\d+:\d+: seed: /,
  ],
  ['task: { trainSamples: 20 }', /task: 1 peers with batches of 32 need 32 training samples, have 20/],
  [
    'task: { model: { inputShape: [28, 28], layers: [{ kind: flatten }, { kind: dense, units: 3 }] } }',
    /task.*(model|Invalid)/,
  ],
])('a genesis that no peer can run is refused at init: %s', async (line, reason) => {
  const file = join(drafted(line), 'genesis.yaml')
  const { code, stdout, stderr } = await init('of-it', '--genesis', file)
  expect(stderr).toMatch(reason)
  expect(stderr).toContain('genesis.yaml')
  expect([code, stdout]).toEqual([2, ''])
  expect(existsSync(join(root, 'of-it'))).toBe(false)
})

test.each([
  ['aggregation: { rule: krum }', /genesis\.yaml.*: aggregation: Rule "krum" requires .* n = 1, f = 0/],
  ['learning: { learningRate: -1 }', /genesis\.yaml:\d+:\d+: learning\.learningRate: /],
])('and so it is at start: %s', async (line, reason) => {
  const { code, stdout, stderr } = await hearsay(['start', drafted(line)])
  expect(stderr).toMatch(reason)
  expect([code, stdout]).toEqual([2, ''])
})

/** The folder of a new peer whose genesis has one more line. */
function drafted(line: string): string {
  const folder = join(root, `genesis-${Buffer.from(line).toString('hex').slice(0, 60)}`)
  cpSync(join(root, 'drafted'), folder, { recursive: true })
  const file = join(folder, 'genesis.yaml')
  writeFileSync(file, `${readFileSync(join(root, 'drafted/genesis.yaml'), 'utf8')}${line}\n`)
  return folder
}

test('what a network on this machine is set to does something', async () => {
  expect((await init('nobody-waits', '--local', '4', '--agreement', 'asynchronous')).code).toBe(0)
  const file = join(root, 'nobody-waits/peer-0/genesis.yaml')
  const { code, stdout } = await hearsay(['genesis', 'check', file, '--json'], { cwd: root })
  expect(code).toBe(0)
  expect(JSON.parse(stdout).warnings).not.toContainEqual(expect.stringContaining('does nothing'))
})
