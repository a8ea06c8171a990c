import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findLedgers, verifyLedger } from '@hearsay/ledger'
import { promised } from '@hearsay/peer'
import { isPause, type PauseRecord } from '@hearsay/protocol'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createIdentity, type Home, readHome, writeHome } from './home.ts'
import { type Operator, startOperator } from './operator.ts'
import { askedBackIn, isPausedIn, pausingIn, setPaused } from './pause-file.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearsay-pause-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('is a file that is there or not, and who watches hears when that changes', async () => {
  const pausing = pausingIn(folder)
  setPaused(folder, false)
  expect(pausing.isPaused(1, new Float32Array())).toBe(false)
  const heard = Promise.withResolvers<void>()
  const end = pausing.onChange!(() => pausing.isPaused(1, new Float32Array()) && heard.resolve())
  setPaused(folder, true)
  await heard.promise
  end()
  setPaused(folder, true)
  expect(isPausedIn(folder)).toBe(true)
  setPaused(folder, true, 12)
  // Nothing has ended here, so nobody could take its model from here.
  expect([isPausedIn(folder), pausing.backTo!(1, new Float32Array())]).toEqual([true, undefined])
  setPaused(folder, true)
  expect(askedBackIn(folder)).toBe(12)
  setPaused(folder, false)
  expect([isPausedIn(folder), askedBackIn(folder)]).toEqual([false, undefined])
})

/** Four peers that are on TCP, of one folder each. */
async function homesOf(pauses: string): Promise<Home[]> {
  const identities = await Promise.all([0, 1, 2, 3].map(() => createIdentity()))
  const genesis = {
    name: 'pausing',
    peers: identities.map(({ id }) => ({ id })),
    aggregation: { rule: 'mean' },
    agreement: {
      graceMs: 200,
      timeoutMs: 50,
      roundMs: 0,
      pauses,
    },
  }
  return Promise.all(
    identities.map(async (identity, at) => {
      const settings = { listen: ['/ip4/127.0.0.1/tcp/0'], bootstrap: [], archiveRounds: 1000 }
      writeHome(join(folder, `${at}`), identity, { settings, genesis })
      return readHome(join(folder, `${at}`))
    }),
  )
}

it('a peer is paused at once while it trains, on TCP, and goes on where it stopped; the ledger shows it', {
  timeout: 180_000,
}, async () => {
  const running: Operator[] = []
  const roster = (homes: readonly Home[]): string[] => homes.map(({ identity }) => identity.id).sort()
  const homes = await homesOf('memory')
  const position = roster(homes).indexOf(homes[3]!.identity.id)
  let record: PauseRecord | undefined
  let pausedIn: number[] = []
  let models: string[] = []
  let tells = 0
  let wake = Promise.withResolvers<void>()
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await wake.promise
  }
  const changed = (): void => {
    wake.resolve()
    wake = Promise.withResolvers()
  }
  /** What the fourth trains ends when the test says so. */
  let training: (() => void) | undefined
  let holds = false
  try {
    for (const [at, home] of homes.entries()) {
      const operator = await startOperator({
        home: {
          ...home,
          settings: { ...home.settings, bootstrap: running.flatMap(({ host }) => [...host.addresses()]) },
        },
        initial: new Float32Array(20).fill(1),
        trainer: promised(async (executed) => {
          if (at === 3 && holds)
            await new Promise<void>((resolve) => {
              training = resolve
              changed()
            })
          return new Float32Array(20).fill(at + executed)
        }),
        watch: (event) => {
          if (event.kind === 'failed') wake.reject(event.error)
          if (event.kind === 'paused' && at === 3) tells++
          if (at !== 0 || event.kind !== 'output' || event.output.kind !== 'round-ended') return
          const { certificate, members, round, model } = event.output
          record = certificate!.checkpoint.pauses
          if (members.some((member) => member.peer === position && isPause(member))) pausedIn = [...pausedIn, round]
          models = [...models, model]
          changed()
        },
      })
      running.push(operator)
    }
    await until(() => (record?.executed[position] ?? 0) >= 2)
    holds = true
    await until(() => training !== undefined)
    // It trains, and the others wait for it or go on without it.
    setPaused(homes[3]!.folder, true)
    await until(() => pausedIn.length >= 3)
    expect(tells).toBeGreaterThanOrEqual(3)
    const stopped = record!.executed[position]!
    holds = false
    training?.()
    setPaused(homes[3]!.folder, false)
    await until(() => record!.executed[position]! >= stopped + 2)
  } finally {
    await Promise.all(running.map((operator) => operator.stop()))
  }
  expect(record!.paused[position]).toBe(pausedIn.length)
  // What was certified of it stands in: the others learn on.
  expect(pausedIn.filter((round) => models[round - 1] === models[round - 2])).toEqual([])
  for (const place of findLedgers(folder)) {
    const { broken, aggregates, evidence, rounds } = verifyLedger(place)
    expect([broken, evidence]).toEqual([undefined, []])
    expect(aggregates.recomputed).toBe(rounds)
  }
})
