import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { asksAboutContraction } from './asked.ts'
import { runContraction } from './run-contraction.ts'
import { loadContraction } from './scenario.ts'

const root = mkdtempSync(join(tmpdir(), 'hearsay-contraction-'))
afterAll(() => rmSync(root, { recursive: true }))

const shipped = readFileSync(new URL('../../../../scenarios/contraction.yaml', import.meta.url), 'utf8')

describe('a scenario of contraction', () => {
  test('the one that ships asks about contraction, of all protocols', () => {
    expect(asksAboutContraction(shipped)).toBe(true)
    expect(loadContraction(shipped, 'contraction.yaml').contraction.protocols).toHaveLength(8)
  })

  test('what is wrong is told with line and column', () => {
    const text = shipped.replace('tolerated: [1, 2, 3]', 'tolerate: [1, 2, 3]')
    expect(() => loadContraction(text, 'contraction.yaml')).toThrow(/contraction\.yaml:\d+:\d+: .*tolerated/)
  })

  test('leaves a folder with the table, the picture and the report', async () => {
    const scenario = loadContraction(
      'name: small\nquestion: how far?\ncontraction: { protocols: [rb-tm, mda-asynchronous], tolerated: [1], starts: 4, steps: 1000 }',
      'small.yaml',
    )
    const seen: number[] = []
    const { summary, folder } = await runContraction({
      scenario,
      root,
      commandLine: ['hearsay'],
      onCell: (_, done) => seen.push(done),
    })
    expect(seen).toEqual(summary.cells.map((_, index) => index + 1))
    expect(summary.surprises).toEqual([])
    expect(readdirSync(folder).sort()).toEqual([
      'contraction.csv',
      'manifest.json',
      'plot.png',
      'plot.svg',
      'report.html',
      'scenario.yaml',
      'summary.json',
    ])
    expect(JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8'))).toEqual(JSON.parse(JSON.stringify(summary)))
    expect(readFileSync(join(folder, 'contraction.csv'), 'utf8').trim().split('\n')).toHaveLength(
      summary.cells.length + 1,
    )
    expect(loadContraction(readFileSync(join(folder, 'scenario.yaml'), 'utf8'), 'again.yaml')).toEqual(scenario)
  })

  test('an interrupt says where the results are', async () => {
    const scenario = loadContraction(shipped, 'contraction.yaml')
    const interrupted = runContraction({ scenario, root, commandLine: [], signal: AbortSignal.abort() })
    await expect(interrupted).rejects.toMatchObject({ code: 'interrupted' })
  })
})
