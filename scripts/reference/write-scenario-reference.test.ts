import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { protocolAttacks } from '@hearsay/adversary'
import { attacks } from '@hearsay/adversary/updates'
import { beforeRules, rules } from '@hearsay/aggregation'
import { poisons } from '@hearsay/training/schema'
import { expect, test } from 'vitest'
import { referenceFile, referenceTables, tasksFile, taskTables, withReference } from './write-scenario-reference.ts'

test('the reference of scenarios is current: `node scripts/reference/write-scenario-reference.ts` writes it', () => {
  for (const [file, tables] of [
    [referenceFile, referenceTables()],
    [tasksFile, taskTables()],
  ] as const) {
    const document = readFileSync(file, 'utf8')
    expect(withReference(document, tables)).toBe(document)
  }
})

test('a document without the marks is refused', () => {
  expect(() => withReference('# Scenarios', '')).toThrow('must enclose the reference')
})

test('a variant that is described here has the fields that are its own', () => {
  const rows = referenceTables().split('\n')
  expect(rows.filter((row) => row.startsWith('| `adversaries.behaviour` | `none`'))).toHaveLength(1)
  const [pictures] = taskTables().split('\n## samples')
  const partitions = pictures!.split('\n').filter((row) => row.startsWith('| `task.partition.kind`'))
  expect(partitions).toHaveLength(7)
  expect(new Set(partitions).size).toBe(partitions.length)
})

test('nothing is told twice, and the whole is short enough to be read', () => {
  expect(readFileSync(referenceFile).length).toBeLessThanOrEqual(40_000)
  const described = referenceTables()
    .split('\n')
    .filter((row) => /^\| `(aggregation|adversaries)\./.test(row))
  expect(new Set(described).size).toBe(described.length)
  expect(described.filter((row) => row.startsWith('| `aggregation.'))).toHaveLength(3)
})

test('every rule, pre-rule and attack is named here, and described with each of its options where it is linked', () => {
  const text = referenceTables()
  const documents = [
    ['rules.md', [...rules.values(), ...beforeRules.values()]],
    ['attacks.md', [...attacks.values(), ...protocolAttacks.values(), ...poisons.values()]],
  ] as const
  for (const [document, members] of documents) {
    const sections = readFileSync(new URL(document, pathToFileURL(referenceFile)), 'utf8').split(/^## /m)
    for (const { name, options } of members) {
      // It needs a trusted update, which no scenario has.
      if (name !== 'fltrust') expect(text).toContain(`\`${name}\``)
      const section = sections.filter((each) => each.startsWith(`${name}\n`))
      expect(section).toHaveLength(1)
      for (const option of Object.keys(options)) expect(section[0]).toMatch(new RegExp(`^\\| \`${option}\` \\|`, 'm'))
    }
  }
})
