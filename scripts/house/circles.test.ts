import { join } from 'node:path'
import { expect, it } from 'vitest'
import { type Arrows, circlesOf, foldersOf } from './circles.ts'
import { arrowsOf, roomsOf, sourceFile, sourcesOf } from './rooms.ts'

const arrows = (graph: Record<string, readonly string[]>): Arrows =>
  new Map(Object.entries(graph).map(([from, to]) => [from, new Set(to)]))

it('tells the shortest way round, and nothing of what is in no circle', () => {
  const graph = arrows({ a: ['b', 'd'], b: ['c'], c: ['d', 'a'], d: ['e'], e: [] })
  expect(circlesOf(graph)).toEqual(['a circle of imports: a → b → c → a'])
  expect(circlesOf(arrows({ a: ['b'], b: ['c'], c: [] }))).toEqual([])
  expect(circlesOf(arrows({ a: ['a'] }))).toEqual(['a circle of imports: a → a'])
})

it('reads arrows of what is shipped, types included, and folders without the door of a package', () => {
  const files = [
    ['src/index.ts', "export { a } from './a/one.ts'"],
    ['src/a/one.ts', "import type { B } from '../b/two.ts'\nimport { x } from 'x'"],
    ['src/a/one.test.ts', "import { c } from '../c/three.ts'"],
    ['src/b/two.ts', "export type C = import('../index.ts').C\nexport const d = import('../a/b/four.ts')"],
  ] as const
  const read = arrowsOf(files.map(([path, text]) => sourceFile('peer', `packages/peer/${path}`, text)))
  expect([...read.keys()]).toHaveLength(3)
  const plain = Object.fromEntries([...foldersOf(read)].map(([from, to]) => [from, [...to]]))
  const src = 'packages/peer/src'
  expect(plain).toEqual({ [`${src}/a`]: [`${src}/b`], [`${src}/b`]: [`${src}/a/b`] })
})

it('files and folders of the rooms have no circles', () => {
  const root = join(import.meta.dirname, '../..')
  const files = arrowsOf(roomsOf(root).flatMap((room) => sourcesOf(root, room)))
  expect(circlesOf(files)).toEqual([])
  expect(circlesOf(foldersOf(files))).toEqual([])
})
