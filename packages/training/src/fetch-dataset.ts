import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { get as getPlain, type IncomingMessage } from 'node:http'
import { get as getSecure } from 'node:https'
import { join } from 'node:path'
import type { PinnedFile } from './pictures/datasets/dataset.ts'
import { registries } from './registries.ts'
import { TrainingError } from './task/training-error.ts'

export interface FetchProgress {
  file: string
  receivedBytes: number
  sizeBytes: number
  /** Base URL in use; absent when the file was there already. */
  mirror?: string
}

export interface FetchOptions {
  name: string
  /** Folder for the files; made if missing. */
  into: string
  /** Base URLs that end in a slash, tried in turn, in place of its own. */
  mirrors?: readonly string[]
  onProgress?: (progress: FetchProgress) => void
}

// A server that sends nothing for so long is given up for the next mirror.
const defaultSilenceMs = 30_000

/**
 * Downloads a data set. Files that are there with the right digest are kept; interrupted ones go on where they
 * stopped (`<name>.part`), on any mirror.
 *
 * @returns paths of the files
 * @throws TrainingError `unknown-dataset`, `bad-argument` when it has no files, `download-failed` and `download-storage` (what was received stays), `download-checksum`
 *   (it is deleted)
 */
export async function fetchDataset(options: FetchOptions): Promise<string[]> {
  const { files } = registries.datasets.find(options.name)
  if (files === undefined) throw new TrainingError('bad-argument', `the data set ${options.name} has nothing to fetch`)
  return fetchFiles(files.pinned, { mirrors: files.mirrors, ...options })
}

interface Source {
  mirrors: readonly string[]
  onProgress?: FetchOptions['onProgress']
  silenceMs?: number
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
      if (error instanceof TrainingError) throw error
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
  throw new TrainingError(code, `${file.name} could not be downloaded (${failures.join('; ')}); ${remedy}`)
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
    const problem = `${path} cannot be written: ${(cause as Error).message}; what was received stays`
    throw new TrainingError('download-storage', problem, { cause })
  }
}

/**
 * Asks for a file from an offset on. By `node:http`, since the `fetch` of Node 24 ends the whole process with an
 * assertion when a connection breaks while the reader is behind.
 */
function request(url: URL, offset: number, silenceMs: number): Promise<IncomingMessage> {
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
