import { existsSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { plain, plainJson } from '@hearsay/catalogue/words'
import type { ForUser, TaskSpec } from '@hearsay/training/schema'
import type { Command } from 'commander'
import { CommandError } from './command-error.ts'
import { type Explanation, explain } from './explanation.ts'
import type { FoundModel, Place } from './find-model.ts'
import { loadModules } from './load-modules.ts'

interface RecommendFlags extends Place {
  readonly for: string
  readonly top: number
  readonly explain?: boolean
  readonly rounds: number
  readonly data?: string
  readonly json?: boolean
}

/** So many peers are columns of a table; JSON has all. */
const mostColumns = 3

export function addRecommend(program: Command, numberOf: (text: string) => number): void {
  program
    .command('recommend')
    .description('what a user would be shown by what was learnt, and whose updates moved it')
    .argument(
      '<from>',
      'the folder of a run or of a peer, or a file of safetensors; its task is of items and users, such as ratings',
    )
    .requiredOption('--for <user>', 'who: as the data call this user')
    .option('--top <number>', 'how many items', numberOf, 10)
    .option('--explain', 'tell which peers moved these scores most in the last rounds; updates must be archived')
    .option('--rounds <number>', 'with --explain: how many of the last rounds', numberOf, 3)
    .option('--cell <number>', 'of a run with several cells: which, from 0', numberOf)
    .option('--seed <number>', 'of a run with several seeds: which', numberOf)
    .option('--data <path>', 'where the data are that it learnt from, if they are no longer where the task says')
    .option('--json', 'print all of it as JSON')
    .addHelpText(
      'after',
      `
The model has a row for each item and nothing of any user: the vector of USER is worked out anew from what USER did in the training
data, as training does. Items that USER knows from there are left out. What was held back for measuring is not known, so the latest like
may be among the first: that is what HR@10 counts.

With --explain, "moved" is by how much a score moved in the last rounds, for the vector that USER has now; under a peer is how much less
it would have moved had that peer said nothing: what the rule let it do, and not what it wanted. Where updates are summed,
the peers add up to "moved"; where a rule chooses, they need not. That wants the updates of those rounds:

  a run     hearsay run SCENARIO --archive
  a peer    archiveRounds in its peer.yaml, or hearsay start --archive 10

Examples:
  hearsay recommend runs/latest --for user-7 --cell 1
  hearsay recommend runs/latest --for user-7 --cell 1 --explain
  hearsay recommend my-peer --for 42 --top 20 --json | jq '.items[].item'

Exit codes: 0 done; 2 the command is wrong, there is no such user, or what is needed is not there.`,
    )
    .action(recommend)
}

async function recommend(from: string, flags: RecommendFlags): Promise<void> {
  if (flags.top < 1) throw new CommandError('--top takes at least 1.')
  if (flags.rounds < 1) throw new CommandError('--rounds takes at least 1.')
  // Only here: help need not wait for it.
  const { findModel } = await import('./find-model.ts')
  const found = await findModel(from, flags)
  const told = await sayFor(from, found, flags)
  const first = firstOf(told, flags.top)
  const explanation = flags.explain ? await explainFor(from, found, first, told, flags.rounds) : undefined
  const { name, round, digest } = found.model.about!
  const peersOf = (at: number) =>
    explanation && {
      moved: explanation.moved[at]!,
      peers: Object.fromEntries(explanation.peers.map(({ peer, moved }) => [peer, moved[at]!])),
    }
  const items = first.map((item, at) => ({ item: told.items[item]!, score: told.scores[item]!, ...peersOf(at) }))
  const head = { model: { name, round, digest }, user: flags.for, ...(explanation && { rounds: explanation.rounds }) }
  if (flags.json) process.stdout.write(`${plainJson({ ...head, items }, 2)}\n`)
  else process.stdout.write(plain(tableOf(`${flags.for}, by the model of round ${round}`, items, explanation)))
}

/** What the model says of all items. Throws CommandError, TrainingError. */
async function sayFor(from: string, { model, base }: FoundModel, flags: RecommendFlags): Promise<ForUser> {
  const { about, tensors, parameters } = model
  if (about === undefined)
    throw new CommandError(`${from}: no Hearsay wrote it, so that nothing tells what it is of; name a run or a peer`)
  await loadModules(about, base)
  const { taskOf, taskSchema, withDataAt } = await import('@hearsay/training/schema')
  const place = flags.data ?? (await ownData(from))
  const parsed = taskSchema().safeParse(place === undefined ? about.task : withDataAt(about.task, resolve(place)))
  if (!parsed.success)
    throw new CommandError(`${from}: its task is not what this version knows: ${parsed.error.message}`)
  const task: TaskSpec = parsed.data
  const kind = taskOf(task)
  if (kind.forUser === undefined)
    throw new CommandError(
      `${from}: its task is ${kind.name}, which has no items for users; hearsay predict uses such models`,
    )
  const outline = await kind.outline(task, { base, turn: async () => {} })
  const shapesOf = (all: typeof tensors): string => all.map(({ name, shape }) => `${name} [${shape}]`).join(', ')
  const [has, due] = [shapesOf(tensors), shapesOf(kind.tensors(task, outline))]
  if (has !== due)
    throw new CommandError(
      `${from}: the model is ${has}, and of these data it would be ${due}; --data names those that it learnt from`,
    )
  return kind.forUser(task, outline, parameters, flags.for)
}

/** Of a peer, where its own data are. */
async function ownData(from: string): Promise<string | undefined> {
  if (!existsSync(join(from, 'genesis.yaml'))) return undefined
  const { readHome } = await import('@hearsay/home')
  const { loadExtensionsOf } = await import('./genesis-extensions.ts')
  const { learningSchemas } = await import('./genesis-task.ts')
  const { folder, settings } = await readHome(from, learningSchemas(await loadExtensionsOf(join(from, 'genesis.yaml'))))
  return settings.data === undefined ? undefined : resolve(folder, settings.data)
}

/** The best that the user does not know, of equal scores the first. */
function firstOf({ items, known, scores }: ForUser, top: number): number[] {
  return [...items.keys()]
    .filter((item) => !known.has(item))
    .sort((a, b) => scores[b]! - scores[a]! || a - b)
    .slice(0, top)
}

async function explainFor(
  from: string,
  { name }: FoundModel,
  items: readonly number[],
  { vector }: ForUser,
  count: number,
): Promise<Explanation> {
  const { lastRounds } = await import('@hearsay/ledger')
  const peer = existsSync(join(from, 'genesis.yaml'))
  if (statSync(from).isFile())
    throw new CommandError(
      `${from}: --explain needs updates, which a file has not: give the folder of a run or of a peer`,
    )
  const path = peer ? join(from, 'state') : join(from, 'ledgers', name)
  if (!existsSync(path)) throw new CommandError(`${from}: --explain needs ledgers, and there is none at ${path}`)
  const { rounds, fewer } = lastRounds(path, count)
  if (rounds.length === 0) {
    const remedy = peer
      ? 'set archiveRounds in its peer.yaml, or start it with --archive 10, and wait for the next rounds'
      : 'run it again with --archive'
    throw new CommandError(`${from}: --explain: ${fewer}; ${remedy}`)
  }
  if (fewer !== undefined) process.stderr.write(plain(`hearsay: ${rounds.length} of ${count} rounds: ${fewer}\n`))
  return explain(rounds, items, vector)
}

interface Told {
  readonly item: string
  readonly score: number
  readonly moved?: number
  readonly peers?: Readonly<Record<string, number>>
}

function tableOf(title: string, items: readonly Told[], explanation: Explanation | undefined): string {
  const peers = explanation?.peers.slice(0, mostColumns).map(({ peer }) => peer) ?? []
  const number = (value: number): string => value.toFixed(3)
  const moved = (value: number): string => `${value < 0 ? '' : '+'}${number(value)}`
  const lines = [
    ['', 'item', 'score', ...(explanation ? ['moved', ...peers] : [])],
    ...items.map((told, at) => [
      String(at + 1),
      told.item,
      number(told.score),
      ...(told.peers === undefined ? [] : [moved(told.moved!), ...peers.map((peer) => moved(told.peers![peer]!))]),
    ]),
  ]
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)))
  const text = lines.map((line) =>
    line
      .map((cell, column) => (column === 1 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  '),
  )
  return `${[title, '', ...text, ...(explanation ? ['', wordsOf(explanation)] : [])].join('\n')}\n`
}

function wordsOf({ rounds: [first, last], peers }: Explanation): string {
  const some = peers.slice(0, mostColumns).map(({ peer, moved }) => {
    const sum = moved.reduce((total, each) => total + Math.abs(each), 0)
    return `${peer} by ${sum.toFixed(3)}`
  })
  const when = first === last ? `round ${first}` : `rounds ${first} to ${last}`
  return `In ${when} these scores were moved most, all together, by ${some.join(', ')} (of ${peers.length} peers).`
}
