// The two commands of the README, once everything is set up.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { handOver, undoOnExit } from './children.mjs'
import { ROOT, readJson } from './native/layout.mjs'
import { say } from './report.mjs'
import { environment, NODE_24, setUp } from './set-up.mjs'

const USAGE = 'usage: node scripts/setup/with-setup.mjs start|test [arguments]'

const own = (command, args) => handOver(command, args, { cwd: ROOT, env: environment() })
const binary = (name) => path.join(ROOT, 'node_modules', '.bin', name)

function start(args) {
  const scenario = path.join('scenarios', 'one-third.yaml')
  return own(NODE_24, [path.join('packages', 'cli', 'src', 'hearsay.ts'), 'run', scenario, ...args])
}

/**
 * vitest's counts. A file that cannot be loaded has no tests, and counts as one that failed.
 * @param results vitest's JSON report, or undefined when it wrote none
 */
export function count(results) {
  const unloaded = (results?.testResults ?? []).filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  ).length
  return {
    passed: results?.numPassedTests ?? 0,
    failed: (results?.numFailedTests ?? 0) + unloaded,
    skipped: (results?.numPendingTests ?? 0) + (results?.numTodoTests ?? 0),
  }
}

async function runTests(args) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hearsay-test-'))
  const forget = undoOnExit(() => fs.rmSync(folder, { recursive: true, force: true }))
  const report = path.join(folder, 'results.json')
  const vitest = path.join(ROOT, 'node_modules', 'vitest', 'vitest.mjs')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const code = await own(NODE_24, [vitest, 'run', ...reporters, ...args])
  const counts = count(readJson(report))
  fs.rmSync(folder, { recursive: true, force: true })
  forget()
  return { code, counts }
}

/** Lint, types and tests; with arguments, only the tests that they choose. The last line has the counts. */
async function test(args) {
  const failures = []
  const check = async (name, command, commandArgs) => {
    const code = await own(command, commandArgs)
    if (code !== 0) failures.push({ name, code })
    // Ended by a signal: so are we.
    return code <= 128
  }
  if (args.length === 0) {
    if (!(await check('biome check', binary('biome'), ['check', '.']))) return failures[0].code
    if (!(await check('tsc -b', binary('tsc'), ['-b']))) return failures[0].code
  }
  const { code, counts } = await runTests(args)
  if (code !== 0) failures.push({ name: 'vitest run', code })
  else if (counts.passed + counts.failed === 0) failures.push({ name: 'vitest run (it ran no test)', code: 1 })
  for (const failure of failures) say(`failed: ${failure.name}, exit code ${failure.code}`)
  console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
  return Math.max(0, ...failures.map((failure) => failure.code))
}

export async function main([command, ...args]) {
  const action = { start, test }[command]
  if (action === undefined) {
    say(USAGE)
    return 2
  }
  try {
    await setUp()
  } catch (error) {
    if (error.code !== 'SETUP_PACKAGES') throw error
    say(`${error.code}: ${error.message}`)
    return 1
  }
  return action(args)
}
