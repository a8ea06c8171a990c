import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { dataSchema, readSamples } from '../formats.ts'
import { encodeIdx } from '../testing/encode-idx.ts'
import { originOf } from './named.ts'
import { neededFiles } from './named-set.ts'
import { namedSets } from './sets.ts'

test('every set says whose it is, has pins, mirrors, and what it reads', () => {
  for (const set of namedSets.values()) {
    expect([set.source, set.licence].every((words) => words.length > 2)).toBe(true)
    for (const mirror of set.mirrors) expect(mirror).toMatch(/^https?:\/\/.*\/$/)
    for (const { name, sizeBytes, sha256 } of set.pinned) {
      expect(name).toMatch(/^[\w -][\w. -]*$/)
      expect(sizeBytes).toBeGreaterThan(1_000)
      expect(sha256).toMatch(/^[0-9a-f]{64}$/)
    }
    for (const name of neededFiles(set)) expect(name).toMatch(/^[\w -][\w. /-]*$/)
    expect(set.prepare === undefined).toBe(set.prepared === undefined)
  }
})

test('a set is chosen by its name, or with its options; a wrong name is answered with the right one', () => {
  const parse = (name: unknown) => dataSchema().safeParse({ kind: 'named', name })
  expect(parse('har').success).toBe(true)
  expect(parse({ har: { inputs: 'series' } }).success).toBe(true)
  expect(parse({ har: { inputs: 'pictures' } }).success).toBe(false)
  expect(parse('minst').success).toBe(false)
  expect(() => namedSets.find('minst')).toThrow('Unknown data set "minst"; did you mean "mnist"?')
})

test('fashion-mnist is read with the names of its classes', async () => {
  const base = await mkdtemp(join(tmpdir(), 'hearsay-fashion-'))
  for (const part of ['train', 't10k']) {
    await writeFile(join(base, `${part}-images-idx3-ubyte.gz`), gzipSync(encodeIdx([2, 28, 28], new Uint8Array(1_568))))
    await writeFile(join(base, `${part}-labels-idx1-ubyte.gz`), gzipSync(encodeIdx([2], Uint8Array.of(9, 0))))
  }
  const { outputs, train, origin } = await readSamples(
    dataSchema().parse({ kind: 'named', name: 'fashion-mnist', folder: '.' }),
    { base },
  )
  expect([outputs[0], outputs[9], origin?.licence]).toEqual(['t-shirt', 'ankle boot', 'MIT'])
  expect(train.targets).toEqual({ kind: 'classes', labels: Int32Array.of(9, 0) })
  await rm(base, { recursive: true })
})

test('whose data are is known by the name alone', () => {
  expect(originOf({ kind: 'named', name: { har: { inputs: 'series' } } })?.licence).toMatch(/^CC BY 4\.0/)
  expect(originOf({ kind: 'idx', folder: 'mine' })).toBeUndefined()
})
