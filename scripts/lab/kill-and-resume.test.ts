import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

test('a run that is killed and gone on with has the bytes of one that was left alone', async () => {
  const words = [join(import.meta.dirname, 'kill-and-resume.ts'), '--jobs', '4', '--kills', '1', '--engine', 'wasm']
  const { stdout } = await promisify(execFile)(process.execPath, words)
  expect(stdout).toMatch(/^4 jobs, killed 1 times: the same bytes in/)
}, 300_000)
