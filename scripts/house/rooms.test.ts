import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkFile, checkManifest, checkRooms, sourceFile } from './rooms.ts'

const manifest = {
  dependencies: {
    '@hearsay/aggregation': '*',
    '@hearsay/protocol': '*',
    '@hearsay/adversary': '*',
    '@hearsay/experiment': '*',
    '@tensorflow/tfjs': '*',
    libp2p: '*',
    zod: '*',
  },
}

const check = (room: string, text: string, name = 'thing.ts') =>
  checkFile(sourceFile(room, `packages/${room}/src/${name}`, text), manifest).map((line) => line.replace(/^\S+ /, ''))

test('every room keeps to its arrows and bans', () => {
  const { files, violations } = checkRooms(join(import.meta.dirname, '../..'))
  expect(violations).toEqual([])
  expect(files).toBeGreaterThan(50)
})

describe('a violation is seen', () => {
  const violations: [room: string, text: string, what: RegExp, name?: string][] = [
    ['aggregation', "import { a } from '@hearsay/protocol'", /imports the room protocol/],
    ['protocol', "import type { A } from '@hearsay/peer'", /imports the room peer/],
    ['peer', "export * from '@hearsay/adversary'", /imports the room adversary/],
    ['peer', "const a = import('@hearsay/experiment')", /imports the room experiment/],
    ['peer', "type A = import('@hearsay/adversary').A", /imports the room adversary/],
    ['training', "import { a } from '@hearsay/adversary'", /imports the room adversary/],
    ['peer', "import { a } from '../../adversary/src/a.ts'", /in another room/],
    ['peer', "import { a } from '/etc/a.ts'", /absolute path/],
    ['training', "import { a } from '@hearsay/protocol'", /more than types of the room protocol/],
    ['experiment', "import * as tf from '@tensorflow/tfjs'", /only the room training/],
    ['experiment', "import { createLibp2p } from 'libp2p'", /only the room libp2p/],
    ['experiment', "import type { A } from '@libp2p/interface'", /only the room libp2p/],
    ['experiment', "import { a } from '@libp2p/noise'", /only the room libp2p/],
    ['experiment', "import { a } from 'pino/file'", /pino, which is not among the dependencies/],
    ['peer', "import { a } from 'fast-check'", /fast-check, which is not among/],
    ['peer', "import { readFile } from 'fs/promises'", /without node:/],
    ['peer', "import { a } from './testing/swarm.ts'", /for tests/],
    ['peer', "import { a } from '@hearsay/protocol/testing'", /for tests/],
    ['experiment', "const a = require('libp2p')", /only the room libp2p/],
    ['peer', 'const a = await import(name)', /computed name/],
    ['aggregation', "import { createHash } from 'node:crypto'", /createHash of node:crypto/],
    ['protocol', "import { createHash, randomBytes } from 'node:crypto'", /imports randomBytes of node:crypto/],
    ['protocol', "import * as hashes from 'node:crypto'", /imports \* of node:crypto/],
    ['protocol', "import { readFileSync } from 'node:fs'", /of node:fs/],
    ['protocol', 'const a = Date.now()', /uses Date/],
    ['protocol', 'const a = new Date()', /uses Date/],
    ['aggregation', 'const a = performance.now()', /uses performance/],
    ['protocol', 'setTimeout(() => {}, 1)', /uses setTimeout/],
    ['protocol', 'const timers = { setInterval }', /uses setInterval/],
    ['protocol', 'queueMicrotask(() => {})', /uses queueMicrotask/],
    ['protocol', "const a = globalThis['Date']", /uses globalThis/],
    ['protocol', 'crypto.getRandomValues(a)', /uses crypto/],
    ['protocol', 'async function a() {}', /is asynchronous/],
    ['protocol', 'const a = async () => {}', /is asynchronous/],
    ['protocol', 'export {}\nfor await (const a of b) c(a)', /is asynchronous/],
    ['protocol', 'let a: Promise<void>', /uses Promise/],
    ['aggregation', 'const a = Math.exp(1)', /uses Math\.exp/],
    ['aggregation', 'const a = Math.log2(1)', /uses Math\.log2/],
    ['protocol', 'const a = b ** 0.5', /uses \*\*/],
    ['peer', 'const a = Math.random()', /uses Math\.random/],
    ['peer', 'const { random } = Math', /otherwise than as Math\.name/],
    ['peer', "const a = Math['random']()", /otherwise than as Math\.name/],
    ['peer', 'const a = Math.random()', /uses Math\.random/, 'thing.test.ts'],
    ['peer', 'await new Promise((end) => setTimeout(end, 100))', /waits for events/, 'thing.test.ts'],
    ['peer', 'enum A { B }', /has an enum/],
    ['peer', 'namespace A { export const b = 1 }', /has a namespace/],
    ['peer', 'let a: any', /uses the type any/],
    ['peer', 'class A { constructor(private b: number) {} }', /parameter property/],
    ['peer', 'export default 1', /default export/],
    ['peer', 'class PeerManager {}', /PeerManager/],
    ['peer', 'export const MOST_PEERS = 1', /MOST_PEERS, in another case/],
    ['peer', "export { a } from './a.ts'\nexport const b = 1", /more than re-exports/, 'index.ts'],
    ['peer', '', /kebab-case/, 'someThing.ts'],
    ['peer', '', /called "utils"/, 'utils.ts'],
    ['peer', '', /called "helpers"/, 'helpers/thing.ts'],
    ['peer', '', /called "manager"/, 'peer-manager.ts'],
    ['peer', 'a()\n'.repeat(401), /has 401 lines/],
    ['attic', '', /not in the list of rooms/],
  ]
  for (const [room, text, what, name] of violations) {
    test(`${room}: ${name ?? ''} ${text.slice(0, 60)}`, () => {
      const found = check(room, text, name)
      expect(found.length).toBeGreaterThan(0)
      for (const line of found) expect(line).toMatch(what)
    })
  }
})

describe('what is allowed is not reported', () => {
  const allowed: [room: string, text: string, name?: string][] = [
    ['protocol', "import { createHash } from 'node:crypto'\nimport { a } from '@hearsay/aggregation'"],
    ['training', "import type { Port } from '@hearsay/protocol'\nimport * as tf from '@tensorflow/tfjs'"],
    ['training', "import { type Port } from '@hearsay/protocol'"],
    ['libp2p', "import { createLibp2p } from 'libp2p'\nimport { readFile } from 'node:fs/promises'"],
    ['peer', 'const a = Date.now() + Math.sin(1)\nasync function b() {}'],
    ['protocol', '// Date.now(), await, Math.random()\nconst a = "import { b } from \'node:fs\'"'],
    ['protocol', 'const step = { setTimeout: 1 }\nconst a = step.setTimeout + Math.sqrt(2)'],
    ['protocol', "import fc from 'fast-check'\nimport { test } from 'vitest'\nconst a = Date.now()", 'thing.test.ts'],
    ['peer', "export * from './a.ts'\nexport type { B } from './b.ts'", 'index.ts'],
    ['protocol', "const a: import('@hearsay/aggregation').A = 2 ** 20", 'common-subset.ts'],
    ['peer', 'export {}', 'index.ts'],
    ['peer', 'a()\n'.repeat(400)],
  ]
  for (const [room, text, name] of allowed) {
    test(`${room}: ${name ?? ''} ${text.slice(0, 60)}`, () => {
      expect(check(room, text, name)).toEqual([])
    })
  }
})

describe('dependencies in package.json', () => {
  test.each([
    ['peer', '@hearsay/adversary', /depends on the room adversary/],
    ['aggregation', '@hearsay/protocol', /depends on the room protocol/],
    ['experiment', '@tensorflow/tfjs', /only the room training/],
    ['cli', 'libp2p', /only the room libp2p/],
    ['cli', '@libp2p/noise', /only the room libp2p/],
  ])('%s must not depend on %s', (room, dependency, what) => {
    expect(checkManifest(room, { dependencies: { [dependency]: '*' } }).join()).toMatch(what)
    expect(checkManifest(room, { devDependencies: { [dependency]: '*' } }).join()).toMatch(what)
  })

  test('helpers of tests are exported and not published, and all else is both', () => {
    const exports = { '.': './src/index.ts', './testing/*': './src/testing/*.ts' }
    expect(checkManifest('peer', { exports, publishConfig: { exports: { '.': './dist/index.js' } } })).toEqual([])
    expect(checkManifest('peer', { exports, publishConfig: { exports } }).join()).toMatch(/publishes/)
    expect(checkManifest('peer', { exports, publishConfig: { exports: {} } }).join()).toMatch(/publishes/)
  })

  test('an allowed one is not reported', () => {
    expect(checkManifest('experiment', { dependencies: { '@hearsay/adversary': '*', zod: '*' } })).toEqual([])
  })
})
