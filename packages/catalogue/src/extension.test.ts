import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { beforeDeadline, loadModule, NeverReturns } from './extension.ts'

test('what does not come to an end is ended', () => {
  const forever = () => {
    for (;;);
  }
  expect(() => beforeDeadline(forever, 'its code', 50)).toThrow(new NeverReturns('its code', 50))
})

test('what a function gives or throws is the same with a deadline', () => {
  const list = [1]
  expect(beforeDeadline(() => list, 'it')).toBe(list)
  const error = new TypeError('no')
  expect(() =>
    beforeDeadline(() => {
      throw error
    }, 'it'),
  ).toThrow(error)
})

test('a module is loaded with its types', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'extension-')), 'own.ts')
  writeFileSync(file, 'export const rules: number[] = [1]')
  expect(loadModule(file, import.meta.url).rules).toEqual([1])
})
