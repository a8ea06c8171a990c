import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hearsay } from './testing/command.ts'

const scenarios = join(import.meta.dirname, '../../../scenarios')
const out = mkdtempSync(join(tmpdir(), 'hearsay-own-rule-'))
const words = (...set: readonly string[]) => ['--no-pictures', '--out', out, ...set.flatMap((each) => ['--set', each])]
let shipped: Awaited<ReturnType<typeof hearsay>>
let kept: string

// Sixteen rounds of seven peers: some ten seconds, and more where other tests run beside it.
beforeAll(async () => {
  shipped = await hearsay(['run', join(scenarios, 'own-rule.yaml'), ...words()])
  kept = realpathSync(join(out, 'latest'))
}, 240_000)
afterAll(() => rmSync(out, { recursive: true }))

test('the scenario with a rule and an attack of one’s own runs, and its folder has the file', () => {
  const { code, stdout, stderr } = shipped
  expect([code, stderr], stdout).toEqual([0, ''])
  expect(stdout).toContain('✓ my attack costs more')
  expect(readFileSync(join(kept, 'own-rule.ts'), 'utf8')).toBe(readFileSync(join(scenarios, 'own-rule.ts'), 'utf8'))
})

test('that folder runs; verify computes with the rule only when it is told its file; replay has it', async () => {
  const set = [
    'sweep={ adversaries.count: 0, aggregation.rule: nearest-to-median }',
    'expect=[]',
    'rounds=2',
    'task.trainSamples=700',
    'learning.localSteps=2',
    'network={ transport: virtual, signatures: ed25519 }',
  ]
  const ran = await hearsay([
    ...['run', join(kept, 'scenario.yaml'), '--engine', 'wasm', '--archive', '--json'],
    ...words(...set),
  ])
  expect(ran.code, ran.stderr).toBe(0)
  expect(JSON.parse(ran.stdout).cells).toMatchObject([
    { parameters: { aggregation: { rule: 'nearest-to-median', keep: 3 } }, liveness: { ended: 2 } },
  ])
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
}, 120_000)

test('what throws in a file of one’s own is told with its place, the cell and what is kept', async () => {
  for (const name of ['own-rule.yaml', 'own-rule.ts']) {
    const text = readFileSync(join(scenarios, name), 'utf8')
    writeFileSync(
      join(out, name),
      text.replace('const length = vectors[0]!.length', 'const length = vectors[9]!.length'),
    )
  }
  const set = words('sweep={ adversaries.count: 0 }', 'expect=[]', 'task.trainSamples=700')
  const run = ['run', join(out, 'own-rule.yaml'), '--network', 'virtual', '--engine', 'wasm']
  const { code, stderr } = await hearsay([...run, ...set])
  expect(stderr).toMatch(
    /^hearsay: cell "no liars", seed 1: own-rule\.ts:12:\d+: .*TypeError: Cannot read .*; what the others found .*\n$/,
  )
  expect(code).toBe(2)
}, 120_000)

/** Rules that give no vector, and what is told of each. */
const wrong = {
  nothing: ['return undefined as never', 'gave nothing where 7850 finite numbers are due'],
  few: ['return new Float64Array(3)', 'gave 3 where 7850 finite numbers are due'],
  nan: ['return vectors[0]!.map(() => Number.NaN)', 'gave some that are not finite where 7850'],
  late: ['return Promise.resolve(vectors[0]!) as never', 'gave a promise, which nobody waits for, where 7850'],
  text: ["throw 'no'", 'throws: no'],
} as const

test.each(['memory', 'virtual'])(
  'a rule that gives no vector is told like an attack that does: %s',
  async (network) => {
    const rules = Object.entries(wrong).map(([name, [body]]) => {
      const definition = `name: '${name}', summary: '', requirement: (n, f) => n > 2 * f, requirementText: 'n > 2f'`
      return `defineRule({ ${definition}, reference(vectors) { ${body} } })`
    })
    writeFileSync(
      join(out, 'wrong.ts'),
      `import { defineRule } from '@hearsay/aggregation'\nexport const rules = [${rules.join(', ')}]`,
    )
    writeFileSync(
      join(out, 'wrong.yaml'),
      `name: wrong
question: What becomes of it?
extensions: [./wrong.ts]
peers: 4
tolerated: 1
task: { model: logistic, trainSamples: 400, testSamples: 100 }
learning: { localSteps: 3 }
sweep: { aggregation.rule: [${Object.keys(wrong)}] }
rounds: 2
`,
    )
    const { code, stderr } = await hearsay([
      ...['run', join(out, 'wrong.yaml'), '--network', network, '--engine', 'wasm'],
      ...words(),
    ])
    expect(stderr).toMatch(/^hearsay: 5 jobs failed; /)
    for (const [name, [, reason]] of Object.entries(wrong))
      expect(stderr).toMatch(new RegExp(`^ {2}cell ".*", seed 1: .*Rule "${name}" ${reason}`, 'm'))
    expect(stderr).not.toMatch(/^\s+at /m)
    expect(code).toBe(2)
  },
  120_000,
)
