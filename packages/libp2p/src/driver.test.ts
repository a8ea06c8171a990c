import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { leastStepMs, promised } from '@hearsay/peer'
import { digest } from '@hearsay/peer/testing/digest'
import { type Envelope, type Event, openEnvelope, type Participant, type Statement, wrap } from '@hearsay/protocol'
import { afterEach, describe, expect, it } from 'vitest'
import { DriverNetwork } from './testing/driver-network.ts'
import { said } from './testing/roster.ts'
import { saying } from './testing/saying.ts'

let network: DriverNetwork | undefined
afterEach(async () => {
  await network?.stop()
  network = undefined
})

const all = [0, 1, 2, 3]
const honest = [0, 1, 2]

function expectOneChain(rounds: number, peers: readonly number[]): void {
  const chains = peers.map((self) => network!.certified(self).map(({ digest: each }) => each))
  for (const chain of chains) expect(chain).toEqual(chains[0])
  expect(chains[0]).toHaveLength(rounds)
}

const membersOf = (self: number) =>
  network!.certified(self).map(({ checkpoint }) => checkpoint.members.map(({ peer }) => peer))

describe('four peers', () => {
  it('certify one chain of models that all hold, and accuse nobody', async () => {
    network = await DriverNetwork.create(4, 1, 5)
    network.start()
    await network.reach(5, all)
    expectOneChain(5, all)
    for (const { checkpoint } of network.certified(0).slice(-2)) {
      const models = network.peers.map(({ vectors }) => vectors.vector(checkpoint.model))
      for (const model of models) expect(model).toEqual(models[0])
      expect(models[0]).toHaveLength(500)
    }
    expect(network.accused(all)).toEqual([])
    expect(network.failures()).toEqual([])
  })

  it('that stop leave nothing behind that keeps their process alive', async () => {
    const from = new URL('./testing/driver-network.ts', import.meta.url).href
    const code = `
      import { DriverNetwork } from '${from}'
      const network = await DriverNetwork.create(4, 1, 1)
      network.start()
      await network.reach(1, [0, 1, 2, 3])
      await network.stop()
      console.log('stopped')`
    // Fulfilled when the process ends by itself.
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module-typescript', '-e', code])
    expect(stdout).toBe('stopped\n')
  })

  it('of which two have no link, get each other’s updates from those who echoed them', async () => {
    network = await DriverNetwork.create(4, 1, 3)
    const { ids } = network.roster
    network.hosts[0]!.setLinks((peer) => peer !== ids[3])
    network.hosts[3]!.setLinks((peer) => peer !== ids[0])
    await network.until(() => network!.hosts[3]!.neighbours().length === 2)
    network.start()
    await network.reach(3, all)
    expectOneChain(3, all)
    expect(membersOf(3)).toEqual([all, all, all])
    expect(network.accused(all)).toEqual([])
  })

  it('of which two send one and the same update in every round, count both each time', async () => {
    const same = { trainer: promised(async () => new Float32Array(500).fill(0.25)) }
    network = await DriverNetwork.create(4, 1, 8, () => ({ 2: same, 3: same }))
    network.start()
    await network.reach(8, all)
    expectOneChain(8, all)
    expect(membersOf(0)).toEqual(Array(8).fill(all))
    // Of four, with the others near zero in the last parameter, the median is half of theirs.
    const model = network.peers[0]!.vectors.vector(network.certified(0).at(-1)!.checkpoint.model)!
    expect(model[499]).toBeCloseTo(1 + 8 * 0.125, 1)
    expect(network.accused(all)).toEqual([])
    expect(network.failures()).toEqual([])
  })

  it('of which one aggregates wrongly, go on: it finds out, adopts the certified model and learns on', async () => {
    network = await DriverNetwork.create(4, 1, 3, () => ({ 3: { rule: { rule: 'mean', tolerated: 1 } } }))
    network.start()
    await network.reach(3, all)
    expectOneChain(3, all)
    for (const { checkpoint, signatures } of network.certified(3)) {
      expect(signatures.has(3)).toBe(false)
      expect(checkpoint.members.map(({ peer }) => peer)).toContain(3)
    }
    const last = network.certified(3).at(-1)!
    await network.until(() => network!.peers[3]!.vectors.vector(last.checkpoint.model) !== undefined)
    expect(network.failures()).toEqual([])
  })
})

describe('a liar among four', () => {
  it('that announces an update and never serves it, stops no round and is left out', async () => {
    const nowhere = digest('nobody has this')
    const withhold = (statement: Statement): Statement =>
      statement.kind === 'init' ? { kind: 'init', digest: nowhere } : statement
    network = await DriverNetwork.create(4, 1, 4, (of) => ({ 3: { instead: () => saying(of, 3, withhold) } }))
    network.start()
    await network.reach(4, honest)
    expectOneChain(4, honest)
    expect(membersOf(0)).toEqual([honest, honest, honest, honest])
    expect(network.accused(honest)).toEqual([])
    // Fetches of rounds that are over have ended.
    for (const self of honest) expect(network.hosts[self]!.stats().payloads.inFlightBytes).toBe(0)
  })

  it('that sends NaN is never echoed, and all others say what they saw', async () => {
    const nan = promised(async () => new Float32Array(500).fill(Number.NaN, 7, 8))
    network = await DriverNetwork.create(4, 1, 2, () => ({ 3: { trainer: nan } }))
    network.start()
    await network.reach(2, honest)
    expect(membersOf(0)).toEqual([honest, honest])
    await network.until(() => honest.every((self) => network!.accused([self]).length > 0))
    for (const { peer, what } of network.accused(honest)) {
      expect(peer).toBe(3)
      expect(what).toMatch(/NaN or infinity/)
    }
  })

  it('that floods its neighbours with garbage is told as far as is useful, and stops no round', async () => {
    network = await DriverNetwork.create(4, 1, 3)
    const [victim, , , liar] = network.hosts
    const id = network.roster.ids[0]!
    let floods = 0
    network.start()
    const flood = async (): Promise<void> => {
      for (let i = 0; i < 200; i++) liar!.send(id, new TextEncoder().encode(`garbage ${floods++}`))
      await liar!.ask(id, new Uint8Array(60_000).fill(floods % 256)).catch(() => {})
    }
    const rounds = network.reach(3, all)
    await Promise.all([rounds, ...Array.from({ length: 10 }, flood)])
    expectOneChain(3, all)
    expect(floods).toBe(2000)
    const told = network.accused([0])
    expect(told.every(({ peer }) => peer === 3)).toBe(true)
    expect(told.length).toBeGreaterThan(0)
    expect(told.length).toBeLessThan(100)
    expect(victim!.stats().neighbours).toBeGreaterThanOrEqual(2)
  })
})

describe('what others can make a driver hold and do', () => {
  /** A participant that records how much it is given at once. */
  function recording(batches: Event[][]): Participant {
    return {
      open: (bytes) => {
        const envelope = openEnvelope(bytes, network!.roster.networks[0]!)
        return typeof envelope === 'string' ? { verdict: 'reject', reason: envelope } : { verdict: 'accept', envelope }
      },
      handle: (events) => {
        batches.push([...events])
        return { sends: [], asks: [], timers: [], work: [], outputs: [], faults: [] }
      },
      answer: () => new Uint8Array(1),
      holders: () => [],
    }
  }

  it('is bounded: events that wait, and faults that are told', async () => {
    const batches: Event[][] = []
    network = await DriverNetwork.create(4, 1, 1, () => ({ 0: { instead: () => recording(batches) } }))
    const { networks } = network.roster
    const before = batches.flat().length
    for (let i = 0; i < 3000; i++) {
      const statements = [{ kind: 'init', digest: digest(`${i}`) }] as const
      const { bytes } = said(network.roster, 1, { round: 1, previous: networks[0]!.genesis }, statements)
      expect(network!.receive(0, bytes, 1)).toBe('accept')
    }
    // Handled while they came, in whole lots, without waiting for the event loop.
    expect(batches.flat().length - before).toBeGreaterThanOrEqual(2048)
    expect(Math.max(...batches.map((events) => events.length))).toBeLessThanOrEqual(1024)
    for (let i = 0; i < 500; i++) expect(network!.receive(0, new Uint8Array(i), 1)).toBe('reject')
    expect(network.accused([0]).length).toBeGreaterThan(0)
    expect(network.accused([0]).length).toBeLessThan(32)
  })

  it('is little of what is said again and again, which is held against its author, and not against who passes it on', async () => {
    network = await DriverNetwork.create(4, 1, 1)
    const { networks } = network.roster
    const say = (senders: readonly number[]): Uint8Array => {
      const statements = senders.map((sender) => ({ kind: 'echo', sender, digest: digest('x') }) as const)
      return said(network!.roster, 3, { round: 1, previous: networks[0]!.genesis }, statements).bytes
    }
    for (const sender of [0, 1, 2]) expect(network!.receive(0, say([sender]), 3)).toBe('accept')
    // An envelope that is accepted is kept in the step that follows.
    await new Promise<void>((resolve) => setImmediate(resolve))
    for (const again of [
      [0, 1],
      [1, 2],
      [0, 2],
      [0, 1, 2],
    ])
      expect(network!.receive(0, say(again), 3)).toBe('ignore')
    expect(network!.receive(0, say([2, 1]), 2)).toBe('ignore')
    expect(network.accused([0])).toEqual([])
    expect(network!.receive(0, say([1, 0]), 3)).toBe('reject')
    expect(network.accused([0])).toEqual([{ peer: 3, what: 'what it has said before, again and again' }])
  })

  it('is a step at a time, in a large network no more often than the others can listen', async () => {
    const batches: Event[][] = []
    network = await DriverNetwork.create(20, 6, 1, () => ({ 0: { instead: () => recording(batches) } }))
    const { networks } = network.roster
    // Whatever its neighbours have made it do is over by then.
    await network.until(() => network!.hosts[0]!.neighbours().length === 19)
    batches.length = 0
    const begunMs = performance.now()
    for (let i = 0; i < 200; i++) {
      const statements = [{ kind: 'init', digest: digest(`${i}`) }] as const
      const { bytes } = said(network.roster, 1, { round: 1, previous: networks[0]!.genesis }, statements)
      expect(network!.receive(0, bytes, 1)).toBe('accept')
      await new Promise<void>((resolve) => setImmediate(resolve))
    }
    const tookMs = performance.now() - begunMs
    expect(leastStepMs(20)).toBe(2)
    // Each of 200 by itself, if steps could follow each other at once.
    expect(batches.length).toBeLessThanOrEqual(1 + tookMs / leastStepMs(20))
    expect(batches.length).toBeLessThan(200)
  })

  it('is one question at a time to a neighbour', async () => {
    let asked = 0
    const insistent = wrap(recording([]), {
      handle: (events) => {
        const starts = events.some(({ kind }) => kind === 'start')
        const asks = starts ? Array.from({ length: 50 }, () => ({ to: 1, bytes: new Uint8Array(50) })) : []
        return { sends: [], asks, timers: [], work: [], outputs: [], faults: [] }
      },
    })
    const silent = wrap(recording([]), {
      answer: () => {
        asked++
        return new Uint8Array(0)
      },
    })
    network = await DriverNetwork.create(2, 0, 1, () => ({
      0: { instead: () => insistent },
      1: { instead: () => silent },
    }))
    network.drivers[0]!.start()
    // The last of any that were sent would be answered before this one.
    await new Promise<void>((resolve) => setImmediate(resolve))
    await network.hosts[0]!.ask(network.roster.ids[1]!, new Uint8Array(60))
    expect(asked).toBe(2)
  })
})

describe('a driver that is stopped in a round', () => {
  it('writes down the updates that it holds, for all may be stopped at once', async () => {
    const kept: string[] = []
    const storage = {
      said: () => {},
      ended: () => {},
      evidence: () => {},
      keep: async (_: number, digest: string) => void kept.push(digest),
      archive: async () => {},
      kept: () => undefined,
    }
    const never = { trainer: { train: () => {} } }
    network = await DriverNetwork.create(4, 1, 1, () => ({
      0: { store: storage, payloads: storage },
      2: never,
      3: never,
    }))
    network.start()
    await network.until(() => network!.events[0]!.filter(({ kind }) => kind === 'held').length === 2)
    // Its own, before anybody heard of it.
    expect(kept).toHaveLength(1)
    await network.drivers[0]!.stop()
    expect(new Set(kept).size).toBe(2)
  })
})

describe('a driver that fails', () => {
  it('to remember what it says, says nothing more', async () => {
    const words: Envelope[] = []
    const forgetful = {
      said: (envelopes: readonly Envelope[]) => {
        words.push(...envelopes)
        throw new Error('no space left on device')
      },
      ended: () => {},
      evidence: () => {},
      keep: async () => {},
      archive: async () => {},
      kept: () => undefined,
    }
    network = await DriverNetwork.create(4, 1, 2, () => ({ 3: { store: forgetful, payloads: forgetful } }))
    network.start()
    await network.reach(2, honest)
    expect(network.failures().map(({ message }) => message)).toEqual(['no space left on device'])
    // It had one thing to say, and nobody heard it.
    expect(new Set(words.map(({ round }) => round))).toEqual(new Set([1]))
    expect(membersOf(0)).toEqual([honest, honest])
    for (const self of honest)
      for (const certificate of network.certified(self)) expect(certificate.signatures.has(3)).toBe(false)
    expect(network.accused(honest)).toEqual([])
    expect(network.hosts[3]!.neighbours()).toEqual([])
  })

  it('to remember what it says answers nobody with that, though its connections take a while to close', async () => {
    const failing = {
      said: () => {
        throw new Error('no space left on device')
      },
      ended: () => {},
      evidence: () => {},
      keep: async () => {},
      archive: async () => {},
      kept: () => undefined,
    }
    // An ask for all that is said in round 1.
    const ask = Buffer.concat([Buffer.from([10, 34, 18, 32]), Buffer.alloc(32)])
    const answers: (Uint8Array | undefined)[] = []
    network = await DriverNetwork.create(4, 1, 1, () => ({ 3: { store: failing, payloads: failing } }))
    const [, , , driver] = network.drivers
    driver!.start()
    answers.push(network.listeners[3]!.ask(ask, 0))
    await network.until(() => network!.failures().length > 0)
    answers.push(network.listeners[3]!.ask(ask, 0))
    // The round that it is in, and no word.
    expect(answers.map((answer) => answer?.length)).toEqual([2, undefined])
  })

  it('to train says so, and goes on with what the others learn', async () => {
    const broken = promised(() => Promise.reject(new Error('out of memory')))
    network = await DriverNetwork.create(4, 1, 2, () => ({ 3: { trainer: broken } }))
    network.start()
    await network.reach(2, all, [3])
    expectOneChain(2, all)
    expect(membersOf(3)).toEqual([honest, honest])
    expect(new Set(network.failures().map(({ message }) => message))).toEqual(new Set(['out of memory']))
  })

  it('with updates of another length than the model, says so', async () => {
    const short = promised(async () => new Float32Array(3))
    network = await DriverNetwork.create(4, 1, 1, () => ({ 3: { trainer: short } }))
    network.start()
    await network.reach(1, all, [3])
    expect(network.failures().map(({ message }) => message)).toEqual(['an update of 3 parameters for a model of 500'])
  })
})
