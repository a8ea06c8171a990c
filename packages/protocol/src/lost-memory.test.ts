import { describe, expect, it, vi } from 'vitest'
import { encodeAnswer } from './ask.ts'
import { AveragingPeer } from './averaging/averaging-peer.ts'
import type { Averaging } from './averaging/settings.ts'
import { digestOf } from './digest.ts'
import type { Envelope } from './envelope.ts'
import { equivocation, verifyEvidence } from './evidence.ts'
import type { Network } from './network.ts'
import { Peer } from './peer.ts'
import { maxPhasesAhead } from './statements.ts'
import type { Event, Output, Participant, Result, Step, Work } from './step.ts'
import { silent } from './testing/liars.ts'
import { digest, networksOf, sealed } from './testing/network.ts'
import { Swarm, type SwarmOptions } from './testing/swarm.ts'

// Many messages on a machine that may be busy.
vi.setConfig({ testTimeout: 50_000 })

const nothing: Step = { sends: [], asks: [], timers: [], work: [], outputs: [], faults: [] }

/** Every life of a peer trains something else, as on another engine. */
class Lives {
  readonly lives: number[]

  constructor(peers: number) {
    this.lives = Array(peers).fill(0)
  }

  readonly perform = (peer: number, work: Work): Result | undefined => {
    if (work.kind === 'fetch') return { kind: 'held' }
    if (work.kind !== 'train') return undefined
    return { kind: 'trained', digest: digest(`update ${peer} ${work.round} of life ${this.lives[peer]}`) }
  }
}

/** What it said last is on its way still. */
function kill(swarm: Swarm, self: number): void {
  const dead: Participant = {
    open: () => ({ verdict: 'ignore' }),
    handle: () => nothing,
    answer: () => undefined,
    holders: () => [],
  }
  swarm.replace(self, dead)
  swarm.run(swarm.nowMs + 100)
}

function contradictions(sent: readonly Envelope[], network: Network): string[] {
  const distinct = [...new Map(sent.map((envelope) => [envelope.id, envelope])).values()]
  return distinct.flatMap((first, at) =>
    distinct.slice(at + 1).flatMap((second) => {
      if (first.round !== second.round) return []
      const evidence = verifyEvidence(equivocation(first, second, network).bytes, network)
      return typeof evidence === 'string' ? [] : [`round ${first.round} by ${first.author}`]
    }),
  )
}

function expectNoContradictions(swarm: Swarm): void {
  for (const peer of swarm.honest)
    expect(contradictions(swarm.sent[peer]!, swarm.optionsOf(peer).network), `peer ${peer}`).toEqual([])
  expect(swarm.culprits()).toEqual([])
  expect(swarm.halted.size).toBe(0)
}

const init = (envelopes: readonly Envelope[]): Envelope | undefined =>
  envelopes.find(({ statements }) => statements.some(({ kind }) => kind === 'init'))
const vigils = (...steps: Step[]): Output[] =>
  steps.flatMap(({ outputs }) => outputs.filter(({ kind }) => kind === 'vigil'))

describe('a peer that has lost what it said', () => {
  it('says nothing before it has heard what there is, though it has trained, nor then of rounds that it may have spoken in', () => {
    const swarm = new Swarm({ peers: 4, tolerated: 1, seed: 5, rounds: 4, batchMs: 10 })
    swarm.run(60_000, () => swarm.allCertified(3))
    const wiped = new Peer(swarm.optionsOf(0))
    const start = wiped.handle(
      [{ kind: 'start' }, { kind: 'neighbour', peer: '1' }, { kind: 'neighbour', peer: '2' }],
      0,
    )
    expect(start.asks.map(({ to }) => to)).toEqual(['1', '2'])
    expect(vigils(start)).toEqual([{ kind: 'vigil', state: 'asking', until: 0 }])
    const [train] = start.work
    expect(train).toMatchObject({ kind: 'train', round: 1 })
    const done: Event = { kind: 'done', id: train!.id, result: { kind: 'trained', digest: digest('again') } }
    expect(wiped.handle([done], 10).sends).toEqual([])
    const from = (peer: number, ask: Uint8Array): Step =>
      wiped.handle([{ kind: 'answer', from: String(peer), bytes: swarm.participants[peer]!.answer(ask, '0')! }], 20)
    const first = from(1, start.asks[0]!.bytes)
    expect(wiped.height).toBeGreaterThanOrEqual(3)
    // What is behind asks the same again, since there may be more.
    expect(first.asks.map(({ to }) => to)).toEqual(['1'])
    const steps = [from(1, first.asks[0]!.bytes), from(2, first.asks[0]!.bytes)]
    const until = wiped.height + 2
    expect(vigils(...steps)).toEqual([{ kind: 'vigil', state: 'silent', until, why: 'behind' }])
    expect([first, ...steps].flatMap(({ sends }) => sends)).toEqual([])
  })

  it('knows its own word when it hears it, and says nothing against it', () => {
    const swarm = new Swarm({ peers: 4, tolerated: 1, seed: 6, rounds: 1, batchMs: 10 })
    swarm.run(110)
    expect(init(swarm.sent[0]!)).toBeDefined()
    for (const memory of ['whole', 'kept', 'lost'] as const) {
      const peer = new Peer({ ...swarm.optionsOf(0), memory })
      const start = peer.handle([{ kind: 'start' }, { kind: 'neighbour', peer: '1' }], 0)
      const answer = swarm.participants[1]!.answer(start.asks[0]!.bytes, '0')!
      const heard = peer.handle([{ kind: 'answer', from: '1', bytes: answer }], 1)
      const done: Event = {
        kind: 'done',
        id: start.work[0]!.id,
        result: { kind: 'trained', digest: digest('again') },
      }
      const said = peer.handle([done], 10)
      expect([...heard.sends, ...said.sends], memory).toEqual([])
      expect([...heard.outputs, ...said.outputs].filter(({ kind }) => kind === 'evidence')).toEqual([])
    }
  })

  it('takes in its own words of phases that it has yet to reach', () => {
    const networks = networksOf(4, 1)
    const timing = { graceMs: 200, timeoutMs: 100, askMs: 300 }
    const peer = new Peer({ network: networks[0]!, self: 0, initial: digest('initial'), timing, memory: 'whole' })
    peer.handle([{ kind: 'start' }], 0)
    const far = (author: number): Envelope =>
      sealed(networks, author, [{ kind: 'estimate', instance: 2, phase: maxPhasesAhead + 3, value: 1 }])
    expect([0, 1].map((author) => peer.open(far(author).bytes).verdict)).toEqual(['accept', 'ignore'])
    expect(vigils(peer.handle([{ kind: 'envelope', envelope: far(0) }], 1))).toMatchObject([{ state: 'silent' }])
  })

  it('speaks in later rounds only, wherever it was killed, and the rounds go on', () => {
    let spoke = 0
    for (let seed = 0; seed < 12; seed++) {
      const lives = new Lives(4)
      const swarm = new Swarm({ peers: 4, tolerated: 1, seed, rounds: 12, batchMs: 10, perform: lives.perform })
      const self = swarm.random(3)
      swarm.run(swarm.random(1500))
      kill(swarm, self)
      const before = swarm.sent[self]!.length
      lives.lives[self]!++
      swarm.replace(self, new Peer(swarm.optionsOf(self)))
      swarm.run(60_000, () => swarm.allCertified(12))
      expect(swarm.allCertified(12), `seed ${seed}`).toBe(true)
      expectNoContradictions(swarm)
      if (swarm.sent[self]!.length > before) spoke++
    }
    expect(spoke).toBeGreaterThan(9)
  })

  it('was put back to what it was: it finds its words with others, and says them no second time', () => {
    let rolledBack = 0
    for (let seed = 0; seed < 12; seed++) {
      const lives = new Lives(4)
      const swarm = new Swarm({ peers: 4, tolerated: 1, seed, rounds: 8, batchMs: 10, perform: lives.perform })
      const self = swarm.random(3)
      swarm.run(100 + swarm.random(600))
      const head = swarm.certified[self]!.at(-1)
      const said = swarm.sent[self]!.filter(({ round }) => round === (head?.checkpoint.round ?? 0) + 1)
      swarm.run(swarm.nowMs + swarm.random(300))
      kill(swarm, self)
      if (swarm.sent[self]!.length > said.length) rolledBack++
      lives.lives[self]!++
      swarm.replace(self, new Peer({ ...swarm.optionsOf(self), ...(head && { head }), said, memory: 'kept' }))
      swarm.run(60_000, () => swarm.allCertified(8))
      expect(swarm.allCertified(8), `seed ${seed}`).toBe(true)
      expectNoContradictions(swarm)
    }
    expect(rolledBack).toBeGreaterThan(6)
  })
})

describe('a network whose peers do not know what they said', () => {
  const begins = (options: Partial<SwarmOptions>): Swarm => {
    const swarm = new Swarm({ peers: 7, tolerated: 2, seed: 1, rounds: 2, batchMs: 10, memory: 'lost', ...options })
    swarm.run(60_000, () => swarm.allCertified(2))
    expect(swarm.allCertified(2)).toBe(true)
    expectNoContradictions(swarm)
    return swarm
  }

  it.each([
    [1, 0],
    [2, 0],
    [3, 0],
    [4, 1],
    [7, 2],
  ])('begins when nobody has said anything, n = %i', (peers, tolerated) => {
    begins({ peers, tolerated })
  })

  it('begins without f of them, who answer nothing', () => {
    begins({ liars: new Map([1, 5].map((peer) => [peer, silent])) })
  })

  it('begins whatever f liars answer: nobody can forge a certificate, or a word', () => {
    const claims = new Map(
      [1, 5].map((peer) => [
        peer,
        ({ network, honest }: Parameters<NonNullable<ReturnType<NonNullable<SwarmOptions['liars']>['get']>>>[0]) => {
          const inner = honest()
          return {
            open: (bytes: Uint8Array) => inner.open(bytes),
            handle: (events: readonly Event[], nowMs: number) => inner.handle(events, nowMs),
            holders: () => [],
            answer: () => encodeAnswer([], [], network, 4_000_000_000),
          }
        },
      ]),
    )
    begins({ liars: claims })
  })

  it('goes on when all were moved at once, at unequal heights, in the middle of a round', () => {
    const lives = new Lives(4)
    const swarm = new Swarm({ peers: 4, tolerated: 1, seed: 9, rounds: 6, batchMs: 10, perform: lives.perform })
    swarm.run(60_000, () => swarm.certified.some((certificates) => certificates.length === 3))
    const heads = swarm.certified.map((certificates) => certificates.at(-1)!)
    expect(new Set(heads.map(({ checkpoint }) => checkpoint.round)).size).toBe(2)
    for (const self of swarm.honest) {
      lives.lives[self]!++
      const head = heads[self]!
      const said = swarm.sent[self]!.filter(({ round }) => round === head.checkpoint.round + 1)
      swarm.replace(self, new Peer({ ...swarm.optionsOf(self), head, said }))
    }
    swarm.run(600_000, () => swarm.allCertified(6))
    expect(swarm.allCertified(6)).toBe(true)
    expectNoContradictions(swarm)
  })
})

describe('averaging', () => {
  const rows: readonly Averaging[] = (['rb-tm', 'trimmed-mean', 'mda', 'nna'] as const).map((method) => ({
    method,
    mode: 'asynchronous',
    heterogeneous: false,
  }))
  const perform =
    (lives: Lives) =>
    (peer: number, work: Work): Result | undefined =>
      work.kind === 'average'
        ? { kind: 'averaged', digest: digestOf(new TextEncoder().encode(JSON.stringify([work, lives.lives[peer]]))) }
        : lives.perform(peer, work)

  it.each(rows)('a peer that lost what it said contradicts nothing, and takes part again: $method', (averaging) => {
    let spoke = 0
    for (let seed = 0; seed < 5; seed++) {
      const lives = new Lives(9)
      const swarm = new Swarm({
        peers: 9,
        tolerated: 1,
        seed,
        rounds: 12,
        batchMs: 20,
        delayMs: 20,
        averaging,
        perform: perform(lives),
      })
      const self = swarm.random(8)
      swarm.run(100 + swarm.random(500))
      kill(swarm, self)
      const before = swarm.sent[self]!.length
      lives.lives[self]!++
      swarm.replace(self, new AveragingPeer(swarm.optionsOf(self)))
      swarm.run(60_000, () => swarm.allAveraged(12))
      expect(swarm.allAveraged(12), `seed ${seed}`).toBe(true)
      expectNoContradictions(swarm)
      if (swarm.sent[self]!.length > before) spoke++
    }
    expect(spoke).toBeGreaterThan(2)
  })

  it.each(rows)('a network that begins does begin, without f of them: $method', (averaging) => {
    const swarm = new Swarm({
      peers: 9,
      tolerated: 1,
      seed: 3,
      rounds: 2,
      batchMs: 20,
      memory: 'lost',
      averaging,
      perform: perform(new Lives(9)),
      liars: new Map([[4, silent]]),
    })
    swarm.run(60_000, () => swarm.allAveraged(2))
    expect(swarm.allAveraged(2)).toBe(true)
    expectNoContradictions(swarm)
  })
})
