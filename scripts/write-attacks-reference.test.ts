import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { optionsOfProtocolAttack, protocolAttacks } from '../packages/adversary/src/index.ts'
import { attacks } from '../packages/adversary/src/updates/index.ts'
import { attacksReference, attacksReferenceFile } from './write-attacks-reference.ts'

test('the reference of attacks is current: `node scripts/write-attacks-reference.ts` writes it', () => {
  expect(readFileSync(attacksReferenceFile, 'utf8')).toBe(attacksReference())
})

test('every attack states what it can do, what it requires, its cost, an example, and its source as the list has it', () => {
  const sections = attacksReference().split(/^## /m)
  for (const [name, { paper, options }] of attacks) {
    const section = sections.find((each) => each.startsWith(`${name}\n`))?.replaceAll(/\s+/g, ' ')
    const parts = ['What it can do: ', 'Requires ', 'Cost ', 'Example, ']
    for (const what of [...parts, ...Object.keys(options)]) expect(section, name).toContain(what)
    // Title and venue are written alike.
    expect(section, name).toContain(paper.split(': ').pop() ?? '')
  }
})

test('every attack on the protocol states what f and more achieve, and which evidence it leaves', () => {
  const sections = attacksReference().split(/^## /m)
  for (const [name, attack] of protocolAttacks) {
    const section = sections.find((each) => each.startsWith(`${name}\n`))
    for (const what of [
      'At most f of them: ',
      'More than f: ',
      'Evidence: ',
      ...Object.keys(optionsOfProtocolAttack(attack)),
    ])
      expect(section, name).toContain(what)
  }
})
