import { plain } from '@hearsay/catalogue/words'
import type { Cell } from '@hearsay/scenario'
import type { Command } from 'commander'
import { collect } from './assignments.ts'
import { CommandError } from './command-error.ts'
import { pictureFile } from './picture-file.ts'
import { changesOf } from './scenario-options.ts'

interface ShowFlags {
  readonly cell: number
  readonly seed?: number
  readonly set: string[]
  readonly data?: string
  readonly out?: string
  readonly json?: boolean
}

/** `hearsay data show`. */
export function addDataShow(data: Command, numberOf: (text: string) => number): void {
  data
    .command('show')
    .description('tell who has which training data in a scenario: peers by classes, and how many')
    .argument('<file>', 'a scenario, such as scenarios/one-third.yaml')
    .option('--cell <number>', 'of this cell, from 0', numberOf, 0)
    .option('--seed <number>', "with this seed instead of the scenario's first", numberOf)
    .option('--set <path=value>', 'change a parameter; may be repeated', collect, [])
    .option('--data <path>', 'where the data are, as for hearsay run')
    .option('--out <file>', 'draw it too, as .svg or .png')
    .option('--json', 'print the counts as JSON')
    .addHelpText(
      'after',
      `
Nothing is trained. Of numbers that are learnt, samples are counted by fifths: as many are up to each of the numbers told.

Examples:
  hearsay data show scenarios/one-third.yaml
  hearsay data show scenarios/one-third.yaml --set task.partition='{ kind: dirichlet, alpha: 0.3 }' --out who-has-what.svg
  hearsay data show scenarios/one-third.yaml --seed 2 --json | jq '.sizes'`,
    )
    .action(show)
}

async function show(file: string, flags: ShowFlags): Promise<void> {
  const writePicture = pictureFile('--out', flags.out)
  // Only here: help need not wait for it.
  const { readScenario } = await import('./read-scenario.ts')
  const { holdersOf, loadScenario, maliciousPeers } = await import('@hearsay/scenario')
  const { holdingsOf } = await import('@hearsay/training')
  const { drawHoldings, holdingsTable, renderHoldings } = await import('@hearsay/results/pictures')
  const scenario = loadScenario(readScenario(file), {
    file,
    ...changesOf(flags),
  })
  const cell = scenario.cells[flags.cell]
  if (cell === undefined)
    throw new CommandError(`--cell ${flags.cell}: the scenario has ${scenario.cells.length}, from 0`)
  const { task, learning, peers } = cell.parameters
  const seed = cell.seeds[0]!
  const holdings = await holdingsOf({
    task,
    learning,
    peers,
    holders: holdersOf(cell.parameters),
    base: scenario.base,
    seed,
  })
  const liars = new Set(maliciousPeers(cell.parameters).keys())
  const setting = await settingOf(cell, seed)
  if (flags.json)
    process.stdout.write(
      `${JSON.stringify({ scenario: scenario.name, cell: flags.cell, seed, ...holdings, liars: [...liars] }, null, 2)}\n`,
    )
  else process.stdout.write(`${plain(setting)}\n\n${plain(renderHoldings(holdingsTable(holdings, liars)))}\n`)
  if (writePicture === undefined) return
  await writePicture((await drawHoldings({ name: scenario.name, setting, holdings, liars })).svg)
  if (!flags.json) process.stdout.write(`\nThe picture: ${plain(flags.out!)}\n`)
}

/** What is divided, how, and by which seed. */
async function settingOf({ label, parameters: { task, peers } }: Cell, seed: number): Promise<string> {
  const { taskOf } = await import('@hearsay/training/schema')
  const { kind, ...options } = (task.partition ?? {}) as { readonly kind?: string }
  const told = Object.entries(options).map(([name, value]) => `${name} ${value}`)
  return [
    label,
    `${peers} peers`,
    taskOf(task).describe(task),
    ...(kind === undefined ? [] : [`partition ${[kind, ...told].join(', ')}`]),
    `seed ${seed}`,
  ].join(' · ')
}
