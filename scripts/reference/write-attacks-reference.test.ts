import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { optionsOfProtocolAttack, protocolAttacks } from '@hearsay/adversary'
import { attacks } from '@hearsay/adversary/updates'
import { loadScenario } from '@hearsay/scenario'
import { expect, test } from 'vitest'
import { type Measured, measuredFile } from './rules-and-attacks.ts'
import { attacksReference, attacksReferenceFile } from './write-attacks-reference.ts'

test('the reference of attacks is current: `node scripts/reference/write-attacks-reference.ts` writes it', () => {
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

test('what breaks which rule is measured of the attacks and rules that the scenario has', () => {
  const file = fileURLToPath(new URL('../../scenarios/rules-and-attacks.yaml', import.meta.url))
  const { cells, plot, seeds } = loadScenario(readFileSync(file, 'utf8'), { file })
  const { rules, attacks, accuracy, backdoor, ...measured } = JSON.parse(readFileSync(measuredFile, 'utf8')) as Measured
  const first = cells[0]!.parameters
  expect(measured).toMatchObject({ seeds, peers: first.peers, tolerated: first.tolerated, rounds: first.rounds })
  expect(rules.length * attacks.length).toBe(cells.length)
  expect(plot).toHaveLength(2)
  expect(accuracy.map((row) => row.length)).toEqual(rules.map(() => attacks.length))
  expect(backdoor).toHaveLength(rules.length)
  // As a share of what a rule has without liars: the mean is lost to noise with every seed, and a robust rule with none.
  const left = (rule: string, attack: string): number[] => {
    const row = accuracy[rules.indexOf(rule)]!
    return row[attacks.indexOf(attack)]!.map((share, seed) => share / row[0]![seed]!)
  }
  for (const share of left('mean', 'gaussian')) expect(share).toBeLessThan(0.5)
  for (const share of left('trimmed-mean', 'gaussian')) expect(share).toBeGreaterThan(0.85)
})
