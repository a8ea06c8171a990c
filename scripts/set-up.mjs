// Everything that a fresh clone lacks: `node scripts/set-up.mjs`. `npm start` and `npm test` do this first.
import { say } from './setup/report.mjs'
import { setUp } from './setup/set-up.mjs'

try {
  await setUp()
} catch (error) {
  say(`hearsay: ${error.message}`)
  process.exitCode = 1
}
