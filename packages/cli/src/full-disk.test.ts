import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeNpy } from '@hearsay/data/npy'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const main = join(import.meta.dirname, 'hearsay.ts')
const small = `name: small
question: Does it run?
peers: 4
tolerated: 1
task: { model: logistic, trainSamples: 400, testSamples: 100 }
learning: { localSteps: 3 }
rounds: 60
`
// What trains is not what is looked at.
const runSmall = ['run', 'small.yaml', '--engine', 'wasm', '--no-pictures']
let root: string

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'hearsay-full-'))
  writeFileSync(join(root, 'small.yaml'), small)
  const rows = [0, 1, 2, 3].map((row) => new Float32Array(40_000).fill(row))
  writeFileSync(join(root, 'in.npy'), Buffer.concat([...encodeNpy([4, 40_000], rows)]))
})

afterAll(() => rmSync(root, { recursive: true, force: true }))

/** The command where no file may have more than so many KiB. */
function limited(kib: number, words: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(
    'bash',
    ['-c', `ulimit -f ${kib}; exec "$@"`, 'bash', process.execPath, main, ...words],
    { cwd: root, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } },
  )
  return { code: status, stdout, stderr }
}

/** Every file of a run is whole. */
function expectWhole(folder: string): void {
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8')
  // Of the job that was cut off.
  const [job = ''] = readdirSync(join(folder, 'jobs'))
  const events = read(join('jobs', job, 'events.jsonl'))
  expect(events.endsWith('\n')).toBe(true)
  for (const line of events.trimEnd().split('\n')) JSON.parse(line)
  const rows = read('rounds.csv')
  expect(rows.endsWith('\n')).toBe(true)
  const fields = rows.split('\n')[0]!.split(',').length
  for (const row of rows.trimEnd().split('\n')) expect(row.split(',')).toHaveLength(fields)
  for (const name of ['manifest.json', 'summary.json']) JSON.parse(read(name))
  expect(readdirSync(folder, { recursive: true }).filter((name) => String(name).endsWith('.tmp'))).toEqual([])
}

const onlyRun = (out: string): string => {
  const [run] = readdirSync(join(root, out)).filter((name) => name !== 'latest')
  return join(root, out, run!)
}

test.each(['memory', 'virtual'])(
  'a run on the network %s where files may not grow ends in words, with whole lines',
  (network) => {
    const { code, stderr } = limited(60, [...runSmall, '--network', network, '--out', network, '--archive'])
    expect(stderr).toMatch(/^hearsay: .* cannot be written: EFBIG: .*; what was done before is in .*ulimit -f.*\n$/)
    expect(code).toBe(2)
    expectWhole(onlyRun(network))
    const { outcome } = JSON.parse(readFileSync(join(onlyRun(network), 'manifest.json'), 'utf8'))
    expect(outcome).toEqual({ how: 'failed', why: expect.stringContaining('EFBIG') })
  },
  60_000,
)

test('a result that cannot be written leaves what was there', () => {
  for (const words of [
    ['aggregate', '--rule', 'median', '--tolerated', '1', 'in.npy', 'out.npy'],
    ['attack', 'zero', '--malicious', '2', 'in.npy', 'out.npy'],
  ]) {
    writeFileSync(join(root, 'out.npy'), 'mine')
    const { code, stderr } = limited(20, words)
    expect(stderr).toMatch(/^hearsay: EFBIG: .*ulimit -f.*\n$/)
    expect(code).toBe(2)
    expect(readFileSync(join(root, 'out.npy'), 'utf8')).toBe('mine')
    expect(readdirSync(root).filter((name) => name.endsWith('.tmp'))).toEqual([])
  }
})

test('of peers that cannot be written there is none, so that the next try is not refused', () => {
  // A genesis of so many peers is larger than that, and the settings are not.
  const refused = limited(2, ['init', 'net', '--local', '30'])
  expect(refused.stderr).toMatch(/^hearsay: EFBIG/)
  expect(refused.code).toBe(2)
  expect(limited(1000, ['init', 'net', '--local', '30']).code).toBe(0)
})

test.each([
  ['a file where a folder should be', () => writeFileSync(join(root, 'taken'), ''), 'taken'],
  ['a folder of a file', () => writeFileSync(join(root, 'file'), ''), join('file', 'runs')],
])('%s is told before anything is run', (_, prepare, out) => {
  prepare()
  const { code, stdout, stderr } = limited(1000, [...runSmall, '--network', 'virtual', '--out', out])
  expect(stderr).toMatch(/^hearsay: .*(file where a folder should be|name a folder).*\n$/)
  expect(code).toBe(2)
  expect(stdout).not.toContain('[1/1]')
})

test('a folder of results that vanishes is told', async () => {
  const { startHearsay } = await import('./testing/command.ts')
  const sweep = 'sweep=[{ label: first, rounds: 1000 }, { label: second, rounds: 1000 }]'
  const running = startHearsay([...runSmall, '--out', 'gone', '--set', sweep, '--network', 'virtual', '--jobs', '1'], {
    cwd: root,
  })
  await running.says('round 2 of 1000')
  rmSync(join(root, 'gone'), { recursive: true })
  const { code, stderr } = await running.ended
  expect(stderr).toMatch(/^hearsay: .* cannot be written: ENOENT: .*see what removed it.*\n$/)
  expect(code).toBe(2)
}, 60_000)

/** A file system of 64 KiB; only root may make one. */
function mountTiny(): string | undefined {
  const at = mkdtempSync(join(tmpdir(), 'hearsay-tiny-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', at], { stdio: 'ignore' })
    return at
  } catch {
    rmSync(at, { recursive: true })
    return undefined
  }
}

const tiny = mountTiny()
afterAll(() => {
  if (tiny === undefined) return
  execFileSync('umount', [tiny])
  rmSync(tiny, { recursive: true })
})

// Elsewhere a limit of the size of files stands for it, above.
describe.runIf(tiny !== undefined)('on a disk that is full', () => {
  test.each(['memory', 'virtual'])(
    'a run on the network %s ends in words, with whole lines',
    (network) => {
      const out = join(tiny!, network)
      const { code, stderr } = limited(100_000, [...runSmall, '--network', network, '--out', out])
      expect(stderr).toMatch(
        /^hearsay: .* cannot be written: ENOSPC: .*the disk is full: make room, and run it again\n$/,
      )
      expect(code).toBe(2)
      const [run] = readdirSync(out).filter((name) => name !== 'latest')
      expectWhole(join(out, run!))
      rmSync(out, { recursive: true })
    },
    60_000,
  )

  test('what cannot begin leaves nothing behind', () => {
    mkdirSync(join(tiny!, 'runs'))
    writeFileSync(join(tiny!, 'ballast'), Buffer.alloc(60 * 1024))
    for (const words of [
      [...runSmall, '--network', 'virtual', '--out', join(tiny!, 'runs')],
      ['init', join(tiny!, 'net'), '--local', '20'],
      ['aggregate', '--rule', 'median', '--tolerated', '1', 'in.npy', join(tiny!, 'out.npy')],
    ]) {
      const { code, stderr } = limited(100_000, words)
      expect(stderr).toMatch(/^hearsay: .*ENOSPC.*make room, and run it again\n$/)
      expect(code).toBe(2)
    }
    expect(readdirSync(join(tiny!, 'runs'))).toEqual([])
    expect(existsSync(join(tiny!, 'out.npy'))).toBe(false)
    expect(
      readdirSync(tiny!, { recursive: true }).filter((name) => /identity|\.(part|tmp)$/.test(String(name))),
    ).toEqual([])
    rmSync(join(tiny!, 'ballast'))
  }, 60_000)

  test('one that is read-only is told, with the remedy', () => {
    execFileSync('mount', ['-o', 'remount,ro', tiny!])
    try {
      for (const words of [
        [...runSmall, '--network', 'virtual', '--out', join(tiny!, 'new')],
        ['init', join(tiny!, 'new')],
        ['aggregate', '--rule', 'median', '--tolerated', '1', 'in.npy', join(tiny!, 'new.npy')],
      ]) {
        const { code, stderr } = limited(100_000, words)
        expect(stderr).toMatch(/^hearsay: .*choose another place\n$/)
        expect(code).toBe(2)
      }
    } finally {
      execFileSync('mount', ['-o', 'remount,rw', tiny!])
    }
  }, 60_000)

  test('standard output on it is told too', () => {
    const line = `ulimit -c 0; exec "$@" > ${join(tiny!, 'out')}`
    const words = ['aggregate', '--rule', 'median', '--tolerated', '1', 'in.npy']
    const { status, stderr } = spawnSync('bash', ['-c', line, 'bash', process.execPath, main, ...words], {
      cwd: root,
      encoding: 'utf8',
    })
    expect(stderr).toMatch(/^hearsay: .*ENOSPC.*make room/)
    expect(status).toBe(2)
    rmSync(join(tiny!, 'out'))
  })
})
