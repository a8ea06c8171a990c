import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findLedgers, investigate, verifyLedger } from '@hearsay/ledger'
import { loadScenario } from '@hearsay/scenario'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runScenario } from '../run-scenario.ts'
import { smallText } from '../testing/cells.ts'

let root: string

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'hearsay-ledgers-'))
})

afterAll(() => rmSync(root, { recursive: true, force: true }))

async function run(overrides: readonly string[], archive: boolean): Promise<string> {
  const scenario = loadScenario(smallText, { file: 'small.yaml', overrides })
  const { folder } = await runScenario({ scenario, engine: 'auto', root, commandLine: [], archive, pictures: false })
  return folder
}

describe.each(['memory', 'virtual'])('on %s', (transport) => {
  test('every honest peer leaves its ledger, and with the archive every model can be computed again', async () => {
    const crowd = ['adversaries={ count: 1, behaviour: equivocate }', 'rounds=2', `network.transport=${transport}`]
    const places = findLedgers(await run(crowd, true))
    expect(places).toHaveLength(3)
    for (const place of places) {
      const { rounds, broken, aggregates, evidence } = verifyLedger(place)
      expect({ rounds, broken, aggregates }).toEqual({ rounds: 2, broken: undefined, aggregates: { recomputed: 2 } })
      for (const { proves } of evidence) expect(proves?.culprits).toEqual(['peer 3'])
    }
    expect(investigate(places)[0]).toMatchObject({ tolerated: 1, culprits: [{ name: 'peer 3' }] })
  })

  test('a fork names its culprits, and nothing is archived that was not asked for', async () => {
    const places = findLedgers(
      await run(
        [
          'adversaries={ count: 2, behaviour: split-brain }',
          'partitions={ groups: halves, bridge: adversaries, fromRound: 1, untilRound: 2 }',
          `network.transport=${transport}`,
        ],
        false,
      ),
    )
    expect(readdirSync(join(places[0]!.path, '..', '..')).sort()).toEqual(['genesis.json', 'peer-0', 'peer-1'])
    const [verdict] = investigate(places)
    expect(verdict!.fork?.sides).toHaveLength(2)
    expect(verdict!.culprits.map(({ name }) => name).sort()).toEqual(['peer 2', 'peer 3'])
  })
})
