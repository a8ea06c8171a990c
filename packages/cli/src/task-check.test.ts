import { join } from 'node:path'
import { expect, test } from 'vitest'
import { processorMs, residentBytes } from './process-tree.ts'
import { hearsay } from './testing/command.ts'

const program = join(import.meta.dirname, '../../training/src/testing/hostile-trainer.ts')
const check = (way: string, ...words: string[]) =>
  hearsay([
    'task',
    'check',
    '--engine',
    'wasm',
    '--calls',
    '8',
    '--trainer',
    `'${process.execPath}' '${program}' ${way}`,
    ...words,
  ])

test('a trainer is checked without a scenario: 0 when it keeps its promises, 1 and the reason when not', async () => {
  const { code, stdout, stderr } = await check('honest')
  expect([code, stderr], stdout).toEqual([0, ''])
  expect(stdout).toMatch(/^✓ opens: 6 parameters: a 2 × 3$/m)
  if (process.platform === 'linux') expect(stdout).toMatch(/^✓ memory: \d+\.\d MiB resident/m)
  const dies = await check('dies', '--json')
  expect(dies.code).toBe(1)
  const { checks } = JSON.parse(dies.stdout) as { checks: object[] }
  expect(checks.at(-1)).toMatchObject({ outcome: 'fails', message: expect.stringContaining('ended with code 3') })
  expect(dies.stderr).toBe('loading\nTraceback\n?[31mno module named torch\n')
}, 240_000)

test.each([
  [['--trainer', 'no-such-program'], 'there is no program no-such-program on the path'],
  [['x.yaml', '--trainer', 'x'], 'give a scenario or --trainer, not both'],
  [[], "give a scenario, or --trainer 'python3 train.py'"],
  [['--trainer', 'node x.js', '--set', 'task.trainer.option=1'], 'unknown parameter "option" in task.trainer'],
])(
  'task check %j is refused',
  async (words, message) => {
    const { code, stdout, stderr } = await hearsay(['task', 'check', ...words])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(message)
  },
  120_000,
)

test.runIf(process.platform === 'linux')('memory is that of processes and of what they started', () => {
  const own = residentBytes([process.pid])!
  expect(own).toBeGreaterThan(20 * 2 ** 20)
  expect(residentBytes([process.ppid])!).toBeGreaterThan(own)
  expect(residentBytes([2 ** 30])).toBe(0)
  const before = processorMs([process.pid])!
  const { user } = process.cpuUsage()
  while (process.cpuUsage().user < user + 50_000);
  expect(processorMs([process.pid])!).toBeGreaterThan(before + 20)
  expect(processorMs([process.ppid])!).toBeGreaterThan(before)
  expect(processorMs([2 ** 30])).toBe(0)
})
