/** The folder of a peer: its identity (secret), the genesis that all share, and its own settings. */
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { LineCounter, parseDocument, stringify } from 'yaml'
import { z } from 'zod'
import { type Identity, identityOfSeed } from '../keys.ts'
import { type Genesis, genesisSchema } from './genesis.ts'
import { PeerError } from './peer-error.ts'

const identitySchema = z.strictObject({
  id: z.string(),
  seed: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits'),
})

const settingsSchema = z.strictObject({
  listen: z.array(z.string().startsWith('/')).min(1).describe('multiaddrs, such as /ip4/0.0.0.0/tcp/4001'),
  bootstrap: z
    .array(z.string().regex(/\/p2p\/[1-9A-HJ-NP-Za-km-z]+$/, 'must end in /p2p/ and a peer id'))
    .default([])
    .describe('multiaddrs of other peers, with /p2p/ and their id; one path to everybody is enough'),
  data: z.string().optional().describe('folder of the data set, if the task reads one'),
})

export type Settings = z.output<typeof settingsSchema>

export interface Home {
  readonly folder: string
  readonly identity: Identity
  readonly genesis: Genesis
  readonly settings: Settings
}

/** A new identity, written to `folder`, which must not hold one. */
export async function createIdentity(folder: string): Promise<Identity> {
  const file = join(folder, 'identity.json')
  if (existsSync(file))
    throw new PeerError(
      'PEER_FOLDER_EXISTS',
      `${file} is there already: a peer has one identity. Choose another folder.`,
    )
  mkdirSync(folder, { recursive: true })
  const identity = await identityOfSeed(randomBytes(32))
  const content = { id: identity.id, seed: Buffer.from(identity.seed).toString('hex') }
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600, flag: 'wx' })
  return identity
}

export function writeSettings(folder: string, settings: z.input<typeof settingsSchema>): void {
  const header = '# This peer alone: where it listens, and whom it dials first.\n'
  writeFileSync(join(folder, 'peer.yaml'), header + stringify(settings), { flag: 'wx' })
}

export function writeGenesis(folder: string, genesis: z.input<typeof genesisSchema>): void {
  const header = '# What all peers of the network agree on before the first round: the same file everywhere.\n'
  writeFileSync(join(folder, 'genesis.yaml'), header + stringify(genesis), { flag: 'wx' })
}

/** Reads a genesis file. Throws PeerError with file, line and what was expected. */
export function readGenesis(file: string): Genesis {
  const genesis = readYaml(file, genesisSchema)
  const n = genesis.peers.length
  if (new Set(genesis.peers.map(({ id }) => id)).size < n)
    throw new PeerError('PEER_FILE_INVALID', `${file}: peers: the same id stands there twice`)
  if (n < 3 * genesis.tolerated + 1)
    throw new PeerError(
      'PEER_FILE_INVALID',
      `${file}: tolerated: ${n} peers tolerate at most ${Math.floor((n - 1) / 3)} liars, not ${genesis.tolerated} (n ≥ 3f + 1)`,
    )
  return genesis
}

export async function readHome(folder: string): Promise<Home> {
  const file = join(folder, 'identity.json')
  if (!existsSync(file))
    throw new PeerError('PEER_FOLDER_MISSING', `${file}: there is none. Make a peer first: hearsay init ${folder}`)
  const written = readYaml(file, identitySchema)
  const identity = await identityOfSeed(Buffer.from(written.seed, 'hex'))
  if (identity.id !== written.id)
    throw new PeerError('PEER_FILE_INVALID', `${file}: the id is not that of the seed: the file was changed`)
  const genesis = readGenesis(join(folder, 'genesis.yaml'))
  if (!genesis.peers.some(({ id }) => id === identity.id))
    throw new PeerError(
      'PEER_FILE_INVALID',
      `${join(folder, 'genesis.yaml')}: peers: this peer, ${identity.id}, is not among them. Have it added, in every copy.`,
    )
  return { folder, identity, genesis, settings: readYaml(join(folder, 'peer.yaml'), settingsSchema) }
}

/** JSON is YAML too. */
function readYaml<T>(file: string, schema: z.ZodType<T>): T {
  if (!existsSync(file)) throw new PeerError('PEER_FOLDER_MISSING', `${file}: there is no such file`)
  const lines = new LineCounter()
  const document = parseDocument(readFileSync(file, 'utf8'), { lineCounter: lines })
  const broken = document.errors[0]
  if (broken !== undefined) throw new PeerError('PEER_FILE_INVALID', `${file}: ${broken.message}`)
  const parsed = schema.safeParse(document.toJS({ maxAliasCount: 0 }))
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(({ path, message }) => {
    const node = document.getIn(path, true) as { range?: [number, number, number] } | undefined
    const position = node?.range === undefined ? undefined : lines.linePos(node.range[0])
    const place = position === undefined ? file : `${file}:${position.line}:${position.col}`
    return `${place}: ${path.length === 0 ? '' : `${path.join('.')}: `}${message}`
  })
  throw new PeerError('PEER_FILE_INVALID', problems.join('\n'))
}
