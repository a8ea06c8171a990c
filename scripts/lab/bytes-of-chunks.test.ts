import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'

test('a list of digests is shorter than the proofs of a tree, and announced by as much', () => {
  const script = join(import.meta.dirname, 'bytes-of-chunks.ts')
  const figures = JSON.parse(execFileSync(process.execPath, [script, '--json'], { encoding: 'utf8' })) as Record<
    string,
    number
  >[]
  const last = figures.at(-1)!
  expect(last).toMatchObject({ chunks: 256, announcedBytes: 32, listBytes: 8192, proofsBytes: 65_536 })
  for (const { listBytes, proofsBytes } of figures) expect(listBytes).toBeLessThan(proofsBytes!)
}, 60_000)
