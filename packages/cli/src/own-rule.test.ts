import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hearsay } from './testing/command.ts'

const scenarios = join(import.meta.dirname, '../../../scenarios')

test('the scenario with a rule and an attack of one’s own runs, and so does what it leaves in its folder', async () => {
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
    { parameters: { aggregation: { rule: 'nearest-to-median', keep: 3 } }, liveness: { ended: 1 } },
  ])
  rmSync(out, { recursive: true })
  // Sixteen rounds of seven peers: some ten seconds, and more where other tests run beside it.
}, 240_000)

test('verify computes with a rule of one’s own only when it is told its file; replay has it in the folder', async () => {
  const out = mkdtempSync(join(tmpdir(), 'hearsay-own-rule-'))
  const set = [
    'sweep={ adversaries.count: 0 }',
    'expect=[]',
    'rounds=2',
    'task.trainSamples=700',
    'learning.localSteps=2',
    'network={ transport: virtual, signatures: ed25519 }',
  ].flatMap((each) => ['--set', each])
  const ran = await hearsay(['run', join(scenarios, 'own-rule.yaml'), '--out', out, '--archive', ...set])
  expect(ran.code, ran.stderr).toBe(0)
  const folder = join(out, 'latest')
  const file = join(folder, 'own-rule.ts')

  const without = await hearsay(['verify', folder, '--json'])
  expect(without.code).toBe(0)
  const reason = 'the rule "nearest-to-median" is none that ships; --extension names a file that has it'
  for (const { aggregates } of JSON.parse(without.stdout).ledgers)
    expect(aggregates).toEqual({ recomputed: 0, unknown: { round: 1, reason } })

  const told = await hearsay(['verify', folder, '--extension', file])
  expect(told.code, told.stderr).toBe(0)
  expect(told.stdout.match(/aggregates ✓ 2 computed again, to the same bits$/gm)).toHaveLength(7)
  expect(told.stdout).toMatch(/^Rules of .*own-rule\.ts, SHA-256 [0-9a-f]{64}; /m)

  const other = join(out, 'other.ts')
  writeFileSync(other, readFileSync(file, 'utf8').replace('/ nearest.length', '/ (nearest.length + 1)'))
  expect(await hearsay(['verify', folder, '--extension', other])).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('broken in round 1: its rule gives the model'),
  })
  const why = 'round 1: Rule "nearest-to-median" throws: Error: no'
  writeFileSync(
    other,
    readFileSync(file, 'utf8').replace('const length =', "if (vectors) throw new Error('no')\n  const length ="),
  )
  expect(await hearsay(['verify', folder, '--extension', other])).toMatchObject({
    code: 2,
    stdout: expect.stringMatching(new RegExp(`\\nNot all could be checked: .*ledger, ${why}\\n$`)),
  })
  const nowhere = join(out, 'nowhere.ts')
  expect(await hearsay(['verify', folder, '--extension', nowhere])).toMatchObject({
    code: 2,
    stderr: `hearsay: --extension ${nowhere}: there is no such file.\n`,
  })
  expect(await hearsay(['verify', folder, '--extension', out])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^hearsay: --extension: .*is a folder; an extension is one TypeScript file/),
  })
  expect(await hearsay(['replay', folder])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('✓ 1 run repeated'),
  })
  rmSync(out, { recursive: true })
}, 120_000)

test('what throws in a file of one’s own is told with its place, the cell and what is kept', async () => {
  const out = mkdtempSync(join(tmpdir(), 'hearsay-own-rule-'))
  for (const name of ['own-rule.yaml', 'own-rule.ts']) {
    const text = readFileSync(join(scenarios, name), 'utf8')
    writeFileSync(
      join(out, name),
      text.replace('const length = vectors[0]!.length', 'const length = vectors[9]!.length'),
    )
  }
  const set = ['sweep={ adversaries.count: 0 }', 'expect=[]', 'task.trainSamples=700'].flatMap((each) => [
    '--set',
    each,
  ])
  const words = ['run', join(out, 'own-rule.yaml'), '--out', out, '--network', 'virtual', ...set]
  const { code, stderr } = await hearsay(words)
  expect(stderr).toMatch(
    /^hearsay: cell "no liars", seed 1: own-rule\.ts:12:\d+: .*TypeError: Cannot read .*; what the others found .*\n$/,
  )
  expect(code).toBe(2)
  rmSync(out, { recursive: true })
}, 120_000)

test.each([
  ['return undefined as never', 'gave nothing where 7850 finite numbers are due'],
  ['return new Float64Array(3)', 'gave 3 where 7850 finite numbers are due'],
  ['return vectors[0]!.map(() => Number.NaN)', 'gave some that are not finite where 7850'],
  ['return Promise.resolve(vectors[0]!) as never', 'gave a promise, which nobody waits for, where 7850'],
  ["throw 'no'", 'throws: no'],
])(
  'a rule that gives no vector is told like an attack that gives none: %s',
  async (body, reason) => {
    const out = mkdtempSync(join(tmpdir(), 'hearsay-own-rule-'))
    const definition = `name: 'mine', summary: 'mine', requirement: (n, f) => n > 2 * f, requirementText: 'n > 2f'`
    writeFileSync(
      join(out, 'mine.ts'),
      `import { defineRule } from '@hearsay/aggregation'
export const rules = [defineRule({ ${definition}, reference(vectors) { ${body} } })]`,
    )
    writeFileSync(
      join(out, 'mine.yaml'),
      `name: mine
question: What becomes of it?
extensions: [./mine.ts]
peers: 4
tolerated: 1
task: { model: logistic, trainSamples: 400, testSamples: 100 }
learning: { localSteps: 3 }
aggregation: { rule: mine }
rounds: 2
`,
    )
    for (const network of ['memory', 'virtual']) {
      const { code, stderr } = await hearsay(['run', join(out, 'mine.yaml'), '--network', network, '--out', out])
      expect(stderr).toContain(`cell "no liars", seed 1: `)
      expect(stderr).toContain(`Rule "mine" ${reason}`)
      expect(stderr).not.toMatch(/^\s+at /m)
      expect(code).toBe(2)
    }
    rmSync(out, { recursive: true })
  },
  120_000,
)
