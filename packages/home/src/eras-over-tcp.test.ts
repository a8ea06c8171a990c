/** Real peers, each started from its folder as by `hearsay start`, on TCP: one is evicted, one joins, one leaves. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findLedgers, verifyLedger } from '@hearsay/ledger'
import { type OperatorEvent, promised } from '@hearsay/peer'
import { digestOf, sealEnvelopes } from '@hearsay/protocol'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createIdentity, type Home, readHome, writeHome } from './home.ts'
import { type Operator, startOperator } from './operator.ts'
import { changeWishes } from './wishes.ts'

let folder: string
let homes: Home[]
let running: Operator[]
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hearsay-eras-'))
  homes = []
  running = []
  const identities = await Promise.all([0, 1, 2, 3, 4].map(() => createIdentity()))
  const ids = identities.map(({ id }) => id)
  const genesis = {
    name: 'eras',
    peers: ids.map((id, at) => ({ id, name: `peer ${at}` })),
    aggregation: { rule: 'median' },
    agreement: { graceMs: 50, timeoutMs: 50, roundMs: 0, evictEvery: 2 },
    // Who comes last waits.
    trust: { preTrusted: ids.slice(0, 4) },
  }
  for (const [at, identity] of identities.entries()) {
    const settings = { listen: ['/ip4/127.0.0.1/tcp/0'], bootstrap: [] }
    writeHome(join(folder, `${at}`), identity, { settings, genesis })
    homes.push(await readHome(join(folder, `${at}`)))
  }
})
afterEach(async () => {
  await Promise.all(running.map((operator) => operator.stop()))
  rmSync(folder, { recursive: true, force: true })
})

const idOf = (at: number): string => homes[at]!.identity.id
/** Its order is that of positions. */
const roster = (): string[] => homes.map(({ identity }) => identity.id).sort()

async function start(at: number, watch: (event: OperatorEvent) => void): Promise<Operator> {
  const home = homes[at]!
  const bootstrap = running.flatMap(({ host }) => [...host.addresses()])
  const operator = await startOperator({
    home: { ...home, settings: { ...home.settings, bootstrap } },
    initial: new Float32Array(20).fill(1),
    trainer: promised(async (round) => new Float32Array(20).fill(at + round)),
    watch,
  })
  running.push(operator)
  return operator
}

/** Says a second update of its own in the round after the one that has ended. */
function contradictsItself(operator: Operator | undefined, event: OperatorEvent): void {
  if (event.kind !== 'output' || event.output.kind !== 'round-ended' || operator === undefined) return
  const { network } = operator.driver
  const { round, certificate } = event.output
  const statements = [{ kind: 'init', digest: digestOf(new TextEncoder().encode(`another ${round}`)) }] as const
  const author = roster().indexOf(idOf(3))
  const word = { author, round: round + 1, previous: certificate!.digest, statements }
  for (const { bytes } of sealEnvelopes(word, network)) operator.host.publish(bytes)
}

it('who is proven to lie is out, who is vouched for learns all eras and takes part, who leaves has no say, as ledgers show', async () => {
  const ids = roster()
  const eras: { readonly round: number; readonly weights: ReadonlyMap<string, number> }[] = []
  const sets = new Map<number, string[]>()
  let wake = Promise.withResolvers<void>()
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await wake.promise
  }
  const watch = (event: OperatorEvent): void => {
    if (event.kind === 'failed') wake.reject(event.error)
    if (event.kind !== 'output') return
    const { output } = event
    if (output.kind === 'era')
      eras.push({ round: output.round, weights: new Map(ids.map((id, peer) => [id, output.weights[peer]!])) })
    if (output.kind !== 'round-ended') return
    sets.set(
      output.round,
      output.members.map(({ peer }) => ids[peer]!),
    )
    wake.resolve()
    wake = Promise.withResolvers()
  }
  const lastSets = (count: number): string[] => [...sets.values()].slice(-count).flat()
  await start(0, watch)
  for (const at of [1, 2]) await start(at, () => {})
  let liar: Operator | undefined
  liar = await start(3, (event) => contradictsItself(liar, event))

  await until(() => eras.at(-1)?.weights.get(idOf(3)) === 0)
  const evicted = eras.at(-1)!
  const before = sets.size
  for (const at of [0, 1]) changeWishes(homes[at]!, { peer: idOf(4) })
  await until(() => sets.size > before + 2)
  // It begins when there is another era already.
  await start(4, () => {})
  await until(() => lastSets(1).includes(idOf(4)))
  changeWishes(homes[2]!, { leaves: true })
  await until(() => eras.at(-1)!.weights.get(idOf(2)) === 0)
  const gone = eras.at(-1)!.round
  await until(() => sets.has(gone + 3))

  for (const [round, set] of sets) {
    if (round >= evicted.round) expect(set).not.toContain(idOf(3))
    if (round >= gone) expect(set).not.toContain(idOf(2))
  }
  expect(lastSets(3)).toContain(idOf(4))
  await Promise.all(running.map((operator) => operator.stop()))
  for (const at of [0, 1, 2, 4]) {
    const { broken, rounds, evicted: out, standing } = verifyLedger(findLedgers(join(folder, `${at}`))[0]!)
    expect([at, broken]).toEqual([at, undefined])
    expect(rounds).toBeGreaterThanOrEqual(gone - 2)
    // In a stated round, and two later it weighs nothing.
    expect(out).toEqual([{ round: evicted.round - 2, peer: idOf(3) }])
    expect((evicted.round - 2) % 2).toBe(0)
    expect(standing!.left).toEqual([idOf(2)])
    expect(standing!.weights.find(({ peer }) => peer === idOf(4))!.weight).toBeGreaterThan(0)
  }
}, 240_000)
