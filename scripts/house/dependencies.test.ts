import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { isEntry, isPastExports, type Manifest, unusedDependencies } from './dependencies.ts'
import { importsOf, packageOf, textsOf } from './imports.ts'
import { parse } from './syntax-tree.ts'

it('a dependency is used where it may be used', () => {
  const used = { e: '1', '@types/a': '1' }
  const manifest = {
    dependencies: { a: '1', '@b/c': '1', d: '1' },
    devDependencies: { ...used, f: '1', '@types/b': '1' },
  }
  const texts = { shipped: new Set(['a/sub', '@b/c', 'dd']), tests: new Set(['d', 'e']) }
  expect(unusedDependencies(manifest, texts)).toEqual(['d', 'f', '@types/b'])
})

it('texts are those of imports, of what is resolved, and of templates', () => {
  const texts = textsOf(parse(['import "a"', 'import.meta.resolve("b")', 'const c = `c`', '// "d"'].join('\n')))
  expect([...texts]).toEqual(['a', 'b', 'c'])
})

it.each([
  ['@hearsay/peer', false],
  ['@hearsay/peer/words', false],
  ['@hearsay/peer/rules/mean', false],
  ['@hearsay/peer/rules/', true],
  ['@hearsay/peer/src/rules/mean.ts', true],
])('%s is past the exports: %s', (from, is) => {
  const exports = { '.': './src/index.ts', './words': './src/words.ts', './rules/*': './src/rules/*.ts' }
  expect(isPastExports({ from }, { exports })).toBe(is)
})

it.each([
  ['./src/index.ts', true],
  ['./src/main.ts', true],
  ['./src/rules/mean.ts', true],
  ['./src/worker-node.ts', true],
  ['./src/other.ts', false],
])('%s is given to others: %s', (file, is) => {
  const exports = {
    '.': './src/index.ts',
    './rules/*': './src/rules/*.ts',
    './worker': { node: './src/worker-node.ts' },
  }
  expect(isEntry(file, { exports, bin: { program: './src/main.ts' } })).toBe(is)
})

it('the scripts use all that the workspace depends on, and nothing else', () => {
  const root = join(import.meta.dirname, '../..')
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest
  const programs = [
    ...readdirSync(join(root, 'scripts'), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(ts|mjs)$/.test(name))
      .map((name) => join('scripts', name)),
    'vitest.config.ts',
  ].map((path) => parse(readFileSync(join(root, path), 'utf8')))
  // Programs rather than modules, and types that no source names.
  const programsOnly = [
    '@biomejs/biome',
    '@hearsay/cli',
    '@types/node',
    'assemblyscript',
    'esbuild',
    'node',
    'pnpm',
    'typescript',
  ]
  const texts = new Set([...programsOnly, ...programs.flatMap((program) => [...textsOf(program)])])
  // Tests of all packages use it.
  texts.add('fast-check')
  expect(unusedDependencies(manifest, { shipped: new Set(), tests: texts })).toEqual([])
  const imported = programs.flatMap((program) => importsOf(program).map(({ from }) => packageOf(from)))
  const undeclared = imported.filter((name) => !/^(\.|node:)/.test(name) && !(name in (manifest.devDependencies ?? {})))
  expect(undeclared).toEqual([])
})
