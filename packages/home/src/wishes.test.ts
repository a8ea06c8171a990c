import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findLedgers, verifyLedger } from '@hearsay/ledger'
import { promised } from '@hearsay/peer'
import { hearsVouches } from '@hearsay/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createIdentity, type Home, readHome, writeHome } from './home.ts'
import { type Operator, startOperator } from './operator.ts'
import { changeWishes, readWishes, wishesIn, wishesName } from './wishes.ts'

let folder: string
let homes: Home[]
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hearsay-wishes-'))
  homes = []
  const identities = await Promise.all([0, 1, 2, 3].map(() => createIdentity()))
  const [a, b, c] = identities.map(({ id }) => id)
  const genesis = {
    name: 'vouching',
    peers: identities.map(({ id }, at) => ({ id, name: `peer ${at}` })),
    aggregation: { rule: 'median' },
    agreement: { graceMs: 50, timeoutMs: 50, roundMs: 0 },
    trust: { preTrusted: [a!, b!, c!], vouches: [[a!, b!] as [string, string]] },
  }
  for (const [at, identity] of identities.entries()) {
    const settings = { listen: ['/ip4/127.0.0.1/tcp/0'], bootstrap: [] }
    writeHome(join(folder, `${at}`), identity, { settings, genesis })
    homes.push(await readHome(join(folder, `${at}`)))
  }
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const idOf = (at: number): string => homes[at]!.identity.id

describe('what a peer wishes to say', () => {
  it('begins with the vouches of the genesis, and is changed by its operator', () => {
    const [home] = homes as [Home]
    expect(readWishes(home.folder)).toBeUndefined()
    expect(wishesIn(home, () => {})!()).toBeUndefined()
    changeWishes(home, { peer: idOf(3), weight: 40 })
    expect(readWishes(home.folder)!.vouches).toEqual({ [idOf(1)]: 100, [idOf(3)]: 40 })
    expect(changeWishes(home, { peer: idOf(1), weight: 0 }).vouches).toEqual({ [idOf(3)]: 40 })
    expect(wishesIn(home, () => {})!()).toEqual([{ to: expect.any(Number), weight: 40 }])
    changeWishes(home, { leaves: true })
    expect(wishesIn(home, () => {})!()).toEqual([{ to: [0, 1, 2, 3].map(idOf).sort().indexOf(idOf(0)), weight: 0 }])
    expect(() => changeWishes(home, { peer: idOf(0) })).toThrow(/vouch for itself/)
    expect(() => changeWishes(home, { peer: 'nobody' })).toThrow(/none of the peers/)
  })

  it('that is damaged is an error at first, and told once of a peer that runs', () => {
    const [home] = homes as [Home]
    const told: string[] = []
    const wishes = wishesIn(home, ({ message }) => told.push(message))!
    writeFileSync(join(home.folder, wishesName), '{"vouches": {"a": 101}, "leaves": false}')
    expect([wishes(), wishes()]).toEqual([undefined, undefined])
    expect(told).toHaveLength(1)
    expect(() => wishesIn(home, () => {})).toThrow(/hearsay vouch writes it/)
  })
})

it('a peer that is vouched for takes part, on TCP, and one that says farewell does no more, as the ledger shows', async () => {
  const running: Operator[] = []
  const sets: string[][] = []
  let wake = Promise.withResolvers<void>()
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await wake.promise
  }
  try {
    for (const [at, home] of homes.entries()) {
      const operator = await startOperator({
        home: {
          ...home,
          settings: { ...home.settings, bootstrap: running.flatMap(({ host }) => [...host.addresses()]) },
        },
        initial: new Float32Array(20).fill(1),
        trainer: promised(async (round) => new Float32Array(20).fill(at + round)),
        watch: (event) => {
          if (event.kind === 'failed') wake.reject(event.error)
          if (at !== 0 || event.kind !== 'output' || event.output.kind !== 'round-ended') return
          const roster = homes.map(({ identity }) => identity.id).sort()
          sets.push(event.output.members.map(({ peer }) => roster[peer]!))
          wake.resolve()
          wake = Promise.withResolvers()
        },
      })
      running.push(operator)
    }
    expect(hearsVouches(1, running[0]!.driver.network)).toBe(true)
    await until(() => sets.length > 1)
    expect(sets.flat()).not.toContain(idOf(3))
    for (const at of [0, 1]) changeWishes(homes[at]!, { peer: idOf(3) })
    await until(() => sets.at(-1)!.includes(idOf(3)))
    changeWishes(homes[2]!, { leaves: true })
    await until(() => sets.length > 8 && !sets.slice(-3).flat().includes(idOf(2)))
    expect(sets.at(-1)).toContain(idOf(3))
  } finally {
    await Promise.all(running.map((operator) => operator.stop()))
  }
  for (const place of findLedgers(folder)) {
    const { broken, standing } = verifyLedger(place)
    expect(broken).toBeUndefined()
    expect(standing!.left).toEqual([idOf(2)])
    expect(standing!.weights.find(({ peer }) => peer === idOf(3))!.weight).toBeGreaterThan(0)
  }
})
