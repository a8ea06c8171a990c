import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { foundedCharterOf, genesisSchema } from '@hearsay/ledger'
import { type Identity, peerIdOfPublicKey } from '@hearsay/libp2p'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createIdentity, readGenesis, readHome, writeHome } from './home.ts'

const identities: Identity[] = await Promise.all([1, 2, 3, 4].map(() => createIdentity()))
const crowd = await Promise.all(Array.from({ length: 600 }, () => createIdentity()))
const [mine, other] = identities as [Identity, Identity]
const peers = identities.map(({ id }) => ({ id }))
const settings = { listen: ['/ip4/127.0.0.1/tcp/4001'], bootstrap: [`/ip4/127.0.0.1/tcp/4002/p2p/${other.id}`] }
/** The id of the neutral point of the curve, for which one signature is right of every message. */
const neutral = peerIdOfPublicKey(new Uint8Array(32).with(0, 1))
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearsay-home-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const at = (name: string) => join(folder, name)
const genesis = { name: 'n', tolerated: 1, peers }

function rewrite(name: string, change: (text: string) => string): void {
  const before = readFileSync(at(name), 'utf8')
  const after = change(before)
  expect(after).not.toBe(before)
  writeFileSync(at(name), after)
}

describe('the folder of a peer', () => {
  it('is read as it was written, and the secret is for its owner only', async () => {
    writeHome(folder, mine, { settings, genesis })
    expect(statSync(at('identity.json')).mode & 0o777).toBe(0o600)
    const home = await readHome(folder)
    expect(home.identity).toEqual({ ...mine, seed: Buffer.from(mine.seed) })
    expect(home.settings).toEqual({ ...settings, announce: [], archiveRounds: 0, trainingDeadlineMs: 600_000 })
    expect(home.genesis).toEqual(genesisSchema().parse(genesis))
  })

  it.each(['identity.json', 'genesis.yaml', 'peer.yaml'])('is never written over: %s is there', (name) => {
    writeFileSync(at(name), 'mine')
    expect(() => writeHome(folder, mine, { settings, genesis })).toThrow(
      expect.objectContaining({ code: 'folder-exists', message: expect.stringContaining(at(name)) }),
    )
    expect(readFileSync(at(name), 'utf8')).toBe('mine')
  })

  it('holds nothing when what should go into it is wrong', () => {
    expect(() => writeHome(at('new'), mine, { settings: { listen: ['4001'] }, genesis })).toThrow(
      /peer.yaml: listen.0: must be a multiaddr to listen on, such as/,
    )
    expect(existsSync(at('new'))).toBe(false)
  })

  it.each(['identity.json', 'genesis.yaml', 'peer.yaml'])(
    'half-written by a crash, without %s, is told',
    async (name) => {
      writeHome(folder, mine, { settings, genesis })
      rmSync(at(name))
      await expect(readHome(folder)).rejects.toMatchObject({
        code: 'folder-missing',
        message: expect.stringContaining(name),
      })
    },
  )

  it('with a secret that others can read is refused', async () => {
    writeHome(folder, mine, { settings, genesis })
    chmodSync(at('identity.json'), 0o644)
    await expect(readHome(folder)).rejects.toThrow(/mode 644\): chmod 600/)
  })

  const wrong: [what: string, name: string, change: (text: string) => string, message: RegExp][] = [
    ['another id', 'identity.json', (text) => text.replace(mine.id, other.id), /the id is not that of the seed/],
    [
      'a short seed',
      'identity.json',
      (text) => text.replace(/"seed": "../, '"seed": "'),
      /identity.json:3:11: seed: must be 64/,
    ],
    ['no JSON', 'identity.json', () => '{', /identity.json: .* at line 1, column 2/],
    [
      'a bad id',
      'genesis.yaml',
      (text) => text.replace(other.id, '12D3KooNobody'),
      /genesis.yaml:6:9: peers.1.id: must be/,
    ],
    [
      'a key by which anybody can sign',
      'genesis.yaml',
      (text) => text.replace(other.id, neutral),
      /genesis.yaml:6:9: peers.1.id: is a peer id whose key is no sound Ed25519 key/,
    ],
    [
      'an address of whom anybody can be',
      'peer.yaml',
      (text) => text.replace(other.id, neutral),
      /peer.yaml:\d+:5: bootstrap.0: ends in a peer id whose key is no sound Ed25519 key/,
    ],
    [
      'more peers than an envelope has room for',
      'genesis.yaml',
      (text) => text.replace('peers:\n', `peers:\n${crowd.map(({ id }) => `  - id: ${id}\n`).join('')}`),
      /genesis.yaml:\d+:3: peers: there are 60\d, and the envelopes of more than 5\d\d peers do not fit into gossip's 128 KiB/,
    ],
    [
      'an id twice',
      'genesis.yaml',
      (text) => text.replace(other.id, mine.id),
      /genesis.yaml:\d+:9: peers.1.id: 12D3Koo\w+ stands there twice/,
    ],
    [
      'us missing',
      'genesis.yaml',
      (text) => text.replace(`  - id: ${mine.id}\n`, '').replace('tolerated: 1', 'tolerated: 0'),
      /this peer, 12D3Koo\w+, is not among them/,
    ],
    [
      'n < 3f + 1',
      'genesis.yaml',
      (text) => text.replace('tolerated: 1', 'tolerated: 2'),
      /genesis.yaml:\d+:12: tolerated: 4 peers tolerate at most 1 liars, not 2/,
    ],
    [
      'an unknown key',
      'genesis.yaml',
      (text) => `${text}tolerate: 1\n`,
      /genesis.yaml:2:1: Unrecognized key: "tolerate"/,
    ],
    ['a missing key', 'genesis.yaml', (text) => text.replace('name: n\n', ''), /genesis.yaml:\d:1: name: /],
    [
      'an unknown rule',
      'genesis.yaml',
      (text) => `${text}aggregation: { rule: medan }\n`,
      /aggregation: .*"medan"; did you mean/,
    ],
    [
      'a rule that cannot be',
      'genesis.yaml',
      (text) => `${text}aggregation: { rule: krum, m: 1 }\n`,
      /genesis.yaml:\d+:14: aggregation: Rule "krum"/,
    ],
    ['no number', 'genesis.yaml', (text) => `${text}task: { rate: .nan }\n`, /genesis.yaml:\d+:15: task.rate: /],
    [
      'a bomb',
      'genesis.yaml',
      (text) => `${text}task: { a: &a [1, 1], b: [*a, *a], c: *a }\n`,
      /genesis.yaml: .*alias/i,
    ],
    ['too deep a nest', 'genesis.yaml', (text) => `${text}task: ${'['.repeat(30_000)}\n`, /genesis.yaml: /],
    ['too much', 'genesis.yaml', (text) => text + '# more\n'.repeat(700_000), /genesis.yaml: more than/],
    ['a tab', 'genesis.yaml', (text) => `${text}\ttask: {}\n`, /genesis.yaml: .* at line \d+, column 1/],
    [
      'an address of nobody',
      'peer.yaml',
      (text) => text.replace(other.id, '12D3KooWNobody'),
      /peer.yaml:5:5: bootstrap.0: must be a multiaddr that ends/,
    ],
    [
      'no address',
      'peer.yaml',
      (text) => text.replace('/ip4/127.0.0.1/tcp/4001', '/ip4/one/tcp/4001'),
      /peer.yaml:3:5: listen.0: must be/,
    ],
  ]
  it.each(wrong)('with %s in %s is refused', async (_what, name, change, message) => {
    writeHome(folder, mine, { settings, genesis })
    rewrite(name, change)
    await expect(readHome(folder)).rejects.toMatchObject({
      code: 'bad-file',
      message: expect.stringMatching(message),
    })
  })

  it('with an address to announce that nobody can dial is refused', async () => {
    const announce = ['/ip4/192.0.2.1/udp/4001/quic-v1']
    expect(() => writeHome(folder, mine, { settings: { ...settings, announce }, genesis })).toThrow(
      /announce.0: must be a multiaddr that others can dial/,
    )
  })

  it('with an address of a stranger is refused', async () => {
    const { id } = await createIdentity()
    writeHome(folder, mine, { settings: { ...settings, bootstrap: [`/ip4/127.0.0.1/tcp/1/p2p/${id}`] }, genesis })
    await expect(readHome(folder)).rejects.toThrow(/bootstrap: .* is not an address of a peer of the genesis/)
  })
})

describe('the name of a network', () => {
  it('is that of the file, too', () => {
    const whole = genesisSchema().parse(genesis)
    writeHome(folder, mine, { settings, genesis: whole })
    expect(foundedCharterOf(readGenesis(at('genesis.yaml')), 'a'.repeat(64)).genesis).toBe(
      foundedCharterOf(whole, 'a'.repeat(64)).genesis,
    )
  })
})
