// This user's cache of native engines: a second clone links 850 MB in a moment instead of fetching them again.
// An entry appears by a rename, once its engine has been tried: there is no half-written one.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { undoOnExit } from '../children.mjs'
import { BINDING, EngineError, ROOT, readJson, VERSION, within, writeJson } from './layout.mjs'

/** The wheel, what is unpacked from it, and room to breathe. */
const DISK_NEEDED_BYTES = 1.3e9

function cacheRoot() {
  if (process.env.HEARSAY_CACHE) return path.resolve(process.env.HEARSAY_CACHE)
  if (process.env.XDG_CACHE_HOME) return path.join(process.env.XDG_CACHE_HOME, 'hearsay')
  return process.platform === 'darwin'
    ? path.join(os.homedir(), 'Library', 'Caches', 'hearsay')
    : path.join(os.homedir(), '.cache', 'hearsay')
}

const entryFolder = (root) => path.join(root, `tfjs-native-${VERSION}-${process.platform}-${process.arch}`)

/** Sizes of all files of a native folder, by name: how a damaged or half-deleted one is known. */
export function inventory(folder) {
  const files = {}
  for (const name of fs.readdirSync(within(folder).libraries).sort()) {
    files[name] = fs.statSync(path.join(within(folder).libraries, name)).size
  }
  files[BINDING] = fs.statSync(within(folder).binding).size
  return files
}

/** The cached engine, if there is a whole one. */
export function fromCache() {
  const folder = entryFolder(cacheRoot())
  const entry = readJson(path.join(folder, 'engine.json'))
  try {
    if (entry !== undefined && JSON.stringify(inventory(folder)) === JSON.stringify(entry.files)) {
      return { folder, origin: entry.origin, cached: true }
    }
  } catch {
    // A file is missing: not whole.
  }
  fs.rmSync(folder, { recursive: true, force: true })
  return undefined
}

/** Turns a temporary folder into the cache entry. */
export function keep({ folder, origin, done }) {
  writeJson(path.join(folder, 'engine.json'), { origin, files: inventory(folder) })
  const entry = entryFolder(path.dirname(folder))
  try {
    fs.renameSync(folder, entry)
  } catch {
    // Another set-up was first; its entry is as good.
    fs.rmSync(folder, { recursive: true, force: true })
  }
  done()
}

/** Deletes a folder whose engine turned out not to work here. */
export function discard({ folder, done }) {
  fs.rmSync(folder, { recursive: true, force: true })
  done?.()
}

/** Deletes what killed processes left half-written. */
function sweepUnfinished(root) {
  for (const name of fs.readdirSync(root)) {
    const pid = /^unfinished-(\d+)-/.exec(name)?.[1]
    if (pid === undefined) continue
    try {
      process.kill(Number(pid), 0)
    } catch (error) {
      if (error.code === 'ESRCH') fs.rmSync(path.join(root, name), { recursive: true, force: true })
    }
  }
}

/**
 * A new folder beside the cache entry, deleted if we are ended before it is kept or discarded.
 * @throws {EngineError} ENGINE_NO_DISK
 */
export function temporaryFolder() {
  let root = cacheRoot()
  try {
    fs.mkdirSync(root, { recursive: true, mode: 0o700 })
    fs.accessSync(root, fs.constants.W_OK)
  } catch {
    // A home that cannot be written to: then this clone has its own copy.
    root = path.join(ROOT, 'node_modules', '.cache', 'hearsay')
    fs.mkdirSync(root, { recursive: true })
  }
  sweepUnfinished(root)
  const disk = fs.statfsSync?.(root)
  const freeBytes = disk === undefined ? Number.POSITIVE_INFINITY : disk.bavail * disk.bsize
  if (freeBytes < DISK_NEEDED_BYTES) {
    const gigabytes = (bytes) => `${(bytes / 1e9).toFixed(1)} GB`
    throw new EngineError(
      'ENGINE_NO_DISK',
      `no disk space: ${root} has ${gigabytes(freeBytes)} free and ${gigabytes(DISK_NEEDED_BYTES)} are needed ` +
        '(HEARSAY_CACHE=<folder on a larger disk> moves the cache)',
    )
  }
  const folder = fs.mkdtempSync(path.join(root, `unfinished-${process.pid}-`))
  return { folder, done: undoOnExit(() => fs.rmSync(folder, { recursive: true, force: true })) }
}
