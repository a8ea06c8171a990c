/** `hearsay start` of a network that agrees on an order of gradients: what filters know and name outlasts a restart. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findLedgers, verifyLedger } from '@hearsay/ledger'
import { promised } from '@hearsay/peer'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createIdentity, readHome, writeHome } from './home.ts'
import { startOperator } from './operator.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearsay-ordered-home-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('goes on after a restart, and all of its ledger can be judged again', async () => {
  const identity = await createIdentity()
  const agreement = { kind: 'asynchronous', variant: 'ordered', graceMs: 0, timeoutMs: 1, roundMs: 0, remembered: 200 }
  const genesis = {
    ...{ name: 'one', tolerated: 0, rounds: 24, peers: [{ id: identity.id }], agreement },
    aggregation: { rule: 'median' },
  }
  writeHome(folder, identity, { settings: { listen: ['/ip4/127.0.0.1/tcp/0'] }, genesis })
  const home = await readHome(folder)
  /** Lives until this round is over; gives in which epochs the filters let its gradient through. */
  const live = async (round: number): Promise<number[]> => {
    const passed: number[] = []
    const over = Promise.withResolvers<void>()
    const operator = await startOperator({
      ...{ home, alone: true, initial: new Float32Array(20).fill(1) },
      trainer: promised(async (at, model) => model.map((x, i) => -0.1 * x + 0.0001 * ((at * (i + 1)) % 7))),
      watch: (event) => {
        if (event.kind !== 'output') return
        const { output } = event
        if (output.kind === 'ordered' && !output.robust && output.applied.length > 0) passed.push(output.round)
        if (output.kind === 'round-ended' && output.round >= round) over.resolve()
      },
    })
    await over.promise
    await operator.stop()
    return passed
  }
  await live(8)
  expect((await live(24)).length).toBeGreaterThan(0)
  const [place] = findLedgers(folder)
  const { rounds, broken, aggregates } = verifyLedger(place!)
  expect({ rounds, broken, aggregates }).toEqual({ rounds: 24, broken: undefined, aggregates: { recomputed: 24 } })
})
