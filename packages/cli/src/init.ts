import { dirname, join } from 'node:path'
import { plain, shellWord } from '@hearsay/catalogue/words'
import { type Command, Option } from 'commander'
import { CommandError } from './command-error.ts'

interface InitFlags {
  readonly listen?: string[]
  readonly bootstrap?: string[]
  readonly genesis?: string
  readonly local?: number
  readonly port?: number
  readonly agreement?: string
}

export function addInit(program: Command, numberOf: (text: string) => number): void {
  program
    .command('init')
    .description('make the folder of a peer: its identity, its settings, and the genesis of its network')
    .argument('[folder]', 'where to; made if it is not there')
    .option('--listen <address...>', 'multiaddrs to listen on; /ip4/0.0.0.0/tcp/4001 when left out')
    .option('--bootstrap <address...>', 'multiaddrs of other peers, each with /p2p/ and its id')
    .option('--genesis <file>', 'the genesis of a network that is there already')
    .addOption(
      new Option('--local <peers>', 'make so many peers on this machine, ready to start, to try things out')
        .argParser(numberOf)
        .conflicts(['listen', 'bootstrap', 'genesis']),
    )
    .addOption(
      new Option(
        '--agreement <kind>',
        'how the peers of a new network agree, such as averaging; exact when left out',
      ).conflicts('genesis'),
    )
    .option('--port <number>', 'with --local: the first of their ports; 4001 when left out', numberOf)
    .addHelpText(
      'after',
      `
A network of your own:
  1. Everybody runs:  hearsay init my-peer --listen /ip4/0.0.0.0/tcp/4001
     and tells the others the id that it prints, and under which address it can be reached.
  2. Somebody puts all ids under 'peers' in genesis.yaml and sends the file to all. They tolerate as many liars as
     n peers can, ⌊(n−1)/3⌋, unless it says 'tolerated'.
  3. Everybody copies it over their own, writes addresses of others under 'bootstrap' in peer.yaml,
     and runs:  hearsay start my-peer

Exit codes: 0 done, 2 the command is wrong, or the folder is there already.

On one machine:
  hearsay init try --local 4
  hearsay start try/peer-0     (and peer-1, … in other terminals)`,
    )
    .action(init)
}

async function init(given: string | undefined, flags: InitFlags): Promise<void> {
  const { folder, listen, bootstrap } = sorted(given, flags)
  if (flags.local !== undefined) return initLocal(folder, flags.local, flags.port ?? 4001, flags.agreement)
  if (flags.port !== undefined) throw new CommandError('--port is for --local; a peer alone has its port in --listen')
  // Only here: other commands need not wait for libp2p.
  const { createIdentity, writeHome } = await import('@hearsay/home')
  const { agreementOptions, warningsOf } = await import('@hearsay/ledger')
  if (flags.agreement !== undefined) agreementOptions(flags.agreement)
  const identity = await createIdentity()
  const { id } = identity
  const settings = { listen, bootstrap }
  if (flags.genesis === undefined) writeHome(folder, identity, { settings, genesis: draft(id, flags.agreement) })
  else {
    const { copyExtensions } = await import('./genesis-extensions.ts')
    const { readWhole } = await import('./read-genesis.ts')
    const genesis = await readWhole(flags.genesis)
    writeHome(folder, identity, { settings, genesis })
    copyExtensions(genesis, dirname(flags.genesis), folder)
    for (const warning of warningsOf(genesis)) console.error(`hearsay: warning: ${warning}`)
  }
  process.stdout.write(
    `${plain(folder)} is the folder of a new peer. Keep identity.json secret.\n\n  id ${id}\n\n` +
      'Put the ids of all peers into genesis.yaml, the same file for everybody, and addresses of some into peer.yaml.\n' +
      `Then: hearsay start ${shellWord(folder)}\n`,
  )
}

/**
 * An option that takes several values takes the folder after them as one more: it is the word that is no address. Addresses
 * begin with a slash and a protocol, and what is no address is refused when it is not the folder.
 */
function sorted(given: string | undefined, { listen, bootstrap }: InitFlags) {
  const lists = { listen: [...(listen ?? [])], bootstrap: [...(bootstrap ?? [])] }
  let folder = given
  for (const list of Object.values(lists)) {
    const last = list.at(-1)
    if (folder !== undefined || last === undefined || isAddress(last)) continue
    folder = last
    list.pop()
  }
  if (folder === undefined) throw new CommandError('init takes a folder: hearsay init my-peer')
  return { folder, ...lists, listen: listen === undefined ? ['/ip4/0.0.0.0/tcp/4001'] : lists.listen }
}

function isAddress(word: string): boolean {
  return /^\/(ip4|ip6|ip6zone|dns|dns4|dns6|dnsaddr|unix|p2p|memory)\//.test(word)
}

/** Others are put in; how many liars all tolerate then follows from how many they are. */
function draft(id: string, kind: InitFlags['agreement']) {
  return { name: 'a network', peers: [{ id }], ...(kind && { agreement: { kind } }) }
}

/** Times that are short enough to watch, on one machine. */
const watchable = { graceMs: 1000, timeoutMs: 200, roundMs: 2000 }

async function initLocal(folder: string, peers: number, port: number, kind: InitFlags['agreement']): Promise<void> {
  if (peers < 1 || peers > 100) throw new CommandError('--local takes 1 to 100 peers')
  if (port < 1 || port + peers > 65_536) throw new CommandError('--port is out of range')
  const { checkFree, createIdentity, unwriteHome, writeHome } = await import('@hearsay/home')
  const { agreementOptions, genesisSchema } = await import('@hearsay/ledger')
  const { agreements } = await import('@hearsay/protocol')
  const options = agreementOptions(kind ?? 'exact')
  const usual = Object.fromEntries(
    Object.entries(options).flatMap(([name, option]) => (option.default === undefined ? [] : [[name, option.default]])),
  )
  const idle = agreements.find(kind ?? 'exact').idle?.(usual) ?? []
  const times = Object.entries(watchable).filter(
    ([name]) => name in options && !idle.some(({ setting }) => setting === name),
  )
  const homes = Array.from({ length: peers }, (_, i) => join(folder, `peer-${i}`))
  // All or none.
  for (const home of homes) checkFree(home)
  const identities = await Promise.all(homes.map(() => createIdentity()))
  const address = (i: number): string => `/ip4/127.0.0.1/tcp/${port + i}`
  const genesis = {
    name: 'local',
    peers: identities.map(({ id }, j) => ({ id, name: `peer-${j}` })),
    agreement: { ...(kind !== undefined && { kind }), ...Object.fromEntries(times) },
  }
  const { tolerated } = genesisSchema().parse(genesis)
  const done: string[] = []
  try {
    for (const [i, identity] of identities.entries()) {
      const others = identities.flatMap(({ id }, j) => (j === i ? [] : [`${address(j)}/p2p/${id}`]))
      writeHome(homes[i]!, identity, {
        settings: { listen: [address(i)], bootstrap: others },
        genesis: { ...genesis, tolerated },
      })
      done.push(homes[i]!)
    }
  } catch (error) {
    for (const home of done) unwriteHome(home)
    throw error
  }
  process.stdout.write(
    `${homes.length} peers of one network, which tolerates ${tolerated} ${tolerated === 1 ? 'liar' : 'liars'}. Start each in a terminal of its own:\n\n` +
      homes.map((home) => `  hearsay start ${shellWord(home)}\n`).join(''),
  )
}
