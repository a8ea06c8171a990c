import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadScenario } from './load.ts'

const folder = join(import.meta.dirname, '../../../scenarios')
const files = readdirSync(folder)
  .map((name) => ({ file: join(folder, name), name }))
  .filter(({ file, name }) => name.endsWith('.yaml') && /\/scenario\.schema\.json$/m.test(readFileSync(file, 'utf8')))

test('scenarios ship', () => {
  const names = files.map(({ name }) => name)
  for (const name of ['one-third.yaml', 'own-rule.yaml', 'rules-and-attacks.yaml']) expect(names).toContain(name)
})

test.each(files)('$name loads, bears the name of its file, and expects something', ({ file, name }) => {
  const scenario = loadScenario(readFileSync(file, 'utf8'), { file })
  expect(`${scenario.name}.yaml`).toBe(name)
  expect(scenario.expectations.length).toBeGreaterThan(0)
})
