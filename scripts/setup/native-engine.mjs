// The native engine: TensorFlow's C library and the binding of @tensorflow/tfjs-node to it.
//
// The package's own install script cannot be used: when it fails, the package manager removes the package; it knows one
// source and no time limits; and it writes into files that are shared with the package manager's store. Here are three
// sources, tried in order: this user's cache, the official library, the Python wheel with a compiler. What a source
// gave is accepted only after a child process has multiplied matrices and taken a gradient with it.
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from './children.mjs'
import { discard, fromCache, inventory, keep, temporaryFolder } from './native/cache.mjs'
import {
  BINDING,
  EngineError,
  findCompiler,
  findPython,
  packageFolder,
  placesIn,
  ROOT,
  readJson,
  within,
  writeJson,
} from './native/layout.mjs'
import { fetchOfficial } from './native/official.mjs'
import { compile, fetchWheel } from './native/wheel.mjs'
import { reportStep, tellEngine } from './report.mjs'

const USAGE = `usage: node scripts/setup/native-engine.mjs [--force | --remove]

Installs the native TensorFlow engine into this clone, if it is not there.
  --force   forgets what is installed and cached, and starts from the first source again
  --remove  takes the engine out of this clone; training then uses the wasm engine`

const STATE_FILE = path.join(ROOT, 'node_modules', '.cache', 'hearsay', 'native-engine.json')
const NODE_24 = path.join(ROOT, 'node_modules', 'node', 'bin', 'node')

/** What a failure depends on. When it changes (a compiler was installed), set-up tries again by itself. */
function circumstances() {
  const hash = createHash('sha256').update(JSON.stringify([process.arch, findPython(), findCompiler()]))
  for (const file of ['cache.mjs', 'layout.mjs', 'official.mjs', 'wheel.mjs', 'wheel.py']) {
    hash.update(fs.readFileSync(new URL(`native/${file}`, import.meta.url)))
  }
  return hash.digest('hex')
}

/** Is every file that set-up put into the package still there, with its size? */
function isPlaced(files) {
  const folder = packageFolder()
  if (folder === undefined) return false
  const { binding, libraries } = placesIn(folder)
  return Object.entries(files).every(([name, sizeBytes]) => {
    const file = name === BINDING ? binding : path.join(libraries, name)
    return fs.statSync(file, { throwIfNoEntry: false })?.size === sizeBytes
  })
}

/**
 * What is known of the engine without trying anything.
 * @returns {{engine: 'native', origin: string} | {engine: 'wasm', reasons: string[], removed?: boolean} | undefined}
 *   undefined when the engine has to be installed (again).
 */
export function knownEngine() {
  const state = readJson(STATE_FILE)
  if (state?.engine === 'native') return isPlaced(state.files) ? state : undefined
  if (state?.engine === 'wasm' && (state.removed || state.circumstances === circumstances())) return state
  return undefined
}

function unplace() {
  const folder = packageFolder()
  if (folder === undefined) return
  fs.rmSync(path.join(folder, 'lib'), { recursive: true, force: true })
  fs.rmSync(path.join(folder, 'deps'), { recursive: true, force: true })
}

/** Puts libraries and binding where the package looks for them; the binding last, since it says that all is there. */
function place(folder) {
  unplace()
  const { binding, libraries } = placesIn(packageFolder())
  fs.mkdirSync(libraries, { recursive: true })
  fs.mkdirSync(path.dirname(binding), { recursive: true })
  for (const name of fs.readdirSync(within(folder).libraries)) {
    const from = path.join(within(folder).libraries, name)
    try {
      fs.linkSync(from, path.join(libraries, name))
    } catch {
      // The cache is on another file system: a copy.
      fs.copyFileSync(from, path.join(libraries, name), fs.constants.COPYFILE_FICLONE)
    }
  }
  fs.copyFileSync(within(folder).binding, `${binding}.unfinished`)
  fs.renameSync(`${binding}.unfinished`, binding)
}

const TRIAL = `
  const util = require('node:util')
  util.isNullOrUndefined ??= (value) => value === null || value === undefined
  util.isArray ??= Array.isArray
  const tf = require(process.argv[1])
  const a = tf.tensor2d([[1, 2], [3, 4]])
  const product = String(a.matMul(a).dataSync())
  const gradient = String(tf.grad((x) => x.matMul(x).sum())(a).dataSync())
  if (tf.getBackend() !== 'tensorflow') throw new Error('the backend is ' + tf.getBackend())
  if (product !== '7,10,15,22' || gradient !== '7,11,9,13') throw new Error('wrong numbers: ' + product + ' ' + gradient)
`

async function tryOut() {
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3', TF_NUM_INTRAOP_THREADS: '1' }
  const done = await run(NODE_24, ['-e', TRIAL, packageFolder()], { env, timeoutMs: 60_000 })
  if (done.code === 0) return
  const line = done.output.split('\n').find((text) => /Error/.test(text)) ?? `exit code ${done.code}`
  throw new EngineError('ENGINE_TRIAL', `it does not work here: ${line.trim()}`)
}

async function fetchInto(fetch, needsCompiler) {
  const temporary = temporaryFolder()
  try {
    return { ...temporary, origin: await fetch(temporary.folder), needsCompiler }
  } catch (error) {
    discard(temporary)
    throw error
  }
}

function sources() {
  const cached = fromCache()
  return [
    ...(cached === undefined ? [] : [['cache', async () => cached]]),
    ['official library', () => fetchInto(fetchOfficial, false)],
    ['Python wheel', () => fetchInto(fetchWheel, true)],
  ]
}

/** One source, from fetching to the trial. Fetching overlaps with the installation of the packages. */
async function install(name, fetch, packagesReady, step) {
  const fetched = await step(`native engine: ${name}`, fetch, (result) => result.origin)
  await packagesReady
  try {
    if (packageFolder() === undefined) throw new EngineError('ENGINE_NO_PACKAGE', '@tensorflow/tfjs-node is missing')
    if (fetched.needsCompiler) await step('native engine: compiled', () => compile(fetched.folder))
    place(fetched.folder)
    await step('native engine: tried', tryOut)
    const state = { engine: 'native', origin: fetched.origin, files: inventory(fetched.folder) }
    if (!fetched.cached) keep(fetched)
    return state
  } catch (error) {
    unplace()
    discard(fetched)
    throw error
  }
}

/**
 * Installs the engine from the first source that works, and remembers the outcome.
 * @param step runs and reports one step: `step(text, action, detail)` resolves to what the action resolved to
 * @param packagesReady resolves when the packages are installed
 */
export async function installEngine(step, packagesReady = Promise.resolve()) {
  fs.rmSync(STATE_FILE, { force: true })
  const reasons = []
  let state
  for (const [name, fetch] of sources()) {
    try {
      state = await install(name, fetch, packagesReady, step)
      break
    } catch (error) {
      if (error instanceof EngineError) reasons.push(`${name}: ${error.message}`)
      else if (error.code === 'ENOSPC') reasons.push(`${name}: no disk space left (${error.path ?? error.message})`)
      else throw error
    }
  }
  await packagesReady
  state ??= { engine: 'wasm', reasons, circumstances: circumstances() }
  writeJson(STATE_FILE, state)
  return state
}

function removeEngine() {
  unplace()
  writeJson(STATE_FILE, { engine: 'wasm', reasons: ['it was removed by --remove'], removed: true })
}

async function main(args) {
  const [option, ...rest] = args
  if (rest.length > 0 || ![undefined, '--force', '--remove'].includes(option)) {
    console.log(USAGE)
    process.exitCode = option === '--help' ? 0 : 2
    return
  }
  if (!fs.existsSync(NODE_24)) {
    console.error('The packages are not installed yet: run `npm start` or `npm test`, which also install the engine.')
    process.exitCode = 1
    return
  }
  if (option === '--remove') {
    removeEngine()
    console.log(
      'The native engine is removed from this clone; `node scripts/setup/native-engine.mjs --force` brings it back.',
    )
    return
  }
  if (option === '--force') {
    const cached = fromCache()
    if (cached !== undefined) discard(cached)
  }
  const known = option === '--force' ? undefined : knownEngine()
  const state = known?.engine === 'native' ? known : await installEngine(reportStep)
  tellEngine(state, true)
  process.exitCode = state.engine === 'native' ? 0 : 1
}

if (fs.realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) await main(process.argv.slice(2))
