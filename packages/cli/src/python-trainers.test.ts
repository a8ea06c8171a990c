import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hearsay } from './testing/command.ts'

const file = join(import.meta.dirname, '../../../scenarios/numpy-trainer.yaml')
const hasNumpy = spawnSync('python3', ['-c', 'import numpy']).status === 0
let out: string
beforeAll(() => {
  out = mkdtempSync(join(tmpdir(), 'hearsay-numpy-'))
})
afterAll(() => rmSync(out, { recursive: true }))

test.skipIf(!hasNumpy)(
  'a network learns what a program in Python trains',
  async () => {
    const { code, stdout, stderr } = await hearsay(['run', file, '--engine', 'wasm', '--no-pictures', '--out', out])
    expect([code, stderr], stdout).toEqual([0, ''])
    expect(stdout).toMatch(/^liars did +liars +accuracy +equal +certified/m)
    const rounds = readFileSync(join(out, 'latest/rounds.csv'), 'utf8')
    expect(rounds).toMatch(/^cell,label,seed,round,peer,accuracy,loss,ended,/)
  },
  240_000,
)

test.skipIf(!hasNumpy)(
  'jobs in processes of their own and a replay find the program, its numbers repeat, and what it logs is told',
  async () => {
    const command = `task.trainer.command=[sh, -c, 'echo "fans at full speed" >&2; exec python3 numpy-trainer/train.py']`
    const options = ['sweep={}', 'expect=[]', 'rounds=2', command].flatMap((each) => ['--set', each])
    const { code, stdout, stderr } = await hearsay([
      'run',
      file,
      '--engine',
      'wasm',
      '--no-pictures',
      '--out',
      out,
      '--jobs',
      '2',
      ...options,
    ])
    expect([code, stderr], stdout).toEqual([0, ''])
    expect(stdout).toContain('trainer: fans at full speed')
    const again = await hearsay(['replay', join(out, 'latest')])
    expect([again.code, again.stderr], again.stdout).toEqual([0, ''])
  },
  240_000,
)

test('a trainer that is not there, or dies, is told in a line, and nothing hangs', async () => {
  const run = (...words: string[]) =>
    hearsay(['run', file, '--engine', 'wasm', '--no-pictures', '--out', out, '--set', ...words])
  const missing = await run('task.trainer.command=[no-such-python, train.py]')
  expect(missing).toMatchObject({ code: 2, stdout: expect.not.stringContaining('[1/4]') })
  expect(missing.stderr).toBe(
    'hearsay: there is no program no-such-python on the path: install it, or name another in trainer.command\n',
  )
  const dies = await run(
    `task.trainer.command=['${process.execPath}', no-such-file.ts]`,
    '--set',
    'sweep={}',
    '--set',
    'expect=[]',
  )
  expect(dies.code).toBe(2)
  expect(dies.stderr).toContain('ended with code 1 when it was asked to open; its last words: ')
}, 120_000)

const numpy = join(import.meta.dirname, '../../../scenarios/numpy-trainer/train.py')
const pytorch = join(import.meta.dirname, '../../../scenarios/pytorch-trainer/train.py')
test.skipIf(spawnSync('python3', ['--version']).status !== 0)('what ships in Python is Python', () => {
  const module = join(import.meta.dirname, '../../training/python/hearsay_trainer.py')
  for (const file of [pytorch, numpy, module]) {
    const cfile = join(out, 'compiled.pyc')
    const program = 'import py_compile, sys; py_compile.compile(sys.argv[1], sys.argv[2], doraise=True)'
    const { status, stderr } = spawnSync('python3', ['-c', program, file, cfile], { encoding: 'utf8' })
    expect([status, stderr]).toEqual([0, ''])
  }
})

const hasTorch = spawnSync('python3', ['-c', 'import numpy, torch']).status === 0

test.skipIf(!hasTorch)(
  'a trainer in PyTorch keeps the contract',
  async () => {
    const measures = 'task.trainer.measures=[{ name: accuracy, better: higher }, { name: loss, better: lower }]'
    const words = [
      '--trainer',
      `python3 '${pytorch}'`,
      '--calls',
      '20',
      '--set',
      measures,
      '--engine',
      'wasm',
      '--json',
    ]
    const { code, stdout, stderr } = await hearsay(['task', 'check', ...words])
    expect([code, stderr], stdout).toEqual([0, ''])
    const { checks } = JSON.parse(stdout) as { checks: { name: string; outcome: string }[] }
    expect(checks.filter(({ outcome }) => outcome === 'fails')).toEqual([])
    expect(checks.find(({ name }) => name === 'opens')).toMatchObject({
      message: expect.stringMatching(/^3589 parameters/),
    })
  },
  240_000,
)
