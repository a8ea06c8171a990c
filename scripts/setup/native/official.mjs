// TensorFlow's own C library and the binding that tfjs-node's authors compiled, as the package's install script gets
// them, but with time limits, so that a machine without this corner of the internet goes on at once.
import fs from 'node:fs'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { run } from '../children.mjs'
import { BINDING, EngineError, VERSION, within } from './layout.mjs'

const LIBRARY_VERSION = '2.9.1'
const CONNECT_MS = 5_000
/** A download that delivers nothing for so long is given up. */
const STALL_MS = 20_000
const SIZE_LIMIT_BYTES = 2e9

/** For these the authors publish both the library and the compiled binding. */
const PLATFORMS = { 'linux-x64': ['linux', 'x86_64'], 'darwin-x64': ['darwin', 'x86_64'] }

function addresses() {
  const platform = PLATFORMS[`${process.platform}-${process.arch}`]
  if (platform === undefined) {
    throw new EngineError('ENGINE_NO_OFFICIAL', `none is published for ${process.platform} on ${process.arch}`)
  }
  const [system, machine] = platform
  // The variable that the package's own install script reads, for mirrors.
  const host = process.env.TFJS_NODE_CDN_STORAGE ?? 'https://storage.googleapis.com/'
  return {
    binding: `${host}tf-builds/pre-built-binary/napi-v8/${VERSION}/CPU-${system}-${VERSION}.tar.gz`,
    library: `${host}tensorflow/libtensorflow/libtensorflow-cpu-${system}-${machine}-${LIBRARY_VERSION}.tar.gz`,
  }
}

async function download(url, file) {
  const stop = new AbortController()
  let timer = setTimeout(() => stop.abort(), CONNECT_MS)
  try {
    const response = await fetch(url, { signal: stop.signal })
    if (!response.ok) throw new Error(`HTTP ${response.status}`)
    let sizeBytes = 0
    const watched = async function* (source) {
      for await (const chunk of source) {
        timer.refresh()
        sizeBytes += chunk.length
        if (sizeBytes > SIZE_LIMIT_BYTES) throw new Error('it is larger than any such library')
        yield chunk
      }
    }
    clearTimeout(timer)
    timer = setTimeout(() => stop.abort(), STALL_MS)
    await pipeline(Readable.fromWeb(response.body), watched, fs.createWriteStream(file), { signal: stop.signal })
  } catch (error) {
    const cause = error.name === 'AbortError' ? 'no answer in time' : (error.cause?.code ?? error.message)
    throw new EngineError('ENGINE_NO_OFFICIAL', `${new URL(url).host} cannot be reached or does not have it (${cause})`)
  } finally {
    clearTimeout(timer)
  }
}

async function unpack(file, folder) {
  fs.mkdirSync(folder)
  const done = await run('tar', ['-xzf', file, '-C', folder])
  if (done.code !== 0) throw new EngineError('ENGINE_NO_OFFICIAL', `tar failed: ${done.output.trim().slice(0, 200)}`)
  fs.rmSync(file)
}

/** Every file below a folder. */
function filesBelow(folder) {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name)
    return entry.isDirectory() ? filesBelow(file) : [file]
  })
}

/**
 * Fills the folder with libraries and binding.
 * @returns {Promise<string>} what it is, for the record
 * @throws {EngineError} ENGINE_NO_OFFICIAL
 */
export async function fetchOfficial(folder) {
  const { binding, library } = addresses()
  const archive = path.join(folder, 'download.tar.gz')
  const unpacked = path.join(folder, 'unpacked')
  // The small one first: it shows whether the host can be reached.
  await download(binding, archive)
  await unpack(archive, unpacked)
  const compiled = filesBelow(unpacked).find((file) => path.basename(file) === BINDING)
  if (compiled === undefined) throw new EngineError('ENGINE_NO_OFFICIAL', `${binding} has no ${BINDING}`)
  fs.renameSync(compiled, within(folder).binding)
  fs.rmSync(unpacked, { recursive: true })

  await download(library, archive)
  await unpack(archive, unpacked)
  fs.mkdirSync(within(folder).libraries)
  // Libraries come as files with links to them; what the binding asks for by name is enough.
  for (const file of filesBelow(unpacked).filter((name) => /\.so\.2$|\.2\.dylib$/.test(name))) {
    fs.copyFileSync(fs.realpathSync(file), path.join(within(folder).libraries, path.basename(file)))
  }
  fs.rmSync(unpacked, { recursive: true })
  return `libtensorflow ${LIBRARY_VERSION}, official`
}
