import { digestOf, type Envelope } from '@hearsay/protocol'
import type { Life } from '@hearsay/virtual'
import { unheard, VirtualNetwork } from '@hearsay/virtual'
import { expect, test } from 'vitest'
import { goldenSwarm } from '../testing/golden-swarm.ts'
import { ModelledSwarm, type ModelledSwarmOptions } from '../testing/modelled-swarm.ts'

const limitMs = 120_000

function run(options: Partial<ModelledSwarmOptions> = {}, rounds = 2): ModelledSwarm {
  const swarm = new ModelledSwarm({ peers: 4, tolerated: 1, seed: 1, rounds, ...options })
  swarm.network.run(() => swarm.allCertified(rounds), limitMs)
  return swarm
}

function expectSound(swarm: ModelledSwarm, rounds = 2): void {
  expect(swarm.allCertified(rounds)).toBe(true)
  expect(swarm.forks()).toBe(0)
  expect(swarm.culprits()).toEqual([])
  expect(swarm.faults).toEqual([])
}

test('the same seed is the same run, to the last event; another seed is another', () => {
  const digests = [1, 1, 2].map((seed) => run({ seed }).network.traceDigest())
  expect(digests[0]).toBe(digests[1])
  expect(digests[0]).not.toBe(digests[2])
})

test('a fixed run has the same trace on every machine and version of Node', () => {
  const swarm = goldenSwarm()
  expectSound(swarm, 4)
  expect(swarm.network.counters.lost).toBeGreaterThan(0)
  expect(swarm.network.counters.asks).toBeGreaterThan(0)
  // Changes when peers say something else, or when: `node scripts/lab/golden-trace.ts` prints it, on any version of Node.
  expect(swarm.network.traceDigest()).toBe('a4eb9b05dd1fcd4fcebc76bb716c56c0f2ecc04ddf76ae869e898932037015b7')
})

test('envelopes go hop by hop: on a ring everybody hears everybody', () => {
  const connections = [0, 1, 2, 3, 4, 5, 6].map((a) => [a, (a + 1) % 7] as const)
  const swarm = run({ peers: 7, tolerated: 2, connections })
  expectSound(swarm)
  expect(swarm.network.neighbours(3)).toEqual([2, 4])
  // From the farthest it takes three hops of 20 ms: two rounds of at least an update, an echo, a ready and three votes.
  expect(swarm.network.nowMs()).toBeGreaterThan(2 * 6 * 60)
})

test('an envelope that a cut swallows comes by another way: it was on its way, and not heard', () => {
  const bytes = Uint8Array.of(1)
  const envelope = { bytes, id: digestOf(bytes), statements: [] } as unknown as Envelope
  const heard: number[] = []
  const peers = [0, 1, 2].map((peer) => ({
    id: String(peer),
    honest: true,
    create: ({ carrier }: Life) => {
      const envelopeHeard = (): { verdict: 'accept'; envelope: Envelope } => {
        heard.push(peer)
        return { verdict: 'accept', envelope }
      }
      carrier.listen({ ...unheard, envelope: envelopeHeard })
      return { start: () => (peer === 0 ? carrier.say('all', envelope) : undefined), stop: async () => {} }
    },
  }))
  const connections = [
    [0, 1],
    [0, 2],
    [1, 2],
  ] as const
  const network = new VirtualNetwork({ peers, connections, seed: 1 })
  network.after(10, () => network.setReach((a, b) => a + b !== 1))
  network.run()
  expect(heard).toEqual([2, 1])
})

test('a peer that passes nothing on cuts a line in two, and asks cannot bring what nobody near has', () => {
  const line = [
    [0, 1],
    [1, 2],
    [2, 3],
  ] as const
  const deaf = { participant: () => silentParticipant() }
  const swarm = new ModelledSwarm({
    peers: 4,
    tolerated: 1,
    seed: 1,
    rounds: 1,
    connections: line,
    liars: new Map([[1, deaf]]),
  })
  swarm.network.run(() => swarm.allCertified(1), 20_000)
  expect(swarm.honest.map((peer) => swarm.height(peer))).toEqual([0, 0, 0])
})

function silentParticipant() {
  return {
    open: () => ({ verdict: 'ignore' as const }),
    handle: () => ({ sends: [], asks: [], timers: [], work: [], outputs: [], faults: [] }),
    answer: () => undefined,
    holders: () => [],
  }
}

test.each([0.3, 0.5])('what links lose of gossip, asks bring back: %d', (loss) => {
  const swarm = run({ links: { loss }, timing: { graceMs: 200, timeoutMs: 100, askMs: 100 } })
  expectSound(swarm)
  expect(swarm.network.counters.lost).toBeGreaterThan(20)
  // In neither round is an answer or a payload waited for in vain, for all of the 10 s after which it is given up.
  expect(swarm.network.nowMs()).toBeLessThan(2 * 10_000)
})

test.each([
  ['doubled', { duplication: 0.5 }],
  ['out of order', { reordering: 0.5, latency: { uniform: [1, 200] as const } }],
  ['on links with a long tail', { latency: { medianMs: 40 } }],
  ['on thin links', { bytesPerSecond: 20_000 }],
])('messages %s change nothing but the time', (_, links) => {
  expectSound(run({ links }))
})

test('a thin link takes its time', () => {
  const [wide, thin] = [run({}, 1), run({ links: { bytesPerSecond: 20_000 } }, 1)]
  expect(thin!.network.nowMs()).toBeGreaterThan(wide!.network.nowMs() + 100)
})

test('a partition stops both halves of four, and after it heals they go on', () => {
  const swarm = new ModelledSwarm({ peers: 4, tolerated: 1, seed: 1, rounds: 2 })
  const { network } = swarm
  network.setReach((a, b) => a < 2 === b < 2)
  network.run(() => false, 5_000)
  expect(swarm.honest.map((peer) => swarm.height(peer))).toEqual([0, 0, 0, 0])
  network.setReach(() => true)
  network.run(() => swarm.allCertified(2), limitMs)
  expectSound(swarm)
})

test('who crashes at any time and starts again goes on from what it stored, and contradicts nobody', () => {
  for (let crashMs = 40; crashMs < 400; crashMs += 30) {
    const swarm = new ModelledSwarm({ peers: 4, tolerated: 1, seed: crashMs, rounds: 2 })
    const { network } = swarm
    network.after(crashMs, () => network.crash(0))
    network.after(crashMs + 300, () => network.restart(0))
    network.run(() => network.nowMs() > crashMs + 300 && swarm.allCertified(2), limitMs)
    expectSound(swarm)
  }
})

test('who is down hears and says nothing', () => {
  const swarm = new ModelledSwarm({ peers: 4, tolerated: 1, seed: 1, rounds: 1 })
  swarm.network.crash(2)
  swarm.network.run(() => false, 3_000)
  expect(swarm.network.isDown(2)).toBe(true)
  expect(swarm.network.counters.sentBytes[2]).toBe(0)
  expect(swarm.network.counters.receivedBytes[2]).toBe(0)
  expect([0, 1, 3].map((peer) => swarm.height(peer))).toEqual([1, 1, 1])
})

test('a scheduler may delay messages between honest peers, up to a bound and no longer', () => {
  const scheduler = { delay: () => Number.POSITIVE_INFINITY }
  const liars = new Map([[3, scheduler]])
  const [free, delayed] = [run({}, 1), run({ liars, longestDelayMs: 500 }, 1)]
  expectSound(delayed!, 1)
  expect(delayed!.network.nowMs()).toBeGreaterThan(free!.network.nowMs())
})

test.each([4, 7, 10, 13, 19])('%i peers: a peer and a round cost no more than n² messages', (peers) => {
  const { counters } = run({ peers, tolerated: Math.floor((peers - 1) / 3) }).network
  const each = (count: number): number => count / (2 * peers)
  // An update and a checkpoint, and four words about every peer, each in an envelope of its own at worst.
  const said = 4 * peers + 2
  expect(each(counters.delivered)).toBeLessThanOrEqual(said * (peers - 1))
  // The author sends it to all, and each of those to its mesh of 3 to 6, seldom one more.
  expect(each(counters.duplicates)).toBeLessThanOrEqual(7 * said * (peers - 1))
})

test('nothing happens after the end, and virtual time stops where it is told', () => {
  const { network } = new ModelledSwarm({ peers: 4, tolerated: 1, seed: 1, rounds: 1 })
  network.run(() => false, 100)
  expect(network.nowMs()).toBeLessThanOrEqual(100)
  const before = network.traceDigest()
  network.run(() => true)
  expect(network.traceDigest()).toBe(before)
  expect(() => network.crash(4)).toThrow('there is no peer 4')
})

test('virtual time waits for real work where it is needed, and not before', async () => {
  const { network } = new ModelledSwarm({ peers: 4, tolerated: 1, seed: 1, rounds: 1 })
  const { promise, resolve } = Promise.withResolvers<void>()
  const seen: number[] = []
  network.holdAt(60, promise)
  network.after(59, () => {
    seen.push(59)
    // The machine takes its time.
    setImmediate(() => resolve())
  })
  network.after(60, () => seen.push(60))
  expect(() => network.run()).toThrow('runUntil')
  await network.runUntil(() => seen.length === 2)
  expect(seen).toEqual([59, 60])
})

test('work that fails ends the run with its error, and so does an interrupt', async () => {
  const failing = new ModelledSwarm({ peers: 4, tolerated: 1, seed: 1, rounds: 1 }).network
  const reason = new Error('no memory')
  failing.holdAt(10, Promise.reject(reason))
  await expect(failing.runUntil(() => false)).rejects.toBe(reason)
  const controller = new AbortController()
  const { network } = new ModelledSwarm({ peers: 4, tolerated: 1, seed: 1, rounds: 1 })
  network.holdAt(10, new Promise(() => {}))
  network.after(5, () => controller.abort(reason))
  await expect(network.runUntil(() => false, controller.signal)).rejects.toBe(reason)
})
