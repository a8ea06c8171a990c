import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { protocolAttacks } from '@hearsay/adversary'
import { attacks } from '@hearsay/adversary/updates'
import { encodeNpy, readNpy } from '@hearsay/data/npy'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hearsay } from './testing/command.ts'

const honest = [
  [1, 2, 3],
  [4, 5, 6],
  [7, 8, 9],
].map((vector) => Float32Array.from(vector))

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearsay-attack-'))
  writeFileSync(join(folder, 'honest.npy'), Buffer.concat([...encodeNpy([3, 3], honest)]))
  const nan = [honest[0]!, Float32Array.of(0, Number.NaN, 0)]
  writeFileSync(join(folder, 'nan.npy'), Buffer.concat([...encodeNpy([2, 3], nan)]))
  writeFileSync(join(folder, 'short.npy'), Buffer.concat([...encodeNpy([2], [Float32Array.of(1, 2)])]))
  writeFileSync(join(folder, 'own.npy'), Buffer.concat([...encodeNpy([3], [Float32Array.of(1, -2, 0)])]))
})

afterAll(() => rmSync(folder, { recursive: true }))

async function rowsOf(bytes: Uint8Array): Promise<number[][]> {
  const rows: Float32Array<ArrayBuffer>[] = []
  const place = ([n = 0, d = 0]: readonly number[]) => {
    rows.push(...Array.from({ length: n }, () => new Float32Array(d)))
    return (row: number) => rows[row]!
  }
  await readNpy([bytes], { name: 'out.npy', place })
  return rows.map((row) => [...row])
}

const inFolder = (words: readonly string[]) => hearsay(['attack', ...words], { cwd: folder })

test.each([
  [['little-is-enough', '--malicious', '2', '--option', 'z=1.5'], Array(2).fill([8.5, 9.5, 10.5])],
  [['inner-product', '--malicious', '1', '--option', 'tau=2'], [[-8, -10, -12]]],
  [['sign-flip', '--malicious', '1'], [[-4, -5, -6]]],
  [['sign-flip', '--malicious', '1', '--own', 'own.npy'], [[-1, 2, -0]]],
  [
    ['inner-product', '--malicious', '1', '--option', 'tau=2', '--append'],
    [...honest.map((vector) => [...vector]), [-8, -10, -12]],
  ],
])('%j', async (words, expected) => {
  expect(await inFolder([...words, 'honest.npy', 'out.npy'])).toEqual({ code: 0, stdout: '', stderr: '' })
  expect(await rowsOf(readFileSync(join(folder, 'out.npy')))).toEqual(expected)
})

test('noise is another for each liar, and the same with the same seed', async () => {
  const words = ['gaussian', '--malicious', '2', '--seed', '7', 'honest.npy']
  for (const file of ['a.npy', 'b.npy']) expect(await inFolder([...words, file])).toMatchObject({ code: 0 })
  const [first, second] = await rowsOf(readFileSync(join(folder, 'a.npy')))
  expect(first).not.toEqual(second)
  expect(readFileSync(join(folder, 'b.npy')).equals(readFileSync(join(folder, 'a.npy')))).toBe(true)
})

test('what it writes, a rule takes: a search against the mean finds that it goes anywhere', async () => {
  const main = join(import.meta.dirname, 'hearsay.ts')
  const command = `'${process.execPath}' '${main}'`
  const piped = spawnSync(
    'sh',
    [
      '-c',
      `${command} attack optimal-inner-product --malicious 1 --rule mean --append honest.npy |
       ${command} aggregate --rule mean --tolerated 1 - out.npy`,
    ],
    { cwd: folder, encoding: 'utf8' },
  )
  expect(piped).toMatchObject({ status: 0, stderr: '' })
  const bytes = readFileSync(join(folder, 'out.npy'))
  const vector = new Float32Array(3)
  await readNpy([bytes], { name: 'out.npy', place: () => () => vector })
  expect(Math.min(...vector.map(Math.abs))).toBeGreaterThan(1e5)
})

test.each([
  [['sing-flip', '--malicious', '1', 'honest.npy', 'x.npy'], 'did you mean "sign-flip"?'],
  [['silent', '--malicious', '1', 'honest.npy', 'x.npy'], 'a scenario has it'],
  [['label-flip', '--malicious', '1', 'honest.npy', 'x.npy'], 'a scenario has it'],
  [['inner-product', '--malicious', '1', '--option', 'taus=1', 'honest.npy', 'x.npy'], 'did you mean "tau"?'],
  [['inner-product', '--malicious', '0', 'honest.npy', 'x.npy'], '--malicious takes at least 1'],
  [['inner-product', 'honest.npy', 'x.npy'], "required option '--malicious <F>' not specified"],
  [
    ['inner-product', '--malicious', '1', '--own', 'honest.npy', 'honest.npy', 'x.npy'],
    'one vector has the shape (d,)',
  ],
  [['sign-flip', '--malicious', '1', '--own', 'short.npy', 'honest.npy', 'x.npy'], '--own short.npy has 2 numbers'],
  [['sign-flip', '--malicious', '1', '--rule', 'krmu', 'honest.npy', 'x.npy'], 'did you mean "krum"?'],
  [['sign-flip', '--malicious', '1', 'nan.npy', 'x.npy'], 'leave out row 1 (the first is 0)'],
  [['gaussian', '--malicious', '1', '--seed', '4294967296', 'honest.npy', 'x.npy'], '--seed 4294967296: at most'],
  [['optimal-inner-product', '--malicious', '2', 'honest.npy', 'x.npy', '--rule', 'krum'], 'Rule "krum" requires'],
])('%j is exit code 2 and says why', async (words, reason) => {
  const { code, stdout, stderr } = await inFolder(words)
  expect(stderr).toContain(reason)
  expect(stderr).not.toMatch(/^\s+at /m)
  expect([code, stdout]).toEqual([2, ''])
})

test('attacks: one line each, and everything as JSON', async () => {
  const { code, stdout } = await hearsay(['attacks'])
  expect(code).toBe(0)
  const lines = stdout.split('\n')
  for (const { name, summary } of [...attacks.values(), ...protocolAttacks.values()]) {
    expect(lines.filter((line) => line.startsWith(`${name} `) && line.endsWith(summary))).toHaveLength(1)
  }
  const all = JSON.parse((await hearsay(['attacks', '--json'])).stdout)
  expect(all.protocolAttacks.map(({ name }: { name: string }) => name)).toEqual([...protocolAttacks.keys()])
  const { attacks: listed } = all
  expect(listed.map(({ name }: { name: string }) => name)).toEqual([...attacks.keys()])
  expect(listed).toContainEqual(
    expect.objectContaining({
      name: 'sign-flip',
      paper: attacks.get('sign-flip')!.paper,
      options: expect.objectContaining({ of: expect.objectContaining({ value: 'own or mean' }) }),
    }),
  )
})
