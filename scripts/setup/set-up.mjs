// Everything that a fresh clone lacks: the packages (Node 24 and pnpm among them) and the native engine.
// Runs on Node 18 and later, since it is what brings Node 24.
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { run } from './children.mjs'
import { ROOT, readJson, writeJson } from './native/layout.mjs'
import { installEngine, knownEngine } from './native-engine.mjs'
import { reportStep, say, tellEngine } from './report.mjs'

const STAMP_FILE = path.join(ROOT, 'node_modules', '.cache', 'hearsay', 'packages.json')
const BINARIES = path.join(ROOT, 'node_modules', '.bin')
export const NODE_24 = path.join(ROOT, 'node_modules', 'node', 'bin', 'node')

/** The environment in which the project's commands run: its own Node and tools come first. */
export const environment = () => ({ ...process.env, PATH: `${BINARIES}${path.delimiter}${process.env.PATH}` })

/** What the installed packages follow from. */
function packagesKey() {
  const rooms = fs.readdirSync(path.join(ROOT, 'packages')).map((room) => path.join('packages', room, 'package.json'))
  const files = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json', ...rooms.sort()]
  const hash = createHash('sha256').update(`${process.platform}-${process.arch}`)
  for (const file of files.filter((name) => fs.existsSync(path.join(ROOT, name)))) {
    hash.update(`${file}\n`).update(fs.readFileSync(path.join(ROOT, file)))
  }
  return hash.digest('hex')
}

const packagesInstalled = () => fs.existsSync(NODE_24) && readJson(STAMP_FILE)?.key === packagesKey()

async function installPackages() {
  const own = path.join(BINARIES, 'pnpm')
  const [command, ...args] = fs.existsSync(own) ? [own] : ['npx', '--yes', 'pnpm@12']
  // Nobody is there to confirm that a node_modules of another layout may be replaced.
  const options = ['install', '--frozen-lockfile', '--config.confirmModulesPurge=false']
  const done = await run(command, [...args, ...options], { cwd: ROOT })
  if (done.code !== 0 || !fs.existsSync(NODE_24)) {
    say(done.output.trimEnd().split('\n').slice(-40).join('\n'))
    const ended = done.timedOut ? 'did not end within 10 minutes' : `ended with code ${done.code}`
    throw Object.assign(
      new Error(
        `\`${[command, ...args, ...options].join(' ')}\` ${ended}; its last lines are above.\n` +
          'It needs npm, the npm registry (`npm ping` tells whether it can be reached) and 1.5 GB of disk. ' +
          'If node_modules is damaged, delete it and try again.',
      ),
      { code: 'SETUP_PACKAGES' },
    )
  }
  writeJson(STAMP_FILE, { key: packagesKey() })
}

/**
 * Sets up what is missing; a matter of milliseconds when nothing is.
 * @throws {Error} SETUP_PACKAGES. A missing native engine is no error: training then uses the wasm engine.
 */
export async function setUp() {
  const packages = packagesInstalled()
  const engine = knownEngine()
  if (packages && engine !== undefined) {
    tellEngine(engine, false)
    return
  }
  const begun = performance.now()
  say('Setting up what is missing (the first time, about a minute):')
  const packagesReady = packages
    ? Promise.resolve()
    : reportStep('packages and Node 24 (pnpm install)', installPackages)
  // The engine's libraries are fetched while the packages are installed.
  const [state] = await Promise.all([engine ?? installEngine(reportStep, packagesReady), packagesReady])
  say(`Set up in ${((performance.now() - begun) / 1000).toFixed(1)} s.`)
  // Installing packages can take the engine away again.
  tellEngine(knownEngine() ?? (await installEngine(reportStep)) ?? state, true)
}
