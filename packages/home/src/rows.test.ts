import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { findLedgers, verifyLedger } from '@hearsay/ledger'
import { promised } from '@hearsay/peer'
import { afterAll, expect, test, vi } from 'vitest'
import { createIdentity, readHome, writeHome } from './home.ts'
import { newestModel } from './newest-model.ts'
import { startOperator } from './operator.ts'

// Processes start slowly on a machine that is busy.
vi.setConfig({ testTimeout: 60_000 })

const root = mkdtempSync(join(tmpdir(), 'hearsay-rows-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const initial = Float32Array.of(1, 2, 3, 4, 5, 6)
const rows = { count: 3, width: 2 }

/** The folder of a peer that is alone in its network, and archives all. */
async function foundAlone(name: string): Promise<string> {
  const identity = await createIdentity()
  const genesis = {
    ...{ name, peers: [{ id: identity.id }], tolerated: 0, aggregation: { rule: 'mean' } },
    agreement: { roundMs: 0, graceMs: 0, timeoutMs: 50 },
  }
  const settings = { listen: ['/ip4/127.0.0.1/tcp/0'], bootstrap: [], archiveRounds: 1000 }
  const folder = join(root, name)
  writeHome(folder, identity, { settings, genesis })
  return folder
}

/** The round that a stopped peer has ended: what it learnt is there, and a stranger computes it again. */
function expectLearnt(folder: string): number {
  const { round, vector } = newestModel(folder)
  const sum = (round * (round + 1)) / 2
  expect([...vector]).toEqual([1, 2, 3 + sum, 4 - sum, 5, 6])
  const [place] = findLedgers(join(folder, 'state'))
  const { rounds, broken, aggregates } = verifyLedger(place!)
  expect({ rounds, broken, aggregates }).toEqual({
    rounds: round,
    broken: undefined,
    aggregates: { recomputed: round },
  })
  return round
}

/** Runs the peer until it has ended a round, and stops it. */
async function runUntil(folder: string, round: number): Promise<void> {
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
  const folder = await foundAlone('stopped')
  await runUntil(folder, 2)
  const first = expectLearnt(folder)
  await runUntil(folder, first + 2)
  expect(expectLearnt(folder)).toBeGreaterThanOrEqual(first + 2)
})

test('killed at any instant, it goes on from what it had certified', async () => {
  const folder = await foundAlone('killed')
  const script = fileURLToPath(new URL('./testing/run-rows.ts', import.meta.url))
  let ended = 0
  for (let life = 0; life < 3; life++) {
    const child = spawn(process.execPath, [script, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
    const exited = once(child, 'exit')
    for await (const line of createInterface(child.stdout)) if (Number(line) >= ended + 2 + life) break
    child.kill('SIGKILL')
    await exited
    const round = expectLearnt(folder)
    expect(round).toBeGreaterThanOrEqual(ended + 2 + life)
    ended = round
  }
})
