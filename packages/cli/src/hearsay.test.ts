import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hearsay } from './testing/command.ts'

test.each([
  [['--help'], ['run', 'init', 'start', 'data', 'aggregate', 'rules']],
  [
    ['aggregate', '--help'],
    ['--rule', '--tolerated', '--option', '--before', 'Examples:', 'numpy.save', 'Exit codes: 0', 'float32'],
  ],
  [
    ['attack', '--help'],
    ['--malicious', '--option', '--rule', '--append', 'Examples:', 'Exit codes: 0'],
  ],
  [
    ['rules', '--help'],
    ['--updates', '--tolerated', '--json', 'κ'],
  ],
  [
    ['run', '--help'],
    ['--set <path=value>', '--seed', '--data', '--out', '--engine', '--json', 'Examples:', 'Exit codes: 0'],
  ],
  [
    ['init', '--help'],
    ['--listen', '--bootstrap', '--genesis', '--local'],
  ],
  [
    ['start', '--help'],
    ['--engine', '--json'],
  ],
  [
    ['data', 'fetch', '--help'],
    ['hearsay data list', '--to'],
  ],
])('%j tells what there is, in lines that fit', async (words, parts) => {
  const { code, stdout, stderr } = await hearsay(words, { env: { COLUMNS: '100' } })
  expect([code, stderr]).toEqual([0, ''])
  for (const part of parts) expect(stdout).toContain(part)
})

test('what is compiled is kept, and where it cannot be that is no fault', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hearsay-cache-'))
  writeFileSync(join(folder, 'file'), '')
  const version = (cache: string) =>
    hearsay(['--version'], { env: { HEARSAY_CACHE: join(folder, cache), NODE_COMPILE_CACHE: undefined } })
  expect(await version('cache')).toEqual({ code: 0, stdout: '0.1.0\n', stderr: '' })
  expect(readdirSync(join(folder, 'cache', 'compiled'), { recursive: true }).length).toBeGreaterThan(50)
  expect(await version('file')).toEqual({ code: 0, stdout: '0.1.0\n', stderr: '' })
  rmSync(folder, { recursive: true })
})

test('the version', async () => {
  expect(await hearsay(['--version'])).toMatchObject({ code: 0, stdout: '0.1.0\n' })
})

test.each([
  [['rnu'], "unknown command 'rnu'\n(Did you mean run?)"],
  [['data', 'fetch', 'minst'], 'Unknown data set "minst"; did you mean "mnist"?'],
  [['init', 'x', '--local', '4', '--genesis', 'y'], 'cannot be used with'],
  [['init', 'x', '--port', '4002'], '--port is for --local'],
])('%j is exit code 2 and says why', async (words, reason) => {
  const { code, stdout, stderr } = await hearsay(words)
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toContain(reason)
})

test('data that cannot be written is exit code 2, in words', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hearsay-data-'))
  writeFileSync(join(folder, 'file'), '')
  const { code, stderr } = await hearsay(['data', 'fetch', 'mnist', '--to', join(folder, 'file', 'mnist')])
  expect(code).toBe(2)
  expect(stderr).toMatch(/^hearsay: ENOTDIR.*: there is a file where a folder should be; choose another place\n$/)
  rmSync(folder, { recursive: true })
})
