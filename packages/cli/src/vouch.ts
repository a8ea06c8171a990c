import { join } from 'node:path'
import { oneLine, plain, plainJson } from '@hearsay/catalogue/words'
import type { Command } from 'commander'
import { CommandError } from './command-error.ts'

interface VouchFlags {
  readonly for?: string
  readonly weight?: number
  readonly withdraw?: boolean
  readonly leave?: boolean
  readonly json?: boolean
}

export function addVouch(program: Command, numberOf: (text: string) => number): void {
  program
    .command('vouch')
    .description('what the peer of a folder says of others, where weights follow vouches; it need not be started again')
    .argument('<folder>', 'made by hearsay init; its genesis has `trust`')
    .option('--for <peer>', 'vouch for this peer: its id, or its name in the genesis')
    .option('--weight <share>', 'how sure it is, 0.01 to 1; 1 when left out', numberOf)
    .option('--withdraw', 'take the vouch for it back')
    .option('--leave', 'say farewell: this peer weighs nothing any more, for ever')
    .option('--json', 'print what it wishes to say, as JSON')
    .addHelpText(
      'after',
      `
Without a flag it prints whom this peer vouches for. A running peer says what is new with its next update in a round that hears
vouches (trust.every), and again until it is agreed on; weights follow two rounds later, and move by a tenth of all at most.

Exit codes: 0 it is written, 2 it cannot be.

Examples:
  hearsay vouch my-peer --for ana
  hearsay vouch my-peer --for 12D3KooW… --weight 0.5
  hearsay vouch my-peer --for ana --withdraw
  hearsay vouch my-peer --leave`,
    )
    .action(vouch)
}

async function vouch(folder: string, { for: named, weight = 1, withdraw, leave, json }: VouchFlags): Promise<void> {
  const { readHome } = await import('@hearsay/home')
  const { changeWishes, wishesName } = await import('@hearsay/home/wishes')
  const { loadExtensionsOf } = await import('./genesis-extensions.ts')
  const { learningSchemas } = await import('./genesis-task.ts')
  if (named === undefined && (withdraw || weight !== 1)) throw new CommandError('--for says whom it is about.')
  const hundredths = Math.round(100 * weight)
  if (hundredths < 1 || hundredths > 100) throw new CommandError(`--weight is from 0.01 to 1, not ${weight}.`)
  const home = await readHome(folder, learningSchemas(await loadExtensionsOf(join(folder, 'genesis.yaml'))))
  const { peers } = home.genesis
  const found = peers.filter(({ id, name }) => id === named || name === named)
  if (named !== undefined && found.length !== 1)
    throw new CommandError(
      `--for ${plain(named)}: ${found.length === 0 ? 'none' : 'more than one'} of the peers is called so.`,
    )
  const [about] = found
  const wishes = changeWishes(home, {
    ...(about && { peer: about.id, weight: withdraw ? 0 : hundredths }),
    ...(leave && { leaves: true }),
  })
  if (json) process.stdout.write(`${plainJson(wishes, 2)}\n`)
  else {
    const nameOf = (id: string): string => peers.find((peer) => peer.id === id)?.name ?? id
    const lines = Object.entries(wishes.vouches).map(([id, share]) => `  ${oneLine(nameOf(id))} ${share / 100}`)
    const what = wishes.leaves
      ? 'This peer leaves.'
      : `This peer vouches for ${lines.length === 0 ? 'nobody' : 'these'}:`
    process.stdout.write(
      `${plain([what, ...(wishes.leaves ? [] : lines), `  (${join(folder, wishesName)})`].join('\n'))}\n`,
    )
  }
}
