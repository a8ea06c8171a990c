import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serialize } from 'node:v8'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { keepCheckpoint, takeCheckpoint } from './job-checkpoint.ts'

let root: string
let from: string
let to: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hearsay-checkpoint-'))
  ;[from, to] = [join(root, 'from'), join(root, 'to')]
  for (const folder of [from, to]) mkdirSync(folder)
  writeFileSync(join(from, 'rounds'), 'one')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

test('what a job goes on with is its newest whole checkpoint, with its files as they were then', () => {
  keepCheckpoint(from, 1, 'first')
  writeFileSync(join(from, 'rounds'), 'one two')
  keepCheckpoint(from, 2, 'second')
  writeFileSync(join(from, 'rounds'), 'one two three')
  truncateSync(join(from, 'checkpoint-2'), 40)
  expect(takeCheckpoint(to, [from])).toBe('first')
  expect(readFileSync(join(to, 'rounds'), 'utf8')).toBe('one')
})

test('a checkpoint that names files that are not of its folder is passed over', () => {
  keepCheckpoint(from, 1, 'honest')
  writeFileSync(join(root, 'secret'), 'secret')
  symlinkSync(join(root, 'secret'), join(from, 'link'))
  for (const [round, path] of [join('..', 'secret'), join(root, 'secret'), 'link'].entries()) {
    const content = serialize({ sizes: [[path, 3]], state: 'forged' })
    const digest = createHash('sha256').update(content).digest()
    writeFileSync(join(from, `checkpoint-${round + 2}`), Buffer.concat([digest, content]))
  }
  expect(takeCheckpoint(join(to, 'deep'), [from])).toBe('honest')
  expect(existsSync(join(to, 'secret'))).toBe(false)
})
