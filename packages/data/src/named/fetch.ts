import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { get as getPlain, type IncomingMessage } from 'node:http'
import { get as getSecure } from 'node:https'
import { join } from 'node:path'
import { DataError } from '../format/data-error.ts'
import { type NamedSet, neededFiles, type PinnedFile } from './named-set.ts'

export interface FetchProgress {
  readonly file: string
  readonly receivedBytes: number
  readonly sizeBytes: number
  /** Base URL in use; absent when the file was there already. */
  readonly mirror?: string
}

export interface FetchOptions {
  /** Folder for the files; made if missing. */
  readonly into: string
  /** Base URLs that end in a slash, tried in turn, in place of its own. */
  readonly mirrors?: readonly string[]
  readonly onProgress?: (progress: FetchProgress) => void
}

// A server that sends nothing for so long is given up for the next mirror.
const defaultSilenceMs = 30_000
const mostRedirects = 5

/**
 * Downloads a data set, and makes of it what is read. Files that are there with the right digest are kept; interrupted ones go
 * on where they stopped (`<name>.part`), on any mirror.
 *
 * @throws DataError `download-failed` and `download-storage` (what was received stays), `download-checksum` (it is deleted)
 */
export async function fetchSet(set: NamedSet, options: FetchOptions): Promise<void> {
  await fetchFiles(set.pinned, { mirrors: set.mirrors, ...options })
  if (set.prepare === undefined || (await hasFiles(set, options.into))) return
  await onDisk(options.into, set.prepare(options.into))
}

/** Whether a folder has the files that reading a set needs. */
export async function hasFiles(set: NamedSet, folder: string): Promise<boolean> {
  const sizes = await Promise.all(neededFiles(set).map((name) => sizeOf(join(folder, name))))
  return sizes.every((size) => size > 0)
}

interface Source {
  readonly mirrors: readonly string[]
  readonly onProgress?: FetchOptions['onProgress']
  readonly silenceMs?: number
}

export async function fetchFiles(files: readonly PinnedFile[], options: Source & { into: string }): Promise<string[]> {
  await mkdir(options.into, { recursive: true })
  const paths: string[] = []
  for (const file of files) {
    const path = join(options.into, file.name)
    if ((await sizeOf(path)) === file.sizeBytes && (await digestOf(path)) === file.sha256) {
      options.onProgress?.({ file: file.name, receivedBytes: file.sizeBytes, sizeBytes: file.sizeBytes })
    } else {
      await fetchFile(file, path, options)
    }
    paths.push(path)
  }
  return paths
}

async function fetchFile(file: PinnedFile, path: string, source: Source): Promise<void> {
  const part = `${path}.part`
  const failures: string[] = []
  let corrupt = false
  for (const mirror of source.mirrors) {
    try {
      await receive(file, part, mirror, source)
    } catch (error) {
      // Another mirror fills the disk as well.
      if (error instanceof DataError) throw error
      failures.push(`${mirror}: ${(error as Error).message}`)
      continue
    }
    if ((await digestOf(part)) === file.sha256) {
      await rename(part, path)
      return
    }
    corrupt = true
    failures.push(`${mirror}: SHA-256 is not ${file.sha256}`)
    await rm(part)
  }
  const code = corrupt ? 'download-checksum' : 'download-failed'
  const kept = await sizeOf(part)
  const remedy = kept > 0 ? `run it again to go on from ${kept} of ${file.sizeBytes} bytes` : 'try again later'
  throw new DataError(code, `${file.name} could not be downloaded (${failures.join('; ')}); ${remedy}`)
}

/** Appends to the part file until it has its full size; throws when the mirror ends or stalls before. */
async function receive(file: PinnedFile, part: string, mirror: string, source: Source): Promise<void> {
  let received = await sizeOf(part)
  if (received === file.sizeBytes) return
  if (received > file.sizeBytes) received = 0
  const url = new URL(file.name, mirror)
  const response = await request(url, received, source.silenceMs ?? defaultSilenceMs)
  try {
    if (!resumesAt(response, received)) received = 0
    const handle = await onDisk(part, open(part, received === 0 ? 'w' : 'a'))
    try {
      for await (const chunk of response) {
        received += chunk.length
        if (received > file.sizeBytes) throw new Error(`sends more than the file's ${file.sizeBytes} bytes`)
        await onDisk(part, handle.writeFile(chunk))
        source.onProgress?.({ file: file.name, receivedBytes: received, sizeBytes: file.sizeBytes, mirror })
      }
    } finally {
      await handle.close()
    }
  } finally {
    response.destroy()
  }
  if (received < file.sizeBytes) throw new Error(`ended after ${received} of ${file.sizeBytes} bytes`)
}

/** What our own disk refuses is no mirror's fault. */
async function onDisk<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (cause) {
    if (cause instanceof DataError) throw cause
    const problem = `${path} cannot be written: ${(cause as Error).message}; what was received stays`
    throw new DataError('download-storage', problem, { cause })
  }
}

/**
 * Asks for a file from an offset on, wherever redirects lead. By `node:http`, since the `fetch` of Node 24 ends the whole
 * process with an assertion when a connection breaks while the reader is behind.
 */
async function request(from: URL, offset: number, silenceMs: number): Promise<IncomingMessage> {
  let url = from
  for (let redirects = 0; redirects <= mostRedirects; redirects++) {
    const response = await requestOnce(url, offset, silenceMs)
    const { statusCode = 0, headers } = response
    if (statusCode < 300 || statusCode >= 400 || headers.location === undefined) return response
    response.destroy()
    url = new URL(headers.location, url)
    if (!/^https?:$/.test(url.protocol)) throw new Error(`leads to ${url.protocol}`)
  }
  throw new Error(`leads on more than ${mostRedirects} times`)
}

function requestOnce(url: URL, offset: number, silenceMs: number): Promise<IncomingMessage> {
  const get = url.protocol === 'https:' ? getSecure : getPlain
  const headers = offset > 0 ? { range: `bytes=${offset}-` } : {}
  return new Promise((resolve, reject) => {
    const asked = get(url, { headers, timeout: silenceMs, agent: false }, resolve)
    asked.on('error', reject)
    asked.on('timeout', () => asked.destroy(new Error(`silent for ${silenceMs / 1_000} s`)))
  })
}

/** Whether the answer goes on at an offset, and not, as from a server without ranges, at the start. */
function resumesAt({ statusCode, statusMessage, headers }: IncomingMessage, offset: number): boolean {
  if (statusCode === 200) return false
  if (statusCode !== 206) throw new Error(`answers ${statusCode} ${statusMessage}`)
  const start = /^bytes (\d+)-/.exec(headers['content-range'] ?? '')?.[1]
  if (Number(start) !== offset) throw new Error(`sends another range than asked for (from ${start}, not ${offset})`)
  return true
}

/** Size of a file, bytes; 0 when it is not there. */
async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  )
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk)
  return hash.digest('hex')
}
