import { plain } from '@hearsay/catalogue/words'
import type { Command } from 'commander'
import { assignmentsOf, collect } from './assignments.ts'
import { CommandError } from './command-error.ts'
import { pictureFile } from './picture-file.ts'
import type { VouchFile } from './read-vouches.ts'

interface TrustFlags {
  readonly method?: string
  readonly preTrusted?: string
  readonly option: readonly string[]
  readonly scale?: number
  readonly floor?: number
  readonly sybils?: string
  readonly bought: number
  readonly json?: boolean
  readonly roster?: boolean
  readonly picture?: string
}

const shown = 40

/** `hearsay trust`. */
export function addTrust(program: Command, numberOf: (text: string) => number): void {
  program
    .command('trust')
    .description('from who vouches for whom to how much the voice of each peer counts')
    .argument('<file>', 'vouches: a .csv with the columns from,to[,weight], or a .yaml with preTrusted and vouches')
    .option('--method <name>', 'lipschitrust, eigentrust or sybilrank; lipschitrust when left out')
    .option('--pre-trusted <names>', 'who is trusted to begin with, with commas between; else as the .yaml says')
    .option('--option <name=value>', 'an option of the method, such as decay=0.5; may be repeated', collect, [])
    .option('--scale <number>', 'what trust is multiplied by before it is rounded down', numberOf)
    .option('--floor <number>', 'the least weight of a pre-trusted peer', numberOf)
    .option('--sybils <counts>', 'instead: what so many sybils get who vouch for each other, such as 1,10,100')
    .option('--bought <number>', 'how many vouches of others the sybils have bought', numberOf, 1)
    .option('--roster', 'print the peers with their weights as a genesis has them')
    .option('--picture <file>', 'draw it too, as .svg or .png')
    .option('--json', 'print everything as JSON')
    .addHelpText(
      'after',
      `
Weights are whole numbers, the same on every machine. Who has weight 0 is not in the roster. A network with these weights is
sound while liars weigh less than a third of all.

Exit codes: 0 done, 2 the command or the file is wrong.

Examples:
  hearsay trust vouches.csv --pre-trusted ana,ben
  hearsay trust vouches.csv --pre-trusted ana,ben --method eigentrust --option restart=0.3 --json
  hearsay trust vouches.yaml --roster >> genesis.yaml
  hearsay trust vouches.yaml --sybils 1,10,100 --bought 3 --picture sybils.svg`,
    )
    .action(trust)
}

async function trust(file: string, flags: TrustFlags): Promise<void> {
  const writePicture = pictureFile('--picture', flags.picture)
  // Only here: help need not wait for it.
  const { readVouches } = await import('./read-vouches.ts')
  const read = await readVouches(file)
  const preTrusted = preTrustedOf(read, flags.preTrusted, file)
  const ask = { file, read, preTrusted, flags }
  const { text, plot } = flags.sybils === undefined ? await weigh(ask) : await withSybils(ask)
  process.stdout.write(plain(text))
  if (writePicture === undefined) return
  await writePicture((await plot()).svg)
  if (!flags.json && !flags.roster) process.stdout.write(`\nThe picture: ${plain(flags.picture!)}\n`)
}

/** Indices of the pre-trusted. */
function preTrustedOf({ names, preTrusted }: VouchFile, flag: string | undefined, file: string): number[] {
  const wanted = flag === undefined ? preTrusted : flag.split(',').map((name) => name.trim())
  if (wanted.length === 0)
    throw new CommandError(`${file}: nobody is pre-trusted; name whom you trust: --pre-trusted NAME,NAME.`)
  return [...new Set(wanted)].map((name) => {
    const index = names.indexOf(name)
    if (index >= 0) return index
    throw new CommandError(`--pre-trusted ${name}: no vouch of ${file} is of such a peer, or for one.`)
  })
}

interface Ask {
  readonly file: string
  readonly read: VouchFile
  readonly preTrusted: readonly number[]
  readonly flags: TrustFlags
}

interface Answer {
  readonly text: string
  plot(): Promise<{ readonly svg: string }>
}

async function weigh({ file, read, preTrusted, flags }: Ask): Promise<Answer> {
  const { trustOf, Vouches, wholeWeights } = await import('@hearsay/trust')
  const { coalitionsOf } = await import('./coalitions.ts')
  const { names, vouches } = read
  const method = flags.method ?? 'lipschitrust'
  const spec = { ...assignmentsOf(flags.option, '--option'), method }
  const found = trustOf(spec, Vouches.of(names.length, vouches), preTrusted)
  const weights = wholeWeights(found.trust, { scale: flags.scale ?? found.scale, floor: flags.floor, preTrusted })
  const heaviest = [...names.keys()].sort((a, b) => weights[b]! - weights[a]! || a - b)
  const voices = heaviest.filter((peer) => weights[peer]! > 0)
  const coalitions = coalitionsOf(voices.map((peer) => weights[peer]!))
  const peers = heaviest.map((peer) => ({
    name: names[peer]!,
    trust: found.trust[peer]!,
    weight: weights[peer]!,
    preTrusted: preTrusted.includes(peer),
  }))
  const text = flags.json
    ? `${JSON.stringify({ method, peers, ...coalitions }, null, 2)}\n`
    : flags.roster
      ? `peers:\n${voices.map((peer) => `  - { id: ${JSON.stringify(names[peer])}, weight: ${weights[peer]} }\n`).join('')}`
      : tableOf(peers, coalitions)
  return {
    text,
    async plot() {
      const { drawVouches } = await import('@hearsay/results/pictures')
      const setting = `${method} · ${vouches.length} vouches · W = ${coalitions.total}, F = ${coalitions.tolerated}`
      return drawVouches({ name: file, setting, names, weights, vouches, preTrusted })
    },
  }
}

type Coalitions = ReturnType<typeof import('./coalitions.ts').coalitionsOf>
interface Weighed {
  readonly name: string
  readonly trust: number
  readonly weight: number
  readonly preTrusted: boolean
}

function tableOf(peers: readonly Weighed[], { total, tolerated, stops, decides }: Coalitions): string {
  const wide = Math.max(4, ...peers.slice(0, shown).map(({ name }) => name.length))
  const share = (weight: number) => `${((100 * weight) / (total || 1)).toFixed(1)} %`.padStart(9)
  const row = (name: string, trust: string, weight: string, of: string, word: string) =>
    `${name.padEnd(wide)}${trust.padStart(12)}${weight.padStart(10)}${of}${word}\n`
  const rows = peers
    .slice(0, shown)
    .map(({ name, trust, weight, preTrusted }) =>
      row(name, trust.toFixed(6), String(weight), share(weight), preTrusted ? '  pre-trusted' : ''),
    )
  const left = peers.slice(shown).reduce((sum, { weight }) => sum + weight, 0)
  const more = peers.length > shown ? [row(`${peers.length - shown} more`, '', String(left), share(left), '')] : []
  const voiceless = peers.filter(({ weight }) => weight === 0).length
  return [
    row('peer', 'trust', 'weight', 'share'.padStart(9), ''),
    ...rows,
    ...more,
    `\nTogether W = ${total}; liars may weigh up to F = ${tolerated}.\n`,
    voiceless > 0 ? `Of no voice: ${voiceless} ${voiceless === 1 ? 'peer' : 'peers'}, not in the roster.\n` : '',
    ...(total > 0
      ? [`Fewest who stop the network by silence (more than F): ${stops}.\n`, `Fewest who decide alone: ${decides}.\n`]
      : []),
    decides === 1 ? 'Warning: one peer alone decides: choose more pre-trusted peers.\n' : '',
  ].join('')
}

async function withSybils(ask: Ask): Promise<Answer> {
  const { flags } = ask
  if (flags.roster) throw new CommandError('--roster: sybils are in nobody’s roster; leave it or --sybils out.')
  const { gainsOf } = await import('./sybil-gains.ts')
  const gains = gainsOf(ask)
  const methods = Object.keys(gains[0]!.shares)
  const cell = (text: string) => text.padStart(15)
  const lines = [
    `Share of all trust of k sybils who vouch for each other and have bought ${flags.bought} of ${ask.read.names.length} peers’ vouches\n\n`,
    `${'k'.padStart(6)}${methods.map(cell).join('')}\n`,
    ...gains.map(
      ({ sybils, shares }) =>
        `${String(sybils).padStart(6)}${methods.map((method) => cell(`${(100 * shares[method]!).toFixed(2)} %`)).join('')}\n`,
    ),
  ]
  return {
    text: flags.json ? `${JSON.stringify({ bought: flags.bought, gains }, null, 2)}\n` : lines.join(''),
    async plot() {
      const { drawSybils } = await import('@hearsay/results/pictures')
      const setting = `${ask.read.names.length} peers · ${ask.read.vouches.length} vouches · ${flags.bought} bought`
      return drawSybils({ name: ask.file, setting, gains })
    },
  }
}
