import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { hearsay } from './testing/command.ts'

const folder = mkdtempSync(join(tmpdir(), 'hearsay-trust-'))
afterAll(() => rmSync(folder, { recursive: true }))
const town = join(import.meta.dirname, '../../../scenarios/data/town.yaml')

test('weights as a table with a picture, as JSON, and as a roster', async () => {
  const picture = join(folder, 'town.svg')
  const table = await hearsay(['trust', town, '--picture', picture])
  expect([table.stderr, table.code]).toEqual(['', 0])
  expect(table.stdout).toMatch(/^ada +1\.000000 +1000 +11\.6 % {2}pre-trusted$/m)
  expect(table.stdout).toContain('Together W = 8658; liars may weigh up to F = 2885.')
  expect(readFileSync(picture, 'utf8')).toContain('ida 276')
  const { peers, total, stops, decides } = JSON.parse((await hearsay(['trust', town, '--json'])).stdout)
  expect([peers.length, total, stops, decides]).toEqual([31, 8658, 3, 6])
  const roster = await hearsay(['trust', town, '--roster', '--pre-trusted', 'ada', '--scale', '100'])
  expect(roster.stdout).toMatch(/^peers:\n {2}- \{ id: "ada", weight: 82 \}\n/)
  expect(roster.stdout).not.toContain('weight: 0')
})

test('what sybils get, by every method', async () => {
  const picture = join(folder, 'sybils.svg')
  const { stdout } = await hearsay(['trust', town, '--sybils', '1,100', '--json', '--picture', picture])
  expect(readFileSync(picture, 'utf8')).toContain('sybils who vouch for each other')
  const [few, many] = JSON.parse(stdout).gains
  expect(Object.keys(few.shares)).toEqual(['heads', 'eigentrust', 'lipschitrust', 'sybilrank'])
  expect(many.shares.heads).toBeGreaterThan(0.7)
  for (const method of ['eigentrust', 'lipschitrust', 'sybilrank']) expect(many.shares[method]).toBeLessThan(0.05)
})

test.each([
  [['--method', 'lipshitrust'], 'Unknown trust method "lipshitrust"; did you mean "lipschitrust"?'],
  [['--option', 'decay=2'], 'Trust method "lipschitrust": decay must be a number above 0 to 0.95, not 2.'],
  [['--pre-trusted', 'ada,adah'], '--pre-trusted adah: no vouch of'],
  [['--sybils', '0'], '--sybils 0: expected counts from 1 to 900 with commas between.'],
])('%j is exit code 2 and says why', async (words, reason) => {
  const { code, stdout, stderr } = await hearsay(['trust', town, ...words])
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toContain(reason)
})
