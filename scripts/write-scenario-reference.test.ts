import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { referenceFile, referenceTables, withReference } from './write-scenario-reference.ts'

test('the reference of scenarios is current: `node scripts/write-scenario-reference.ts` writes it', () => {
  const document = readFileSync(referenceFile, 'utf8')
  expect(withReference(document)).toBe(document)
})

test('every variant has the fields that are its own', () => {
  const rows = referenceTables().split('\n')
  const place = (start: string): number => rows.findIndex((row) => row.startsWith(start))
  const signFlip = place('| `adversaries.behaviour` | `sign-flip`')
  expect(signFlip).toBeGreaterThan(0)
  expect(place('| `adversaries.scale`')).toBeGreaterThan(signFlip)
  expect(place('| `adversaries.scale`')).toBeLessThan(place('| `adversaries.behaviour` | `zero`'))
  expect(new Set(rows.filter((row) => row.startsWith('| `task.partition.kind`'))).size).toBe(4)
  expect(rows.filter((row) => row.startsWith('| `task.partition.kind`'))).toHaveLength(4)
})

test('a document without the marks is refused', () => {
  expect(() => withReference('# Scenarios')).toThrow('must enclose the reference')
})
