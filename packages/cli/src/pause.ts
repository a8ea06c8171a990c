import { join } from 'node:path'
import { oneLine, plain, plainJson } from '@hearsay/catalogue/words'
import type { Command } from 'commander'
import { CommandError } from './command-error.ts'

interface PauseFlags {
  readonly json?: boolean
  readonly backTo?: number
}

export function addPause(program: Command, numberOf: (text: string) => number): void {
  program
    .command('pause')
    .description('pause the peer of a folder, which need not be started again: it trains nothing until it is resumed')
    .argument('<folder>', 'made by hearsay init')
    .option('--back-to <round>', 'ask to go back to the model that this round ended with, too', numberOf)
    .option('--json', 'print whether it is paused, since when, and whether it runs, as JSON')
    .addHelpText(
      'after',
      `
A running peer stops training at once, and says in each round that it pauses: what it trained in the round is gone, unless it was
announced already. It still votes, signs and follows the chain. A peer that does not run is paused when it starts. There is one
pause: whoever resumes the peer ends it for all who asked for it. What the
network makes of rounds with a pause is in its genesis, agreement.pauses; without that it is silent for the others.

With --back-to the pause asks for an earlier model. When operators of more than (n+f)/2 peers ask for the same in one round, the network
goes back to it, and learns on from there; until then it is a pause. Resume when it has: the chain goes on, and shows it.

Exit codes: 0 it is paused, 2 it cannot be.

Examples:
  hearsay pause my-peer
  hearsay pause my-peer --back-to 120
  hearsay resume my-peer`,
    )
    .action((folder: string, flags: PauseFlags) => setPause(folder, true, flags))
  program
    .command('resume')
    .description('end the pause of the peer of a folder: it takes part from the next round on')
    .argument('<folder>', 'made by hearsay init')
    .option('--json', 'print whether it is paused, as JSON')
    .addHelpText(
      'after',
      `
Its data, its momentum and its learning rate go on where they stopped.

Exit codes: 0 it is not paused, 2 it cannot be told.

Examples:
  hearsay resume my-peer`,
    )
    .action((folder: string, flags: PauseFlags) => setPause(folder, false, flags))
}

async function setPause(folder: string, paused: boolean, { json, backTo }: PauseFlags): Promise<void> {
  const { keepsModelOf, readHome } = await import('@hearsay/home')
  const { askedBackIn, pausedSince, pauseName, setPaused } = await import('@hearsay/home/pause-file')
  const { isHeld } = await import('@hearsay/home/lock')
  const { loadExtensionsOf } = await import('./genesis-extensions.ts')
  const { learningSchemas } = await import('./genesis-task.ts')
  const { genesis } = await readHome(folder, learningSchemas(await loadExtensionsOf(join(folder, 'genesis.yaml'))))
  const policy = (genesis.agreement as { readonly pauses?: string }).pauses
  if (backTo !== undefined && policy === undefined)
    throw new CommandError(`--back-to: ${folder}/genesis.yaml has no agreement.pauses, so nobody would hear of it`)
  const isKept = backTo === undefined || keepsModelOf(folder, backTo)
  const before = pausedSince(folder)
  setPaused(folder, paused, backTo)
  const runs = isHeld(join(folder, 'lock'))
  if (json) {
    const since = pausedSince(folder)?.toISOString() ?? null
    process.stdout.write(
      `${plainJson({ paused, since, runs, policy: policy ?? null, backTo: askedBackIn(folder) ?? null }, 2)}\n`,
    )
    return
  }
  const others =
    policy === undefined
      ? 'its genesis has no agreement.pauses, so the others take it for silent'
      : `the others take its rounds by ${policy}`
  const what = [
    ...(paused ? [`Paused (${join(folder, pauseName)}); ${others}.`] : []),
    ...(paused && before !== undefined ? [`It was paused already, since ${before.toISOString()}.`] : []),
    ...(!paused && before !== undefined ? [`Resumed, after a pause since ${before.toISOString()}.`] : []),
    ...(!paused && before === undefined ? ['It was not paused.'] : []),
    ...(backTo === undefined ? [] : [`It asks to go back to round ${backTo}.`]),
    ...(isKept
      ? []
      : [
          'That model is not kept here, so until another peer has asked for it, from which all take it, this is a pause alone.',
        ]),
    ...(paused && !runs ? ['It does not run: it is paused when it starts.'] : []),
    ...(paused || before === undefined ? [] : [runs ? 'It takes part from the next round on.' : 'It does not run.']),
  ]
  process.stdout.write(`${plain(oneLine(what.join(' ')))}\n`)
}
