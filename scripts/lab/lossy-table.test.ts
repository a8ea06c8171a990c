import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'

const mnist = process.env.HEARSAY_MNIST ?? fileURLToPath(new URL('../../../../shared/data/mnist', import.meta.url))
const isThere = existsSync(join(mnist, 'train-images-idx3-ubyte.gz'))

describe.skipIf(!isThere)('a short run of the table on MNIST', () => {
  /** By row, at 0, 1, 10 and 30 %; 0 where the model is no longer finite. */
  let table: Record<string, [number, number, number, number]>
  beforeAll(() => {
    const words = [join(import.meta.dirname, 'lossy-table.ts'), '--data', mnist, '--steps', '4', '--json']
    table = JSON.parse(execFileSync(process.execPath, words, { encoding: 'utf8' }), (_, value) => value ?? 0)
  }, 120_000)

  test.each([
    'mean, zero',
    'mean, scale',
    'mean, skip',
    'mean, last',
    'median, skip',
    'multi-krum f 8, zero',
    'multi-krum f 8, last',
  ])('harmless on all links: %s', (row) => {
    const [whole, ...lossy] = table[row]!
    expect(whole).toBeGreaterThan(0.5)
    for (const each of lossy) expect(each).toBeGreaterThan(whole - 0.06)
  })

  test('random numbers cost the mean and multi-krum the more, the more is lost', () => {
    for (const row of ['mean, normal', 'multi-krum f 8, normal']) {
      const [whole, little, much, most] = table[row]!
      expect(little).toBeGreaterThan(whole - 0.06)
      expect(much).toBeLessThan(little)
      expect(most).toBeLessThan(Math.min(much, whole - 0.1))
    }
  })

  test('garbage on all links breaks the mean at once, rules for f at 30 %, and not the median', () => {
    for (const each of table['mean, garbage']!.slice(1)) expect(each).toBeLessThan(0.3)
    for (const row of ['trimmed mean f 4, garbage', 'multi-krum f 8, garbage']) expect(table[row]![3]).toBeLessThan(0.3)
    const [whole, , much] = table['median, garbage']!
    expect(much).toBeGreaterThan(whole - 0.06)
  })

  test('garbage on at most f links costs robust rules nothing, and breaks the mean', () => {
    for (const each of table['mean, garbage on 8 of 19 links']!.slice(1)) expect(each).toBeLessThan(0.3)
    for (const rule of ['median', 'multi-krum']) {
      const [whole, ...lossy] = table[`${rule}, garbage on 8 of 19 links`]!
      for (const each of lossy) expect(each).toBeGreaterThan(whole - 0.06)
    }
  })

  test('to drop updates with holes leaves none of 32 chunks at 30 %', () => {
    const [whole, little, , most] = table['mean, drop']!
    expect(little).toBeGreaterThan(whole - 0.1)
    expect(most).toBeLessThan(0.2)
  })
})
