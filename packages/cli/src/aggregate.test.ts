import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { aggregateVectors, beforeRules, type RuleSpec, rules } from '@hearsay/aggregation'
import { encodeNpy, readNpy } from '@hearsay/data/npy'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hearsay } from './testing/command.ts'

const vectors = [
  [1, 2, 3],
  [4, 5, 6],
  [7, 8, 9],
  [1000, -1000, 0],
].map((vector) => Float32Array.from(vector))
const nan = Float32Array.of(0, Number.NaN, 0)

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearsay-aggregate-'))
  writeFileSync(join(folder, 'in.npy'), npy(vectors))
  writeFileSync(join(folder, 'nan.npy'), npy([nan, ...vectors]))
  writeFileSync(join(folder, 'root.npy'), Buffer.concat([...encodeNpy([3], [vectors[0]!])]))
})

afterAll(() => rmSync(folder, { recursive: true }))

function npy(rows: readonly Float32Array[]): Buffer {
  return Buffer.concat([...encodeNpy([rows.length, 3], rows)])
}

async function contents(bytes: Uint8Array): Promise<number[]> {
  let vector = new Float32Array(0)
  const { shape } = await readNpy([bytes], {
    name: 'out.npy',
    place: ([length = 0]) => {
      vector = new Float32Array(length)
      return () => vector
    },
  })
  expect(shape).toEqual([vector.length])
  return [...vector]
}

const inFolder = (words: readonly string[]) => hearsay(['aggregate', ...words], { cwd: folder })

test.each<[string[], RuleSpec]>([
  [['--rule', 'trimmed-mean', '--tolerated', '1'], { rule: 'trimmed-mean', tolerated: 1 }],
  [
    ['--rule', 'krum', '--tolerated', '1', '--option', 'neighbours=n-f-1', '--before', 'nnm'],
    { rule: 'krum', tolerated: 1, neighbours: 'n-f-1', before: ['nnm'] },
  ],
  [
    ['--rule', 'median', '--tolerated', '1', '--before', 'arc', '--before', 'clipping:norm=2.5'],
    { rule: 'median', tolerated: 1, before: ['arc', { clipping: { norm: 2.5 } }] },
  ],
])('%j gives what the library gives, bit by bit', async (words, spec) => {
  expect(await inFolder([...words, 'in.npy', 'out.npy'])).toEqual({ code: 0, stdout: '', stderr: '' })
  expect(await contents(readFileSync(join(folder, 'out.npy')))).toEqual([...aggregateVectors(spec, vectors)])
})

test('with workers, which long vectors keep busy, the result is the same bits and the command ends', async () => {
  const length = 300_000
  const long = [1, 2, 3, 4].map((row) => Float32Array.from({ length }, (_, column) => row / (1 + (column % (7 * row)))))
  writeFileSync(join(folder, 'long.npy'), Buffer.concat([...encodeNpy([4, length], long)]))
  const words = ['--rule', 'trimmed-mean', '--tolerated', '1', '--before', 'nnm', 'long.npy', 'long-out.npy']
  expect(await inFolder([...words, '--workers', '2'])).toEqual({ code: 0, stdout: '', stderr: '' })
  const spec = { rule: 'trimmed-mean', tolerated: 1, before: ['nnm'] } as const
  const expected = Buffer.concat([...encodeNpy([length], [aggregateVectors(spec, long)])])
  expect(readFileSync(join(folder, 'long-out.npy')).equals(expected)).toBe(true)
})

test('a rule that needs a vector besides gets it from a file', async () => {
  const words = ['--rule', 'fltrust', '--tolerated', '1', '--root', 'root.npy', 'in.npy', 'out.npy']
  expect(await inFolder(words)).toMatchObject({ code: 0, stderr: '' })
  const expected = aggregateVectors({ rule: 'fltrust', tolerated: 1 }, vectors, { root: vectors[0]! })
  expect(await contents(readFileSync(join(folder, 'out.npy')))).toEqual([...expected])
})

test.each([[['-']], [['-', '-']], [[]]])('standard input and output: %j', async (files) => {
  const main = join(import.meta.dirname, 'hearsay.ts')
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [main, 'aggregate', '--rule', 'median', '--tolerated', '1', ...files],
    { input: npy(vectors) },
  )
  expect([status, String(stderr)]).toEqual([0, ''])
  expect(await contents(stdout)).toEqual([5.5, 3.5, 4.5])
})

test('a row that is not finite counts as Byzantine, and is named', async () => {
  const words = ['--rule', 'median', '--tolerated', '1', 'nan.npy', 'out.npy']
  expect(await inFolder(words)).toEqual({
    code: 0,
    stdout: '',
    stderr: 'hearsay: Not finite, and so Byzantine: row 0 (the first is 0).\n',
  })
  expect(await contents(readFileSync(join(folder, 'out.npy')))).toEqual([5.5, 3.5, 4.5])
  const { code, stderr } = await inFolder(['--rule', 'median', '--tolerated', '0', 'nan.npy', 'none.npy'])
  expect(code).toBe(2)
  expect(stderr).toContain('rule "median" tolerates 0')
  expect(stderr).toContain('row 0 (the first is 0)')
})

test.each([
  [['--rule', 'trimed-mean', '--tolerated', '1', 'in.npy', 'x.npy'], 'did you mean "trimmed-mean"?'],
  [['--rule', 'krum', '--tolerated', '1', '--option', 'neighbors=n-f-1', 'in.npy', 'x'], 'did you mean "neighbours"?'],
  [['--rule', 'median', '--tolerated', '1', '--option', 'tolerated=2', 'in.npy', 'x'], 'say --tolerated'],
  [['--rule', 'median', '--tolerated', '1', '--option', 'neighbours', 'in.npy', 'x'], 'expected name=value'],
  [['--rule', 'median', '--tolerated', '2', 'in.npy', 'x.npy'], 'requires n > 2f, which n = 4, f = 2 does not meet'],
  [['--rule', 'median', '--tolerated', '-1', 'in.npy', 'x.npy'], 'a whole number, 0 or more'],
  [['--rule', 'median', '--tolerated', '1', '--workers', '65', 'in.npy', 'x.npy'], '--workers 65: at most 64'],
  [['--rule', 'median', 'in.npy', 'x.npy'], "required option '--tolerated <f>' not specified"],
  [['--rule', 'median', '--tolerated', '1', 'nowhere.npy', 'x.npy'], 'nowhere.npy: there is no such file'],
  [['--rule', 'median', '--tolerated', '1', '.', 'x.npy'], 'is a folder'],
  [['--rule', 'median', '--tolerated', '1', 'root.npy', 'x.npy'], 'has the shape (3,)'],
  [['--rule', 'fltrust', '--tolerated', '1', 'in.npy', 'x.npy'], 'needs a root vector of 3 finite numbers'],
  [['--rule', 'fltrust', '--tolerated', '1', '--root', 'in.npy', 'in.npy', 'x.npy'], 'one vector has the shape (d,)'],
  [['--rule', 'median', '--tolerated', '1', '--root', 'root.npy', 'in.npy', 'x.npy'], 'rule "median" takes none'],
  [['--rule', 'fltrust', '--tolerated', '1', '--root', '-', '-', 'x.npy'], 'can be one of the inputs only'],
  [['--rule', 'median', '--tolerated', '1', 'in.npy', 'no/x.npy'], 'no/x.npy: there is no folder no: make it first'],
  [['--rule', 'median', '--tolerated', '1', 'in.npy', '.'], '. is a folder: name a file in it, such as out.npy'],
  [['--rule', 'median', '--tolerated', '1', 'in.npy', 'in.npy/x.npy'], 'there is no folder in.npy'],
  [['--rule', 'median', '--tolerated', '1'], 'standard input is empty'],
])('%j is exit code 2 and says why', async (words, reason) => {
  const { code, stdout, stderr } = await inFolder(words)
  expect(stderr).toContain(reason)
  expect(stderr).not.toMatch(/^\s+at /m)
  expect([code, stdout]).toEqual([2, ''])
})

test.runIf(existsSync('/dev/full'))('standard output that cannot be written is exit code 2, without a stack', () => {
  const main = join(import.meta.dirname, 'hearsay.ts')
  const command = `'${process.execPath}' '${main}' aggregate --rule median --tolerated 1 in.npy > /dev/full`
  const { status, stderr } = spawnSync('sh', ['-c', command], { cwd: folder, encoding: 'utf8' })
  expect(stderr).toMatch(/^hearsay: standard output cannot be written: ENOSPC.*\n$/)
  expect(status).toBe(2)
})

test('rules: one line each', async () => {
  const { code, stdout } = await hearsay(['rules', '--updates', '10', '--tolerated', '3'])
  expect(code).toBe(0)
  const lines = stdout.split('\n')
  for (const { name, summary } of [...rules.values(), ...beforeRules.values()]) {
    expect(lines.filter((line) => line.startsWith(`${name} `) && line.endsWith(summary))).toHaveLength(1)
  }
  expect(lines.find((line) => line.startsWith('bulyan '))).toContain('not here')
  const kappa = rules.get('trimmed-mean')!.kappa!(10, 3, {})
  expect(lines.find((line) => line.startsWith('trimmed-mean '))).toContain(` ${Number(kappa.toPrecision(3))} `)
})

test('rules --json: everything', async () => {
  const { code, stdout } = await hearsay(['rules', '--json'])
  expect(code).toBe(0)
  const listed = JSON.parse(stdout)
  expect(listed.rules.map(({ name }: { name: string }) => name)).toEqual([...rules.keys()])
  expect(listed.before.map(({ name }: { name: string }) => name)).toEqual([...beforeRules.keys()])
  expect(listed.rules).toContainEqual(
    expect.objectContaining({
      name: 'krum',
      requirement: rules.get('krum')!.requirementText,
      defined: true,
      kappa: (6 * 13) / 9,
      options: { neighbours: expect.objectContaining({ default: 'n-f-2', value: 'n-f-2 or n-f-1' }) },
    }),
  )
  expect(listed.rules).toContainEqual(expect.objectContaining({ name: 'mean', kappa: 'infinite' }))
})

test('nothing of networks, training or plots is loaded for them', () => {
  const main = join(import.meta.dirname, 'hearsay.ts')
  const tell = `data:text/javascript,import { registerHooks } from 'node:module';
    registerHooks({ load: (url, context, next) => (console.error(url), next(url, context)) })`
  const { status, stderr } = spawnSync(process.execPath, ['--import', tell, main, 'rules'], { encoding: 'utf8' })
  expect(status).toBe(0)
  expect(stderr).toContain('aggregation/src/rules.ts')
  expect(stderr).not.toMatch(
    /libp2p|tfjs|vega|packages\/(peer|libp2p|virtual|ledger|home|training|scenario|results|experiment)\//,
  )
})
