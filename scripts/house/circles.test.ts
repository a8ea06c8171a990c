import { join } from 'node:path'
import { expect, it } from 'vitest'
import { type Arrows, foldersOf, judgeCircles } from './circles.ts'
import { knownAmongFiles, knownAmongFolders } from './known-circles.ts'
import { arrowsOf, roomsOf, sourceFile, sourcesOf } from './rooms.ts'

const arrows = (graph: Record<string, readonly string[]>): Arrows =>
  new Map(Object.entries(graph).map(([from, to]) => [from, new Set(to)]))

it('tells the shortest way round, and nothing of what is in no circle', () => {
  const graph = arrows({ a: ['b', 'd'], b: ['c'], c: ['d', 'a'], d: ['e'], e: [] })
  expect(judgeCircles(graph, [])).toEqual(['a circle of imports: a → b → c → a'])
  expect(judgeCircles(arrows({ a: ['b'], b: ['c'], c: [] }), [])).toEqual([])
  expect(judgeCircles(arrows({ a: ['a'] }), [])).toEqual(['a circle of imports: a → a'])
})

it('passes over a known arrow as long as it closes a circle', () => {
  const round = arrows({ a: ['b'], b: ['a'] })
  expect(judgeCircles(round, [['b', 'a']])).toEqual([])
  const over = 'closes no circle any more: take it out of scripts/house/known-circles.ts'
  expect(judgeCircles(arrows({ a: ['b'], b: [] }), [['b', 'a']])).toEqual([`b → a ${over}`])
  expect(judgeCircles(arrows({ a: [], b: ['a'] }), [['b', 'a']])).toEqual([`b → a ${over}`])
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

it('files and folders of the rooms have no circles but those that are known, each of which is there', () => {
  const root = join(import.meta.dirname, '../..')
  const files = arrowsOf(roomsOf(root).flatMap((room) => sourcesOf(root, room)))
  expect(judgeCircles(files, knownAmongFiles)).toEqual([])
  expect(judgeCircles(foldersOf(files), knownAmongFolders)).toEqual([])
})
