import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { filesOf, pinned, withFilesOfTask } from './extensions.ts'

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

test('a model that is saved brings the files of its weights', () => {
  const model = { file: './lib/model.json' }
  const text = JSON.stringify({ weightsManifest: [{ paths: ['one.bin', 'two.bin'] }, { paths: ['three.bin'] }] })
  write('lib/model.json', text)
  for (const name of ['one', 'two', 'three']) write(`lib/${name}.bin`, name)
  const names = ['lib/model.json', 'lib/one.bin', 'lib/three.bin', 'lib/two.bin']
  expect(Object.keys(filesOf(model, folder))).toEqual(names)
  const extension = pinned(model, folder)
  write('lib/two.bin', 'other')
  expect(() => pinned(extension, folder)).toThrow(/lib\/two\.bin: is another file than the genesis says/)
  rmSync(join(folder, 'lib/two.bin'))
  expect(() => pinned(model, folder)).toThrow(
    /lib\/two\.bin: there is no such file; lib\/model\.json says that its weights are in it/,
  )
  write('lib/model.json', text.replace('one.bin', '../../one.bin'))
  expect(() => pinned(model, folder)).toThrow(/outside of the folder of the genesis/)
  for (const nonsense of ['', '[]', 'null', '{"weightsManifest":[null]}', '{"weightsManifest":{"paths":7}}']) {
    write('lib/model.json', nonsense)
    expect(Object.keys(filesOf(model, folder))).toEqual(['lib/model.json'])
  }
})

test('what a task names is part of the genesis as what stands under extensions', () => {
  const task = { module: 'own.ts', model: { tfjs: './lib/../model.json' } }
  expect(withFilesOfTask({ task })).toEqual({ task, extensions: ['./own.ts', './model.json'] })
  const sha256 = { 'own.ts': '1' }
  const listed = { task, extensions: [{ file: './own.ts', sha256 }, './model.json'] }
  expect(withFilesOfTask(listed)).toBe(listed)
  const wrong: string[] = []
  for (const module of ['../own.ts', '/own.ts', 'a/../../own.ts'])
    withFilesOfTask({ task: { module } }, (path) => wrong.push(path.join('.')))
  expect(wrong).toEqual(['task.module', 'task.module', 'task.module'])
  for (const nothing of [undefined, null, 7, 'x', { task: 7 }, { task: { module: 7 }, extensions: 7 }])
    expect(withFilesOfTask(nothing)).toBe(nothing)
})
