import { type Carrier, encodeSparse, promised } from '@hearsay/peer'
import { digestOf, type Statement } from '@hearsay/protocol'
import { afterEach, expect, it } from 'vitest'
import { DriverNetwork } from './testing/driver-network.ts'
import { saying } from './testing/saying.ts'

let network: DriverNetwork | undefined
afterEach(async () => {
  await network?.stop()
  network = undefined
})

const honest = [0, 1, 2]
const rows = { count: 125, width: 4 }
/** Rows that two others speak about too. */
const spoken = promised(async (round) => ({ rows: Uint32Array.of(7, 124), values: new Float32Array(8).fill(round) }))
const [head, body] = encodeSparse({ rows: Uint32Array.of(124, 7), values: new Float32Array(8) })
const many = head.bytes.slice()
many[0] = 126
it.each([
  ['whose rows do not ascend', [head, body], /row 7 follows row 124/],
  ['of more rows than there are', [{ digest: digestOf(many), bytes: many }], /126 rows, and there are 125/],
  ['that is not finite', encodeSparse({ rows: Uint32Array.of(7), values: new Float32Array(4).fill(NaN) }), /NaN/],
])('a liar that sends an update %s is never echoed, and all others say what they saw', async (_, parts, why) => {
  const payloads = new Map(parts.map(({ digest, bytes }) => [digest, bytes]))
  const naming = (statement: Statement): Statement =>
    statement.kind === 'init' ? { kind: 'init', digest: parts[0]!.digest } : statement
  const serving = (inner: Carrier): Carrier => ({
    ...inner,
    listen: (to) =>
      inner.listen({
        ...to,
        pull: (digest, from, give) => to.pull(digest, from, (own) => give(own ?? payloads.get(digest))),
      }),
  })
  const same = { trainer: spoken }
  network = await DriverNetwork.create(
    4,
    1,
    2,
    (of) => ({ 0: same, 1: same, 2: same, 3: { ...same, instead: () => saying(of, 3, naming), carried: serving } }),
    rows,
  )
  network.start()
  await network.reach(2, honest)
  const [chain, ...others] = honest.map((self) => network!.certified(self).map((each) => each.digest))
  for (const other of others) expect(other).toEqual(chain)
  expect(network.certified(0).map(({ checkpoint }) => checkpoint.members.map(({ peer }) => peer))).toEqual([
    honest,
    honest,
  ])
  const model = network.peers[0]!.vectors.vector(network.certified(0).at(-1)!.checkpoint.model)!
  expect([model[27], model[28], model[496]]).toEqual([1, 4, 4])
  await network.until(() => honest.every((self) => network!.accused([self]).length > 0))
  for (const { peer, what } of network.accused(honest)) {
    expect(peer).toBe(3)
    expect(what).toMatch(why)
  }
})
