import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hearsay } from './testing/command.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearsay-data-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

test('data sets are listed with size, licence and source, and as JSON with all that is known', async () => {
  const { code, stdout } = await hearsay(['data', 'list'], { cwd: folder })
  expect(code).toBe(0)
  expect(stdout).toMatch(/^mnist +70,000 handwritten digits.*\n +11\.6 MB; licence: CC BY-SA 3\.0\n +LeCun/m)
  const sets = JSON.parse((await hearsay(['data', 'list', '--json'], { cwd: folder })).stdout)
  expect(sets.map(({ name, fetched }: { name: string; fetched: boolean }) => [name, fetched])).toContainEqual([
    'har',
    false,
  ])
})
