import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hearsay } from './testing/command.ts'

test('the scenario with a rule and an attack of one’s own runs, and so does what it leaves in its folder', async () => {
  const scenarios = join(import.meta.dirname, '../../../scenarios')
  const out = mkdtempSync(join(tmpdir(), 'hearsay-own-rule-'))
  const { code, stdout, stderr } = await hearsay(['run', join(scenarios, 'own-rule.yaml'), '--out', out])
  expect([code, stderr], stdout).toEqual([0, ''])
  expect(stdout).toContain('✓ my attack costs more')
  const kept = join(out, 'latest')
  expect(readFileSync(join(kept, 'own-rule.ts'), 'utf8')).toBe(readFileSync(join(scenarios, 'own-rule.ts'), 'utf8'))
  const set = ['rounds=1', 'expect=[]', 'sweep={ adversaries.count: 0, aggregation.rule: nearest-to-median }']
  const words = ['run', join(kept, 'scenario.yaml'), '--out', out, '--json', ...set.flatMap((each) => ['--set', each])]
  const again = await hearsay(words)
  expect(again.code, again.stderr).toBe(0)
  expect(JSON.parse(again.stdout).cells).toMatchObject([
    { parameters: { aggregation: { rule: 'nearest-to-median', keep: 3 } }, liveness: { certified: 1 } },
  ])
  rmSync(out, { recursive: true })
  // Sixteen rounds of seven peers: some ten seconds, and more where other tests run beside it.
}, 240_000)
