import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findLedgers, verifyLedger } from '@hearsay/ledger'
import { promised } from '@hearsay/peer'
import { afterAll, expect, test } from 'vitest'
import { createIdentity, readHome, writeHome } from './home.ts'
import { newestModel } from './newest-model.ts'
import { startOperator } from './operator.ts'

const folder = mkdtempSync(join(tmpdir(), 'hearsay-rows-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const initial = Float32Array.of(1, 2, 3, 4, 5, 6)
const rows = { count: 3, width: 2 }

/** Runs the peer until it has ended a round, and stops it. */
async function runUntil(round: number): Promise<void> {
  const over = Promise.withResolvers<void>()
  const operator = await startOperator({
    home: await readHome(folder),
    initial,
    rows,
    alone: true,
    trainer: promised(async (each) => ({ rows: Uint32Array.of(1), values: Float32Array.of(each, -each) })),
    watch: (event) => {
      if (event.kind === 'failed') over.reject(event.error)
      if (event.kind === 'output' && event.output.kind === 'round-ended' && event.output.round >= round) over.resolve()
    },
  })
  try {
    await over.promise
  } finally {
    await operator.stop()
  }
}

test('a peer whose updates are of rows goes on where it stopped, and leaves what a stranger computes again', async () => {
  const identity = await createIdentity()
  const genesis = {
    ...{ name: 'rows', peers: [{ id: identity.id }], tolerated: 0, aggregation: { rule: 'mean' } },
    agreement: { roundMs: 0, graceMs: 0, timeoutMs: 50 },
  }
  const settings = { listen: ['/ip4/127.0.0.1/tcp/0'], bootstrap: [], archiveRounds: 1000 }
  writeHome(folder, identity, { settings, genesis })
  await runUntil(2)
  const first = newestModel(folder).round
  await runUntil(first + 2)
  const { round, vector } = newestModel(folder)
  const sum = (round * (round + 1)) / 2
  expect([...vector]).toEqual([1, 2, 3 + sum, 4 - sum, 5, 6])
  const [place] = findLedgers(join(folder, 'state'))
  expect(verifyLedger(place!)).toMatchObject({ rounds: round, aggregates: { recomputed: round } })
})
