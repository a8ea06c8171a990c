import { readFileSync } from 'node:fs'
import { beforeRules, rules } from '@hearsay/aggregation'
import { expect, test } from 'vitest'
import { rulesReference, rulesReferenceFile } from './write-rules-reference.ts'

test('the reference of rules is current: `node scripts/reference/write-rules-reference.ts` writes it', () => {
  expect(readFileSync(rulesReferenceFile, 'utf8')).toBe(rulesReference())
})

test('every rule and pre-rule states its requirement, cost, arithmetic, and an example', () => {
  const sections = rulesReference().split(/^## /m)
  for (const name of [...rules.keys(), ...beforeRules.keys()]) {
    const section = sections.find((each) => each.startsWith(`${name}\n`))
    for (const what of ['Requires ', 'Cost ', 'Arithmetic: ', 'Example']) expect(section, name).toContain(what)
  }
})
