import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { create } from 'tar'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hearsay } from './testing/command.ts'

const small = `name: small
question: Does it repeat itself?
peers: 4
tolerated: 1
task: { model: logistic, trainSamples: 400, testSamples: 100 }
learning: { localSteps: 2 }
agreement: { graceMs: 50 }
network: virtual
rounds: 1
`

let folder: string
const run = 'runs/latest'

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hearsay-replay-'))
  writeFileSync(join(folder, 'small.yaml'), small)
  const { code, stderr } = await hearsay(['run', 'small.yaml', '--trace', '--no-pictures'], { cwd: folder })
  expect([code, stderr]).toEqual([0, ''])
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const file = (name: string): string => join(folder, run, name)

test('a run repeats itself, and a difference is shown where it begins', async () => {
  const same = await hearsay(['replay', run], { cwd: folder })
  expect(same.stderr).toBe('')
  const { traceDigest, cells } = JSON.parse(readFileSync(file('summary.json'), 'utf8'))
  expect(traceDigest).toMatch(/^[0-9a-f]{64}$/)
  const digest = cells[0].bySeed[0].traceDigest
  expect(same.stdout).toContain(`✓ no liars, seed 1: ${digest}`)
  expect(same.stdout).toContain('✓ 1 run repeated, event by event')
  expect(same.code).toBe(0)

  const [summary, events] = [readFileSync(file('summary.json'), 'utf8'), readFileSync(file('events.jsonl'), 'utf8')]
  writeFileSync(file('summary.json'), summary.replaceAll(digest, 'f'.repeat(64)))
  writeFileSync(file('events.jsonl'), events.replace('"kind":"trained"', '"kind":"guessed"'))
  const other = await hearsay(['replay', run, '--json'], { cwd: folder })
  expect(other.code).toBe(1)
  const { cells: compared } = JSON.parse(other.stdout)
  expect(compared).toMatchObject([{ recorded: 'f'.repeat(64), found: digest }])
  expect(compared[0].difference.recorded).toContain('guessed')
  expect(compared[0].difference.found).toContain('trained')
  writeFileSync(file('summary.json'), summary)
  writeFileSync(file('events.jsonl'), events)
})

test('a run is packed into one file, which repeats itself as well, and what is none is refused', async () => {
  const packed = await hearsay(['pack', run, '--out', 'small.tar.gz'], { cwd: folder })
  expect(packed).toMatchObject({ code: 0, stdout: 'small.tar.gz\n' })
  const same = await hearsay(['replay', 'small.tar.gz'], { cwd: folder })
  expect(same).toMatchObject({ code: 0, stdout: expect.stringContaining('✓ 1 run repeated, event by event') })
  const none = await hearsay(['replay', 'small.yaml'], { cwd: folder })
  expect(none).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('small.yaml: it is not what hearsay pack makes'),
  })
  // Links lead out of the folder.
  symlinkSync('/etc', join(folder, 'link'))
  await create({ gzip: true, file: join(folder, 'hostile.tar.gz'), cwd: folder }, ['link'])
  const hostile = await hearsay(['replay', 'hostile.tar.gz'], { cwd: folder })
  expect(hostile).toMatchObject({ code: 2, stderr: expect.stringContaining('link in it is no file') })
})

test('a run is cited with its settings, digests and how to make it again', async () => {
  const { code, stdout } = await hearsay(['cite', run], { cwd: folder })
  expect(code).toBe(0)
  const { digest } = JSON.parse(readFileSync(file('manifest.json'), 'utf8'))
  for (const words of [`SHA-256 ${digest}`, 'learning.localSteps: 2', 'npx hearsay replay runs/latest', 'seeds 1'])
    expect(stdout).toContain(words)
})

test('the story of one peer in one round, in words and as lines of JSON', async () => {
  const { code, stdout } = await hearsay(['trace', run, '--peer', '2', '--round', '1'], { cwd: folder })
  expect(code).toBe(0)
  for (const words of ['begins', 'has trained', 'says #', 'hears peer ', 'agrees on the updates of', 'certifies '])
    expect(stdout).toContain(words)
  expect(stdout.trim().split('\n')).toEqual(
    stdout
      .trim()
      .split('\n')
      .filter((line) => line.includes('peer 2 ')),
  )
  const json = await hearsay(['trace', run, '--peer', '2', '--json'], { cwd: folder })
  const kinds = json.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).kind)
  expect(kinds).toContain('heard')
})

test('what cannot be replayed or read is told with what to do', async () => {
  const told = async (...words: string[]): Promise<[number | null, string]> => {
    const { code, stderr } = await hearsay(words, { cwd: folder })
    return [code, stderr]
  }
  expect(await told('replay', '.')).toEqual([2, expect.stringContaining('is not the folder of a run')])
  expect(await told('trace', '.')).toEqual([2, expect.stringContaining('is not the folder of a run')])
  expect(await told('trace', run, '--peer', '9')).toEqual([2, expect.stringContaining('has no such events')])
  expect(await told('run', 'small.yaml', '--network', 'memory', '--trace')).toEqual([
    2,
    expect.stringContaining('add --network virtual'),
  ])
})
