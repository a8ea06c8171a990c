import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRoster } from '@hearsay/libp2p/testing/roster'
import { afterAll, beforeEach, expect, it } from 'vitest'
import { FileStorage } from './file-storage.ts'
import { markStart, recollect } from './memory.ts'

const roster = await createRoster(4, 1)
const root = mkdtempSync(join(tmpdir(), 'hearsay-memory-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const engine = 'native tfjs-node 4.22.0'
let home: string
let state: string
beforeEach(() => {
  home = mkdtempSync(join(root, 'peer-'))
  state = join(home, 'state')
})

/** What a peer finds out at a start, which it marks. */
function start(trains = engine): ReturnType<typeof recollect> {
  const found = recollect(home, trains)
  new FileStorage(state, roster.networks[0]!, { record: roster.record }).close()
  markStart(home, trains)
  return found
}

it('a peer knows what it said when its state is as it left it, and its folder may be moved', () => {
  expect(start()).toMatchObject({ memory: 'lost', why: expect.stringContaining('no state yet') })
  expect(start()).toEqual({ memory: 'kept' })
  expect(start()).toEqual({ memory: 'kept' })
  renameSync(home, `${home}-elsewhere`)
  home = `${home}-elsewhere`
  state = join(home, 'state')
  expect(start()).toEqual({ memory: 'kept' })
})

it.each<[string, () => void]>([
  [
    'copied, and the copy put in its place',
    () => {
      cpSync(state, `${state}-copy`, { recursive: true })
      start()
      rmSync(state, { recursive: true })
      renameSync(`${state}-copy`, state)
    },
  ],
  [
    'copied as it is, and started elsewhere',
    () => {
      cpSync(home, `${home}-copy`, { recursive: true })
      home = `${home}-copy`
      state = join(home, 'state')
    },
  ],
  [
    'written over with an older copy, file by file',
    () => {
      cpSync(state, `${state}-copy`, { recursive: true })
      start()
      cpSync(`${state}-copy`, state, { recursive: true, force: true })
    },
  ],
  [
    'moved away, and back when another had taken its place',
    () => {
      renameSync(state, `${state}-away`)
      start()
      rmSync(state, { recursive: true })
      renameSync(`${state}-away`, state)
    },
  ],
  ['without its mark', () => rmSync(join(state, 'last-start.json'))],
  ['without the mark beside it', () => rmSync(join(home, 'last-start.json'))],
  ['with a mark that cannot be read', () => writeFileSync(join(state, 'last-start.json'), '{"start":')],
])('a peer does not trust a state that was %s', (_, change) => {
  start()
  start()
  change()
  expect(start()).toMatchObject({ memory: 'lost', why: expect.stringContaining('not as it left it') })
  expect(start()).toEqual({ memory: 'kept' })
})

it('a peer that is trained by another engine doubts what it would say again', () => {
  start()
  expect(start('wasm tfjs-wasm 4.22.0')).toEqual({
    memory: 'lost',
    why: `${engine} trained before, and wasm tfjs-wasm 4.22.0 does now, which gives other updates`,
  })
})

it('a start that cannot be marked says so', () => {
  mkdirSync(join(home, 'last-start.json'))
  expect(() => start()).toThrow(expect.objectContaining({ code: 'storage-failed' }))
})

it('a state that was moved away is none', () => {
  start()
  renameSync(state, `${state}-away`)
  expect(start()).toMatchObject({ memory: 'lost', why: expect.stringContaining('moved away') })
})
