import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkScript, checkScripts } from './script-rooms.ts'

test('every script keeps to its room, and takes of packages what they export', () => {
  const { files, violations } = checkScripts(join(import.meta.dirname, '../..'))
  expect(violations).toEqual([])
  expect(files).toBeGreaterThan(50)
})

const manifests = new Map([['peer', { exports: { '.': './src/index.ts', './testing/*': './src/testing/*.ts' } }]])

test.each([
  ['lab/bench.ts', '../../packages/peer/src/compose.ts', /by path/],
  ['lab/bench.ts', '@hearsay/peer/compose', /does not export/],
  ['lab/bench.ts', '@hearsay/nobody', /does not export/],
  ['lab/mutants/mutant.ts', '../../reference/write.ts', /imports the room reference/],
  ['house/rooms.ts', '../lab/bench.ts', /imports the room lab/],
  ['house/rooms.ts', '@hearsay/peer', /only read/],
  ['setup/report.mjs', 'vitest', /not be installed yet/],
  ['attic/old.ts', './other.ts', /in no room/],
])('%s must not import %s', (path, from, what) => {
  expect(checkScript(`scripts/${path}`, `import { a } from '${from}'`, manifests).join()).toMatch(what)
})

test.each([
  ['lab/bench.ts', '@hearsay/peer'],
  ['lab/bench.ts', '@hearsay/peer/testing/digest'],
  ['lab/mutants/mutant.ts', '../../house/rooms.ts'],
  ['lab/mutants/mutant.ts', '../../command-line.ts'],
  ['set-up.mjs', './setup/set-up.mjs'],
  ['setup/report.mjs', 'node:fs'],
  ['house/rooms.ts', 'vitest/node'],
])('%s may import %s', (path, from) => {
  expect(checkScript(`scripts/${path}`, `import { a } from '${from}'`, manifests)).toEqual([])
})
