import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { frame, framesIn, framesOf } from './files.ts'

test('the lines of an open file are those of its bytes; of one that is too long no more is read than shows it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hearsay-files-'))
  const content = Buffer.concat([3, 100, 5].map((length) => frame(new Uint8Array(length).fill(length))))
  writeFileSync(join(folder, 'lines'), content)
  const file = openSync(join(folder, 'lines'), 'r')
  expect([...framesIn(file, content.length, 100)]).toEqual([...framesOf(new Uint8Array(content))])
  expect([...framesIn(file, content.length, 50)].map(({ bytes }) => bytes.length)).toEqual([3, 51, 5])
  closeSync(file)
  rmSync(folder, { recursive: true })
})
