import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type FetchProgress, fetchFiles, fetchSet, hasFiles } from './fetch.ts'
import type { NamedSet } from './named-set.ts'
import { namedSets } from './sets.ts'

const content = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 31 + (index >> 8)) % 251))
const file = { name: 'a.gz', sizeBytes: content.length, sha256: createHash('sha256').update(content).digest('hex') }

let into: string
const closers: (() => Promise<void>)[] = []

beforeEach(async () => {
  into = await mkdtemp(join(tmpdir(), 'hearsay-fetch-'))
})

afterEach(async () => {
  for (const close of closers.splice(0)) await close()
  await rm(into, { recursive: true })
})

/** A server that answers its n-th request with the n-th behaviour, the last one for ever. */
async function mirror(...behaviours: ((request: IncomingMessage, response: ServerResponse) => void)[]) {
  const ranges: (string | undefined)[] = []
  const server = createServer((request, response) => {
    const behaviour = behaviours[Math.min(ranges.length, behaviours.length - 1)]!
    ranges.push(request.headers.range)
    behaviour(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => new Promise((resolve) => server.close(() => resolve())))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, ranges }
}

const headers = { connection: 'close' }

function honest(request: IncomingMessage, response: ServerResponse): void {
  const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0)
  const range = { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` }
  response.writeHead(start > 0 ? 206 : 200, { ...headers, ...(start > 0 ? range : {}) })
  response.end(content.subarray(start))
}

const withoutRanges = (_: IncomingMessage, response: ServerResponse) => response.writeHead(200, headers).end(content)
const failing = (_: IncomingMessage, response: ServerResponse) => response.writeHead(503, headers).end('busy')
const short = (_: IncomingMessage, response: ServerResponse) =>
  response.writeHead(200, headers).end(content.subarray(0, 70_000))
const corrupt = (_: IncomingMessage, response: ServerResponse) => {
  const other = Buffer.from(content)
  other[1_234]! ^= 1
  response.writeHead(200, headers).end(other)
}
const endless = (_: IncomingMessage, response: ServerResponse) => {
  const more = () => {
    while (!response.destroyed && response.write(content)) {}
  }
  response
    .writeHead(200, headers)
    .on('drain', more)
    .on('error', () => {})
  more()
}

test('downloads, reports progress, and keeps what is there', async () => {
  const server = await mirror(honest)
  const progress: FetchProgress[] = []
  const options = { into, mirrors: [server.url], onProgress: (at: FetchProgress) => progress.push(at) }
  expect(await fetchFiles([file], options)).toEqual([join(into, 'a.gz')])
  expect(await readFile(join(into, 'a.gz'))).toEqual(content)
  expect(progress.at(-1)).toEqual({ file: 'a.gz', receivedBytes: 300_000, sizeBytes: 300_000, mirror: server.url })
  await fetchFiles([file], options)
  expect(server.ranges).toEqual([undefined])
})

test('replaces a file whose content is wrong', async () => {
  await writeFile(join(into, 'a.gz'), Buffer.alloc(content.length))
  await fetchFiles([file], { into, mirrors: [(await mirror(honest)).url] })
  expect(await readFile(join(into, 'a.gz'))).toEqual(content)
})

test('a truncated download goes on where it stopped, on the next mirror or in the next run', async () => {
  let breakOff = () => {}
  const truncated = (_: IncomingMessage, response: ServerResponse) => {
    response.writeHead(200, { ...headers, 'content-length': content.length }).write(content.subarray(0, 100_000))
    breakOff = () => response.destroy()
  }
  const first = await mirror(truncated)
  const failed = fetchFiles([file], { into, mirrors: [first.url], onProgress: () => breakOff() })
  await expect(failed).rejects.toMatchObject({ code: 'download-failed' })
  const received = (await readFile(join(into, 'a.gz.part'))).length
  expect(received).toBeGreaterThan(0)
  const second = await mirror(honest)
  await fetchFiles([file], { into, mirrors: [second.url] })
  expect(second.ranges).toEqual([`bytes=${received}-`])
  expect(await readFile(join(into, 'a.gz'))).toEqual(content)
  expect(await readdir(into)).toEqual(['a.gz'])
})

test('an answer that is complete but too short counts as truncated', async () => {
  const [first, second] = [await mirror(short), await mirror(honest)]
  await fetchFiles([file], { into, mirrors: [first.url, second.url] })
  expect(second.ranges).toEqual(['bytes=70000-'])
  expect(await readFile(join(into, 'a.gz'))).toEqual(content)
})

test('starts again when the server ignores the range', async () => {
  await writeFile(join(into, 'a.gz.part'), Buffer.alloc(1_000, 7))
  await fetchFiles([file], { into, mirrors: [(await mirror(withoutRanges)).url] })
  expect(await readFile(join(into, 'a.gz'))).toEqual(content)
})

test('a wrong checksum deletes the part; another mirror may still have the file', async () => {
  const bad = await mirror(corrupt)
  const failed = fetchFiles([file], { into, mirrors: [bad.url] })
  await expect(failed).rejects.toMatchObject({ code: 'download-checksum' })
  expect(await readdir(into)).toEqual([])
  await fetchFiles([file], { into, mirrors: [bad.url, (await mirror(honest)).url] })
  expect(await readFile(join(into, 'a.gz'))).toEqual(content)
})

test('a part with wrong beginnings is found out and thrown away', async () => {
  await writeFile(join(into, 'a.gz.part'), Buffer.alloc(1_000, 7))
  const server = await mirror(honest)
  const failed = fetchFiles([file], { into, mirrors: [server.url] })
  await expect(failed).rejects.toMatchObject({ code: 'download-checksum' })
  await fetchFiles([file], { into, mirrors: [server.url] })
  expect(await readFile(join(into, 'a.gz'))).toEqual(content)
})

test('takes no more bytes than the file has', async () => {
  const failed = fetchFiles([file], { into, mirrors: [(await mirror(endless)).url] })
  await expect(failed).rejects.toThrow(/more than the file's 300000 bytes/)
  expect((await readFile(join(into, 'a.gz.part'))).length).toBeLessThanOrEqual(content.length)
})

test('names every mirror and its answer when none has the file', async () => {
  const [busy, gone] = [await mirror(failing), 'http://127.0.0.1:1/']
  const failed = fetchFiles([file], { into, mirrors: [busy.url, gone] })
  await expect(failed).rejects.toThrow(/503 Service Unavailable.*127\.0\.0\.1:1/s)
  await expect(failed).rejects.toMatchObject({ code: 'download-failed' })
})

test('gives up a server that falls silent', async () => {
  const silent = (_: IncomingMessage, response: ServerResponse) => {
    response.writeHead(200, headers)
    response.write(content.subarray(0, 1_000))
  }
  const server = await mirror(silent)
  const failed = fetchFiles([file], { into, mirrors: [server.url], silenceMs: 1_000 })
  await expect(failed).rejects.toMatchObject({ code: 'download-failed' })
  expect((await readFile(join(into, 'a.gz.part'))).length).toBe(1_000)
})

test('mnist is asked for by the names of its files, and nothing else passes for it', async () => {
  const asked: (string | undefined)[] = []
  const server = await mirror((request, response) => {
    asked.push(request.url)
    response.writeHead(200, headers).end('short')
  })
  const failed = fetchSet(namedSets.find('mnist'), { into, mirrors: [server.url] })
  await expect(failed).rejects.toThrow(/train-images-idx3-ubyte\.gz .* ended after 5 of 9912422 bytes/)
  expect(asked).toEqual(['/train-images-idx3-ubyte.gz'])
})

test('redirects are followed, but not for ever and not elsewhere', async () => {
  const server = await mirror(honest)
  const to = (location: string) => (_: IncomingMessage, response: ServerResponse) =>
    response.writeHead(302, { ...headers, location }).end()
  await fetchFiles([file], { into, mirrors: [(await mirror(to(`${server.url}moved/a.gz`))).url] })
  expect(await readFile(join(into, 'a.gz'))).toEqual(content)
  await rm(join(into, 'a.gz'))
  const circle = fetchFiles([file], { into, mirrors: [(await mirror(to('a.gz'))).url] })
  await expect(circle).rejects.toThrow(/leads on more than 5 times/)
  const local = fetchFiles([file], { into, mirrors: [(await mirror(to('file:///etc/passwd'))).url] })
  await expect(local).rejects.toThrow(/leads to file:/)
})

test('what is read is made of the pinned files, and made again when it is gone', async () => {
  const server = await mirror(honest)
  let made = 0
  const set: NamedSet = {
    ...namedSets.find('mnist'),
    pinned: [file],
    prepared: ['b'],
    prepare: async (folder) => {
      made++
      await writeFile(join(folder, 'b'), 'b')
    },
  }
  const fetched = () => fetchSet(set, { into, mirrors: [server.url] })
  await fetched()
  await fetched()
  expect([made, server.ranges.length, await hasFiles(set, into)]).toEqual([1, 1, true])
  await rm(join(into, 'b'))
  expect(await hasFiles(set, into)).toBe(false)
  await fetched()
  expect([made, server.ranges.length]).toEqual([2, 1])
})
