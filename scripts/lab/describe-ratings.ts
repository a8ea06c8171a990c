/**
 * How drawn ratings differ from real ones: `pnpm describe-ratings [--data FOLDER] [--epochs N] [--json]`. Prints sizes, how unevenly
 * items are popular and users active, and what popularity alone and the model recommend, of the generator and of MovieLens small.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { judgePopularity, learnCentrally, loadRatings } from '@hearsay/training/testing/central'
import { commandLine, usageError } from '../command-line.ts'
import { settings } from './compare-recommender/compare.ts'

const help = `node scripts/lab/describe-ratings.ts: ratings that are drawn beside those of MovieLens small.

  --data FOLDER   with ratings.csv; HEARSAY_MOVIELENS, or data/movielens-small
  --epochs N      of learning; ${settings.likes.epochs}
  --json          the figures as JSON`
const flags = commandLine(help, {
  data: { type: 'string', default: process.env.HEARSAY_MOVIELENS ?? 'data/movielens-small' },
  epochs: { type: 'string', default: `${settings.likes.epochs}` },
  json: { type: 'boolean', default: false },
})
const epochs = Number(flags.epochs)
if (!Number.isInteger(epochs) || epochs < 1) usageError(`--epochs takes a whole number above 0, not ${flags.epochs}`)

const sources: Record<string, object> = {
  'tastes, as it is': {},
  'tastes of hyperactive': { dataset: { tastes: { users: 300, items: 800, tastes: 3, median: 30 } } },
}
if (existsSync(join(flags.data, 'ratings.csv'))) sources['MovieLens small'] = { data: flags.data }
else console.error(`MovieLens is left out: ${flags.data} has no ratings.csv (hearsay data fetch movielens-small)`)

/** Between 0, all alike, and 1, one has all. */
function gini(counts: readonly number[]): number {
  const sorted = [...counts].sort((a, b) => a - b)
  const total = sorted.reduce((sum, count) => sum + count, 0)
  const ranked = sorted.reduce((sum, count, at) => sum + (at + 1) * count, 0)
  return (2 * ranked) / (sorted.length * total) - (sorted.length + 1) / sorted.length
}

/** Of all events, those of the tenth that has most. */
function shareOfTenth(counts: readonly number[]): number {
  const sorted = [...counts].sort((a, b) => b - a)
  const sum = (some: readonly number[]): number => some.reduce((total, count) => total + count, 0)
  return sum(sorted.slice(0, Math.ceil(sorted.length / 10))) / sum(sorted)
}

async function describe(given: object): Promise<Record<string, number>> {
  const { factors, regularisation, ...learning } = settings.likes
  const { spec, data } = await loadRatings({ ...given, factors, regularisation })
  const { user, item } = data.train
  const count = (of: Int32Array, length: number): number[] => {
    const counts = Array<number>(length).fill(0)
    for (const each of of) counts[each]!++
    return counts
  }
  const [active, popular] = [count(user, data.users.length), count(item, data.items.length)]
  const sorted = [...active].sort((a, b) => a - b)
  const byPopularity = judgePopularity({ spec, data })
  const learnt = await learnCentrally({ ...learning, epochs, spec, data })
  return {
    users: data.users.length,
    items: data.items.length,
    events: item.length,
    'density, %': (100 * item.length) / data.users.length / data.items.length,
    'events of a user: least': sorted[0]!,
    'events of a user: median': sorted[sorted.length >> 1]!,
    'events of a user: most': sorted.at(-1)!,
    'activity: Gini': gini(active),
    'activity: share of the most active tenth': shareOfTenth(active),
    'popularity: Gini': gini(popular),
    'popularity: share of the most popular tenth': shareOfTenth(popular),
    'items with one event at most, %': (100 * popular.filter((events) => events <= 1).length) / popular.length,
    'mean rating': data.mean,
    'deviation of ratings': data.deviation,
    'HR@10 of popularity alone': byPopularity.hitRate10!,
    'HR@10 of the model': learnt.hitRate10!,
    'NDCG@10 of popularity alone': byPopularity.ndcg10!,
    'NDCG@10 of the model': learnt.ndcg10!,
    'coverage of the model, %': 100 * learnt.coverage!,
  }
}

const figures: Record<string, Record<string, number>> = {}
for (const [name, given] of Object.entries(sources)) {
  console.error(name)
  figures[name] = await describe(given)
}
if (flags.json) console.log(JSON.stringify(figures, undefined, 2))
else {
  const names = Object.keys(figures)
  console.log(`${''.padEnd(44)}${names.map((name) => name.padStart(24)).join('')}`)
  for (const what of Object.keys(figures[names[0]!]!)) {
    const values = names.map((name) => figures[name]![what]!)
    const told = values.map((value) => (Number.isInteger(value) ? `${value}` : value.toFixed(3)).padStart(24))
    console.log(`${what.padEnd(44)}${told.join('')}`)
  }
}
