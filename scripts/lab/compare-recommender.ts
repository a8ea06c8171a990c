/**
 * The recommender beside published and golden figures: `pnpm compare-recommender [--data FOLDER] [--only TABLE] [--short] [--json]`.
 * One program learns from all users, by the steps and the defences of the task `ratings`; each figure is printed beside ours, with the
 * largest difference that is allowed, and whether it is met.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { commandLine, usageError } from '../command-line.ts'
import {
  compareLikes,
  compareOneFilm,
  compareRatings,
  type Line,
  outOfOrder,
  settings,
} from './compare-recommender/compare.ts'

const help = `node scripts/lab/compare-recommender.ts: the recommender beside golden figures, on MovieLens small.

  --data FOLDER   with ratings.csv; HEARSAY_MOVIELENS, or data/movielens-small
  --only TABLE    likes, ratings, or film (which needs no data)
  --short         one epoch and the first cells only: shows that all is there
  --json          the figures as JSON`
const flags = commandLine(help, {
  data: { type: 'string', default: process.env.HEARSAY_MOVIELENS ?? 'data/movielens-small' },
  only: { type: 'string' },
  short: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
})
const { data, only, short, json } = flags
const tables = ['likes', 'ratings', 'film']
if (only !== undefined && !tables.includes(only)) usageError(`--only takes ${tables.join(', ')}, not ${only}`)
if (only !== 'film' && !existsSync(join(data, 'ratings.csv')))
  usageError(`${data} has no ratings.csv: hearsay data fetch movielens-small, or name the folder by --data`)

const isWanted = (table: string): boolean => only === undefined || only === table
const wanted = { data, short, seen: (what: string) => console.error(what) }
const lines = [
  ...(isWanted('film') ? compareOneFilm() : []),
  ...(isWanted('likes') ? await compareLikes(wanted) : []),
  ...(isWanted('ratings') ? await compareRatings(wanted) : []),
]
const wrongOrder = outOfOrder(lines)
if (json) console.log(JSON.stringify({ settings, short, lines, outOfOrder: wrongOrder }, undefined, 2))
else print(lines)

function print(lines: readonly Line[]): void {
  let last = ''
  for (const { table, what, measure, golden, ours, within, met } of lines) {
    if (table !== last) console.log(`\n${table}`)
    last = table
    const numbers = [golden, ours, within].map((value) => value.toFixed(3).padStart(8)).join(' ')
    console.log(`${what.padEnd(46)} ${measure.padEnd(10)} ${numbers}  ${met ? 'met' : 'MISSED'}`)
  }
  console.log(`\n${lines.filter(({ met }) => met).length} of ${lines.length} met; golden, ours, largest difference`)
  if (isWanted('likes')) console.log(`out of order: ${wrongOrder.length === 0 ? 'none' : wrongOrder.join('; ')}`)
  if (short) console.log('a short run: its figures say nothing')
}
