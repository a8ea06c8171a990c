import { type Carrier, encodeSparse, type Part, promised } from '@hearsay/peer'
import { digestOf, type Statement } from '@hearsay/protocol'
import { afterEach, expect, it, vi } from 'vitest'
import { DriverNetwork } from './testing/driver-network.ts'
import { saying } from './testing/saying.ts'

let network: DriverNetwork | undefined
afterEach(async () => {
  await network?.stop()
  network = undefined
})

const honest = [0, 1, 2]
const shape = { count: 125, width: 4 }
/** Rows that two others speak about too. */
const spoken = promised(async (round) => ({ rows: Uint32Array.of(7, 124), values: new Float32Array(8).fill(round) }))
const [head, body] = encodeSparse({ rows: Uint32Array.of(124, 7), values: new Float32Array(8) })
const many = head.bytes.slice()
many[0] = 126
const told: readonly [string, readonly Part[], RegExp][] = [
  ['whose rows do not ascend', [head, body], /row 7 follows row 124/],
  [
    'with a row twice',
    encodeSparse({ rows: Uint32Array.of(7, 7), values: new Float32Array(8) }),
    /row 7 follows row 7/,
  ],
  [
    'with a row that is not there',
    encodeSparse({ rows: Uint32Array.of(125), values: new Float32Array(4) }),
    /row 125, and the last is 124/,
  ],
  ['of more rows than there are', [{ digest: digestOf(many), bytes: many }], /126 rows, and there are 125/],
  ['that is not finite', encodeSparse({ rows: Uint32Array.of(7), values: new Float32Array(4).fill(NaN) }), /NaN/],
]
it.each(told)(
  'a liar that sends an update %s is never echoed, and all others say what they saw',
  async (_, parts, why) => {
    await expectLeftOut(parts, 2)
    await network!.until(() => honest.every((self) => network!.accused([self]).length > 0))
    for (const { peer, what } of network!.accused(honest)) {
      expect(peer).toBe(3)
      expect(what).toMatch(why)
    }
  },
)

const long = new Uint8Array(40)
const longer = new Uint8Array(44)
const less = head.bytes.slice()
less.set(Buffer.from(digestOf(longer), 'hex'), 4)
const withheld: readonly [string, readonly Part[]][] = [
  ['whose head is of another length', [{ digest: digestOf(long), bytes: long }]],
  [
    'whose body is longer than its head says',
    [
      { digest: digestOf(less), bytes: less },
      { digest: digestOf(longer), bytes: longer },
    ],
  ],
  ['whose body nobody is given', [head]],
]
it.each(withheld)('the others go on without an update %s', async (_, parts) => {
  await expectLeftOut(parts, 1)
})

/** The liar, 3, names these parts as its update, and serves them. */
async function expectLeftOut(parts: readonly Part[], rounds: number): Promise<void> {
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
    rounds,
    (of) => ({ 0: same, 1: same, 2: same, 3: { ...same, instead: () => saying(of, 3, naming), carried: serving } }),
    shape,
  )
  network.start()
  await network.reach(rounds, honest)
  const [chain, ...others] = honest.map((self) => network!.certified(self).map((each) => each.digest))
  for (const other of others) expect(other).toEqual(chain)
  for (const { checkpoint } of network.certified(0)) expect(checkpoint.members.map(({ peer }) => peer)).toEqual(honest)
  const model = network.peers[0]!.vectors.vector(network.certified(0).at(-1)!.checkpoint.model)!
  const sum = (rounds * (rounds + 1)) / 2
  expect([model[27], model[28], model[496]]).toEqual([1, 1 + sum, 1 + sum])
}

it.each([
  [1, 'no model, but what was said of rows'],
  [3, 'the model'],
] as const)('who is behind by rounds, %i of them, pulls %s', async (behind, _what) => {
  const pulled = new Set<number>()
  let deaf = true
  const watched = (inner: Carrier): Carrier => ({
    ...inner,
    listen: (to) =>
      inner.listen({ ...to, envelope: (bytes, from) => (deaf ? { verdict: 'ignore' } : to.envelope(bytes, from)) }),
    ask: (to, request, answered) => (deaf ? answered() : inner.ask(to, request, answered)),
    pull: (pull, ended, failed) => {
      pulled.add(pull.sizeBytes)
      inner.pull(pull, ended, failed)
    },
  })
  const same = { trainer: spoken }
  // Nobody else speaks about that row, and who trains the same need not pull it.
  const alone = promised(async () => ({ rows: Uint32Array.of(9), values: new Float32Array(4).fill(9) }))
  // It gives updates all the time that they may take.
  const late = (of: DriverNetwork) => () => of.honest(3, { graceMs: 60_000, timeoutMs: 50, askMs: 200 })
  network = await DriverNetwork.create(
    4,
    1,
    behind,
    (of) => ({ 0: same, 1: same, 2: same, 3: { trainer: alone, instead: late(of), carried: watched } }),
    shape,
  )
  network.start()
  await network.reach(behind, honest)
  deaf = false
  await network.reach(behind, [3])
  const { digest, checkpoint } = network.certified(3).at(-1)!
  expect(digest).toBe(network.certified(0).at(-1)!.digest)
  const { vectors } = network.peers[3]!
  await vi.waitUntil(() => vectors.vector(checkpoint.model) !== undefined, 10_000)
  // 500 numbers; of fewer rounds it computes them itself.
  expect(pulled.has(2000)).toBe(behind > 1)
})
