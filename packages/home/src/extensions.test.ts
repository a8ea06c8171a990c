import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { filesOf, pinned } from './extensions.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearsay-extensions-'))
  mkdirSync(join(folder, 'lib'))
  write(
    'own.ts',
    "import { a } from './lib/a.ts'\nimport type { X } from '@hearsay/training/task'\n// from './gone.ts'",
  )
  write('lib/a.ts', "export * from '../b.ts'\nconst c = await import('./c.ts')\nconst model = { tfjs: './model.json' }")
  write('b.ts', "import './lib/a.ts'")
  write('lib/c.ts', '')
  write('model.json', '{}')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const write = (name: string, text: string) => writeFileSync(join(folder, name), text)
const own = { file: './own.ts' }

test('a digest of each file that is imported by a path, once, however they import each other', () => {
  expect(Object.keys(filesOf(own, folder))).toEqual(['b.ts', 'lib/a.ts', 'lib/c.ts', 'model.json', 'own.ts'])
})

test('whatever differs is told by its file', () => {
  const extension = pinned(own, folder)
  expect(pinned(extension, folder)).toEqual(extension)
  write('lib/c.ts', '1')
  expect(() => pinned(extension, folder)).toThrow(/lib\/c\.ts: is another file than the genesis says/)
  rmSync(join(folder, 'lib/c.ts'))
  expect(() => pinned(extension, folder)).toThrow(/lib\/c\.ts: is missing, or no longer imported/)
  write('lib/c.ts', '')
  write('gone.ts', '')
  expect(() => pinned(extension, folder)).toThrow(/gone\.ts: is imported, and is not among those of the genesis/)
})

test('a file outside of the folder is refused', () => {
  write('b.ts', "import '../../b.ts'")
  expect(() => filesOf(own, folder)).toThrow(/outside of the folder of the genesis, and b\.ts imports it/)
})
