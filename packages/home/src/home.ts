/** The folder of a peer: its identity (secret), the genesis that all share, and its own settings. */
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { shellWord } from '@hearsay/catalogue/words'
import {
  extensionsSchema,
  type Genesis,
  type GenesisExtension,
  type GenesisInput,
  genesisSchema,
  type LearningSchemas,
  makeFolder,
  PeerError,
  replaceFile,
} from '@hearsay/ledger'
import { canDial, canListen, mostAddresses } from '@hearsay/libp2p/address'
import { isPeerId, unusableId } from '@hearsay/libp2p/identity'
import { type Identity, identityOfSeed } from '@hearsay/libp2p/keys'
import { LineCounter, parseDocument, stringify } from 'yaml'
import { z } from 'zod'
import { pinned, withDigests, withFilesOfTask } from './extensions.ts'

const identitySchema = z.strictObject({
  id: z.string(),
  seed: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits'),
})

/** What peers reach each other by, in words. */
const overTcp = 'peers speak over TCP alone, not over QUIC or WebSockets'
const listenSchema = z
  .string()
  .refine(canListen, `must be a multiaddr to listen on, such as /ip4/0.0.0.0/tcp/4001; ${overTcp}`)
const bootstrapSchema = z
  .string()
  .refine((address) => canDial(address) && idIn(address) !== undefined, {
    error: `must be a multiaddr that ends in /p2p/ and a peer id, such as /ip4/192.0.2.1/tcp/4001/p2p/12D3Koo…; ${overTcp}`,
    abort: true,
  })
  .refine((address) => isPeerId(idIn(address) ?? ''), `ends in ${unusableId}`)

const announceSchema = z
  .string()
  .refine(
    (address) => canDial(address) && !address.includes('/p2p/'),
    `must be a multiaddr that others can dial, such as /ip4/192.0.2.1/tcp/4001, without /p2p/; ${overTcp}`,
  )

const settingsSchema = z.strictObject({
  listen: z
    .array(listenSchema)
    .min(1)
    .refine((addresses) => new Set(addresses).size === addresses.length, 'has an address twice')
    .describe('multiaddrs, such as /ip4/0.0.0.0/tcp/4001'),
  bootstrap: z
    .array(bootstrapSchema)
    .default([])
    .describe('multiaddrs of other peers, with /p2p/ and their id; one path to everybody is enough to begin with'),
  announce: z
    .array(announceSchema)
    .max(mostAddresses)
    .default([])
    .describe('where others reach this peer, if not where it listens: behind a router, say, or in a container'),
  archiveRounds: z
    .int()
    .min(0)
    .max(1_000_000)
    .default(0)
    .describe(
      'so many newest rounds whose updates are all kept, so that hearsay verify can compute their models again',
    ),
  trainingDeadlineMs: z
    .int()
    .min(1000)
    .max(86_400_000)
    .default(600_000)
    .describe('training that takes longer hangs: its process is ended, and another trains again'),
  data: z
    .string()
    .min(1)
    .optional()
    .describe(
      'file or folder of the data that this peer learns from, if the task reads some; it stands against this folder',
    ),
  trainer: z
    .array(z.string().min(1).max(4096))
    .min(1)
    .max(64)
    .optional()
    .describe('program and arguments that train, if the genesis leaves that to each: [python3, train.py]'),
})

/** A genesis of ten thousand peers with names has about two million bytes. */
const mostFileBytes = 4 * 1024 * 1024

export type Settings = z.output<typeof settingsSchema>

export interface Home {
  readonly folder: string
  readonly identity: Identity
  readonly genesis: Genesis
  readonly settings: Settings
}

const files = { identity: 'identity.json', genesis: 'genesis.yaml', settings: 'peer.yaml' } as const

/** Throws PeerError `folder-exists` if the folder holds a peer, or a part of one: nothing is ever written over. */
export function checkFree(folder: string): void {
  for (const file of Object.values(files).map((name) => join(folder, name)))
    if (existsSync(file))
      throw new PeerError(
        'folder-exists',
        `${file} is there already, and a peer has one identity for ever. Choose another folder; or remove this one, if ` +
          'nobody knows its peer yet.',
      )
}

export function createIdentity(): Promise<Identity> {
  return identityOfSeed(randomBytes(32))
}

/** Writes the folder of a peer, which must be free. Throws PeerError. */
export function writeHome(
  folder: string,
  identity: Identity,
  { settings, genesis }: { settings: z.input<typeof settingsSchema>; genesis: GenesisInput },
): void {
  checkFree(folder)
  parse(join(folder, files.settings), settingsSchema, settings)
  parse(join(folder, files.genesis), genesisSchema(), genesis)
  const before = existsSync(folder)
  try {
    writeFiles(folder, identity, { settings, genesis })
  } catch (error) {
    // On a full disk, half a peer would be in the way of the next try.
    unwriteHome(folder)
    if (!before) rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

/** Takes back what was written just now, when others that belong to it cannot be. */
export function unwriteHome(folder: string): void {
  for (const name of Object.values(files)) rmSync(join(folder, name), { force: true })
}

function writeFiles(
  folder: string,
  identity: Identity,
  { settings, genesis }: { settings: z.input<typeof settingsSchema>; genesis: GenesisInput },
): void {
  makeFolder(folder)
  const write = (name: string, text: string, mode?: number): void =>
    replaceFile(join(folder, name), new TextEncoder().encode(text), mode)
  write(files.settings, `# This peer alone: where it listens, and whom it dials first.\n${stringify(settings)}`)
  write(
    files.genesis,
    `# What all peers of the network agree on before the first round: the same file everywhere.\n${stringify(genesis)}`,
  )
  // Last, so that a folder which a crash left half-written holds no identity that anybody could have been told.
  const secret = { id: identity.id, seed: Buffer.from(identity.seed).toString('hex') }
  write(files.identity, `${JSON.stringify(secret, null, 2)}\n`, 0o600)
}

/** Reads a genesis file. Throws PeerError with file, line and what was expected, of `schemas` too. */
export function readGenesis(file: string, schemas?: LearningSchemas): Genesis {
  return withDigests(readYaml(file, z.preprocess(spelledOut(schemas), genesisSchema(schemas))), dirname(file))
}

/** What a genesis says of files and by a module, as it is recorded. */
const spelledOut = (schemas: LearningSchemas | undefined) => (given: unknown, ctx: z.RefinementCtx) => {
  const wrong = (path: readonly string[], message: string): void =>
    ctx.addIssue({ code: 'custom', path: [...path], message })
  const whole = withFilesOfTask(given, wrong) as { readonly task?: unknown } | undefined
  const found = schemas?.withModule?.(whole?.task) ?? { task: whole?.task }
  if (typeof found === 'string') wrong(['task', 'module'], found)
  else if (found.task !== whole?.task) return { ...whole, task: found.task }
  return whole
}

/** What a genesis file names under `extensions`, and by its task, with their digests, checked; nothing else of it is read. Throws PeerError. */
export function extensionsIn(file: string): readonly GenesisExtension[] {
  if (!existsSync(file)) return []
  const schema = z.preprocess((given) => withFilesOfTask(given), z.looseObject({ extensions: extensionsSchema }))
  const { extensions = [] } = readYaml(file, schema)
  return extensions.map((extension) => pinned(extension, dirname(file)))
}

/** Reads the folder of a peer. Throws PeerError with file, line and what was expected, of `schemas` too. */
export async function readHome(folder: string, schemas?: LearningSchemas): Promise<Home> {
  const file = join(folder, files.identity)
  if (!existsSync(file))
    throw new PeerError(
      'folder-missing',
      `${file}: there is none. Make a peer first: hearsay init ${shellWord(folder)}`,
    )
  const { mode } = statSync(file)
  if (process.platform !== 'win32' && (mode & 0o077) !== 0)
    throw new PeerError(
      'bad-file',
      `${file}: others on this machine can read the secret in it (mode ${(mode & 0o777).toString(8)}): chmod 600 ${shellWord(file)}`,
    )
  const written = readYaml(file, identitySchema)
  const identity = await identityOfSeed(Buffer.from(written.seed, 'hex'))
  if (identity.id !== written.id)
    throw new PeerError('bad-file', `${file}: the id is not that of the seed: the file was changed`)
  const genesis = readGenesis(join(folder, files.genesis), schemas)
  const known = new Set(genesis.peers.map(({ id }) => id))
  if (!known.has(identity.id))
    throw new PeerError(
      'bad-file',
      `${placeIn(join(folder, files.genesis), ['peers'])}: peers: this peer, ${identity.id}, is not among them. Have it added, in every copy.`,
    )
  const settings = readYaml(join(folder, files.settings), settingsSchema)
  const stranger = settings.bootstrap.find((address) => !known.has(idIn(address) ?? ''))
  if (stranger !== undefined)
    throw new PeerError(
      'bad-file',
      `${placeIn(join(folder, files.settings), ['bootstrap'])}: bootstrap: ${stranger} is not an address of a peer of the genesis`,
    )
  return { folder, identity, genesis, settings }
}

/** The id that ends an address of a peer. */
export function idIn(address: string): string | undefined {
  return /\/p2p\/(12D3Koo[1-9A-HJ-NP-Za-km-z]{45})$/.exec(address)?.[1]
}

/** Where in a YAML file a value stands, `file:line:column`; the file where there is no such place. */
export function placeIn(file: string, path: readonly PropertyKey[]): string {
  if (!existsSync(file)) return file
  const lines = new LineCounter()
  const document = parseDocument(readFileSync(file, 'utf8'), { lineCounter: lines, merge: true })
  // A key that is missing has no place: that of what should hold it is told.
  for (let depth = path.length; depth >= 0; depth--) {
    const node = document.getIn(path.slice(0, depth), true) as { range?: [number, number, number] } | undefined
    if (!node?.range) continue
    const { line, col } = lines.linePos(node.range[0])
    return `${file}:${line}:${col}`
  }
  return file
}

/** JSON is YAML too. */
function readYaml<T>(file: string, schema: z.ZodType<T>): T {
  if (!existsSync(file)) throw new PeerError('folder-missing', `${file}: there is no such file`)
  if (statSync(file).size > mostFileBytes) throw new PeerError('bad-file', `${file}: more than ${mostFileBytes} bytes`)
  const document = parseDocument(readFileSync(file, 'utf8'), { merge: true })
  const broken = document.errors[0]
  if (broken !== undefined) throw new PeerError('bad-file', `${file}: ${broken.message}`)
  let value: unknown
  try {
    // Without aliases, a small file cannot stand for a huge value.
    value = document.toJS({ maxAliasCount: 0 })
  } catch (error) {
    throw new PeerError('bad-file', `${file}: ${(error as Error).message}; write out what an alias stands for`)
  }
  return parse(file, schema, value)
}

function parse<T>(file: string, schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(
    ({ path, message }) => `${placeIn(file, path)}: ${path.length === 0 ? '' : `${path.join('.')}: `}${message}`,
  )
  throw new PeerError('bad-file', problems.join('\n'))
}
