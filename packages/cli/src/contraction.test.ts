import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { startHearsay } from './testing/command.ts'

const folder = mkdtempSync(join(tmpdir(), 'hearsay-contraction-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = join(folder, 'small.yaml')
writeFileSync(
  file,
  'name: small\nquestion: how far?\ncontraction: { protocols: [rb-tm], tolerated: [1], starts: 2, steps: 1000 }\n',
)
const run = (...words: string[]) => startHearsay(['run', file, ...words], { cwd: folder }).ended

describe('hearsay run of a scenario of contraction', () => {
  it('tells each row, that all come out as the formulas say, and where the picture is', async () => {
    const { code, stdout, stderr } = await run()
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/f = 1, n = {2}4 {3}found 0\.5000 {3}formula 0\.5000/)
    expect(stdout).toContain('✓ all 3 come out as the formulas say')
    expect(stdout).toMatch(/The picture: +runs\/.*plot\.png/)
  })

  it('prints the summary alone with --json', async () => {
    const { code, stdout } = await run('--json', '--seed', '3')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ scenario: 'small', seeds: [3], surprises: [] })
  })

  it('refuses what would not be used', async () => {
    const { code, stderr } = await run('--set', 'rounds=3')
    expect(code).toBe(2)
    expect(stderr).toContain('--set rounds=3')
    const [trace, engine] = await Promise.all([run('--trace'), run('--engine', 'wasm')])
    expect(trace).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--trace: a scenario of contraction trains'),
    })
    expect(engine).toMatchObject({ code: 2, stderr: expect.stringContaining('--engine: a scenario of contraction') })
  })
}, 60_000)
