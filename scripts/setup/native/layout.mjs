// Where things are: the installed package, the folders that sources fill, and the programs of this machine.
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = path.resolve(fileURLToPath(import.meta.url), '../../../..')
/** The release of @tensorflow/tfjs-node that all of this is about. */
export const VERSION = '4.22.0'
export const BINDING = 'tfjs_binding.node'

/** Why a source could not give the engine, in one line for the user. */
export class EngineError extends Error {
  constructor(code, message) {
    super(message)
    this.code = code
  }
}

/** What a source leaves in its folder: the binding, the shared libraries and, before compiling, the headers. */
export const within = (folder) => ({
  binding: path.join(folder, BINDING),
  libraries: path.join(folder, 'lib'),
  headers: path.join(folder, 'include'),
})

/** Where the package looks for them. */
export const placesIn = (folder) => ({
  binding: path.join(folder, 'lib', 'napi-v8', BINDING),
  libraries: path.join(folder, 'deps', 'lib'),
})

/** The folder of the installed package, or undefined where the package manager left it out. */
export function packageFolder() {
  try {
    return fs.realpathSync(path.join(ROOT, 'packages', 'training', 'node_modules', '@tensorflow', 'tfjs-node'))
  } catch {
    return undefined
  }
}

function findProgram(...names) {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter((folder) => folder !== '')
  for (const name of names) {
    for (const folder of path.isAbsolute(name) ? ['/'] : folders) {
      const file = path.resolve(folder, name)
      try {
        fs.accessSync(file, fs.constants.X_OK)
        return file
      } catch {
        // Not in this folder.
      }
    }
  }
  return undefined
}

export const findPython = () => findProgram('python3')
export const findCompiler = () => findProgram(...(process.env.CXX ? [process.env.CXX] : []), 'c++', 'g++', 'clang++')

export function readJson(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

/** Whole or not at all: another process may be reading. */
export function writeJson(file, value) {
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(`${file}.${process.pid}`, `${JSON.stringify(value, null, 2)}\n`)
  fs.renameSync(`${file}.${process.pid}`, file)
}
