import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findLedgers, verifyLedger } from '@hearsay/ledger'
import { loadScenario } from '@hearsay/scenario'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runScenario } from '../run-scenario.ts'
import { smallText } from '../testing/cells.ts'

let root: string

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'hearsay-ordered-'))
})

afterAll(() => rmSync(root, { recursive: true, force: true }))

const rounds = 6

async function run(transport: string): Promise<string> {
  const slow = transport === 'virtual' ? ['network.slow=[{ peer: 0, times: 4 }]'] : []
  const overrides = [
    'agreement={ kind: asynchronous, variant: ordered, graceMs: 20, bootstrap: 0 }',
    'adversaries={ count: 1, behaviour: sign-flip }',
    'aggregation.rule=median',
    `rounds=${rounds}`,
    `network.transport=${transport}`,
    ...slow,
  ]
  const scenario = loadScenario(smallText, { file: 'small.yaml', overrides })
  const { folder } = await runScenario({ scenario, engine: 'auto', root, commandLine: [], archive: true })
  return folder
}

describe.each(['memory', 'virtual'])('an agreed order of gradients on the %s network', (transport) => {
  test('leaves one ledger with all, of which everything can be judged again', async () => {
    const folder = await run(transport)
    const events = readFileSync(join(folder, 'events.jsonl'), 'utf8').trim().split('\n')
    const ordered = events.map((line) => JSON.parse(line)).filter(({ kind }) => kind === 'ordered')
    // Of each epoch all who judged say the same.
    const told = new Map<number, string>()
    for (const { round, robust, applied, refused } of ordered) {
      const all = JSON.stringify({ robust, applied, refused })
      expect(told.get(round) ?? all).toBe(all)
      told.set(round, all)
    }
    expect(ordered.some(({ robust, applied }) => !robust && applied.length > 0)).toBe(true)
    const places = findLedgers(folder)
    expect(places).toHaveLength(3)
    const heads = new Set<string>()
    for (const place of places) {
      const report = verifyLedger(place)
      expect(report).toMatchObject({ end: 'certified', rounds, aggregates: { recomputed: rounds } })
      expect(report.broken).toBeUndefined()
      heads.add(report.head)
    }
    expect(heads.size).toBe(1)
    damage(places[0]!.path)
    expect(verifyLedger(places[0]!).broken).toBeDefined()
  }, 180_000)
})

/** One bit of a certificate in the middle. */
function damage(path: string): void {
  const bytes = readFileSync(path)
  bytes[bytes.length >> 1]! ^= 1
  writeFileSync(path, bytes)
}
