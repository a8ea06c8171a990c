import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { certificateOf, checkpointOf, createRoster, said } from '@hearsay/libp2p/testing/roster'
import { digest } from '@hearsay/peer/testing/digest'
import { endedBy, equivocation } from '@hearsay/protocol'
import { afterAll, expect, test, vi } from 'vitest'
import { FileStorage } from './file-storage.ts'
import { createIdentity, writeHome } from './home.ts'

/** Folders that got a new name since they were last synced: a crash of the machine may take the name back. */
const unsynced = vi.hoisted(() => new Set<string>())

// The real calls, watched: nothing else shows what a crash of the machine would leave.
vi.mock('node:fs', async (importOriginal) => {
  const fs = await importOriginal<typeof import('node:fs')>()
  const folders = new Map<number, string>()
  const named = (path: string): unknown => unsynced.add(dirname(resolve(path)))
  const watched: Partial<typeof fs> = {
    openSync: (path, flags, mode) => {
      const at = String(path)
      const isNew = !fs.existsSync(at)
      const file = fs.openSync(path, flags, mode)
      if (fs.fstatSync(file).isDirectory()) folders.set(file, resolve(at))
      else {
        folders.delete(file)
        if (isNew) named(at)
      }
      return file
    },
    fsyncSync: (file) => {
      fs.fsyncSync(file)
      unsynced.delete(folders.get(file) ?? '')
    },
    renameSync: (from, to) => {
      fs.renameSync(from, to)
      named(String(to))
    },
    mkdirSync: ((path: string, options: { recursive: true }) => {
      for (let at = resolve(path); !fs.existsSync(at); at = dirname(at)) named(at)
      return fs.mkdirSync(path, options)
    }) as typeof fs.mkdirSync,
  }
  return { ...fs, ...watched, default: { ...fs, ...watched } }
})

vi.mock('node:fs/promises', async (importOriginal) => {
  const fs = await importOriginal<typeof import('node:fs/promises')>()
  const watched: Partial<typeof fs> = {
    open: async (path, ...how) => {
      const at = resolve(String(path))
      const file = await fs.open(path, ...how)
      if (!(await file.stat()).isDirectory()) unsynced.add(dirname(at))
      else {
        const sync = file.sync.bind(file)
        file.sync = async () => {
          await sync()
          unsynced.delete(at)
        }
      }
      return file
    },
    rename: async (from, to) => {
      await fs.rename(from, to)
      unsynced.add(dirname(resolve(String(to))))
    },
  }
  return { ...fs, ...watched, default: { ...fs, ...watched } }
})

const root = mkdtempSync(join(tmpdir(), 'hearsay-durable-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

test('every name that a peer has written in its folder is safe when the call that wrote it is over', async () => {
  const identity = await createIdentity()
  const left = async (write: () => unknown): Promise<string[]> => {
    await write()
    return [...unsynced]
  }
  const genesis = { name: 'test', tolerated: 0, peers: [{ id: identity.id }] }
  const settings = { listen: ['/ip4/127.0.0.1/tcp/0'] }
  expect(await left(() => writeHome(join(root, 'homes', 'peer'), identity, { settings, genesis }))).toEqual([])

  const roster = await createRoster(4, 1)
  const network = roster.networks[0]!
  let storage: FileStorage | undefined
  const state = join(root, 'homes', 'peer', 'state')
  expect(await left(() => (storage = new FileStorage(state, network, { record: roster.record })))).toEqual([])
  const at = { round: 1, previous: network.genesis }
  const word = (text: string) => said(roster, 0, at, [{ kind: 'init', digest: digest(text) }])
  expect(await left(() => storage?.said([word('update')]))).toEqual([])
  expect(await left(() => storage?.keep(1, digest('update'), new TextEncoder().encode('update')))).toEqual([])
  expect(storage?.kept(digest('update'))).toBeDefined()
  expect(await left(() => storage?.evidence(equivocation(word('update'), word('another'), network)))).toEqual([])
  const certificate = certificateOf(roster, checkpointOf(roster, at, 'model'), [1, 2, 3])
  expect(await left(() => storage?.ended(endedBy(certificate)))).toEqual([])
  storage?.close()
})
