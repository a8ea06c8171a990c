import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { zipSync } from 'fflate'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { DataError } from '../format/data-error.ts'
import { tarGz } from '../testing/tar-gz.ts'
import { untar, unzip } from './unpack.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearsay-unpack-'))
})
afterEach(() => rm(folder, { recursive: true }))

type Files = Readonly<Record<string, Uint8Array>>
const text = (words: string) => new TextEncoder().encode(words)
const zip = async (files: Files) => zipSync({ ...files })
const members = new Map([
  ['in/a.txt', 'a.txt'],
  ['in/b.txt', 'deep/b.txt'],
])

const kinds = [
  { kind: 'zip', pack: zip, unpack: unzip },
  { kind: 'tar.gz', pack: tarGz, unpack: untar },
] as const

test.each(kinds)('of a $kind what is asked for is taken, and nothing else', async ({ pack, unpack }) => {
  const files = { 'in/a.txt': text('a'), 'other.txt': text('o'), '../up.txt': text('u'), 'in/b.txt': text('bb') }
  await writeFile(join(folder, 'x'), await pack(files))
  await unpack(folder, { archive: 'x', members, bytesMost: 10 })
  expect((await readdir(folder, { recursive: true })).sort()).toEqual(['a.txt', 'deep', 'deep/b.txt', 'x'])
  expect(await readFile(join(folder, 'deep', 'b.txt'), 'utf8')).toBe('bb')
})

test.each(kinds)('a $kind that lacks one, holds too much or is cut off is refused', async ({ pack, unpack }) => {
  const whole = { 'in/a.txt': text('a'), 'in/b.txt': text('b'.repeat(5_000)) }
  const refused = async (bytes: Uint8Array, words: RegExp) => {
    await writeFile(join(folder, 'x'), bytes)
    const error = await unpack(folder, { archive: 'x', members, bytesMost: 4_000 }).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'bad-data', message: expect.stringMatching(words) })
  }
  await refused(await pack({ 'in/a.txt': text('a') }), /in\/b\.txt is not in it; get the file again/)
  await refused(await pack(whole), /in\/b\.txt in it is larger than 4000 bytes/)
  const packed = await pack(whole)
  await refused(packed.subarray(0, packed.length / 2), /cannot be unpacked|is not in it|larger/)
  await refused(new Uint8Array(), /cannot be unpacked|is not in it/)
})

test.each(kinds)(
  'whatever bytes stand in place of a $kind, it ends, with an error of data',
  async ({ pack, unpack }) => {
    const good = await pack({ 'in/a.txt': text('a'), 'in/b.txt': text('b') })
    const mutated = fc
      .array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 })
      .map((changes) => changes.reduce((bytes, [at, value]) => bytes.with(at, value), Uint8Array.from(good)))
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 300 }), mutated), async (bytes) => {
        await writeFile(join(folder, 'x'), bytes)
        const error = await unpack(folder, { archive: 'x', members, bytesMost: 100 }).catch((thrown: unknown) => thrown)
        if (error !== undefined) expect(error).toBeInstanceOf(DataError)
      }),
      { numRuns: 150 },
    )
  },
)
