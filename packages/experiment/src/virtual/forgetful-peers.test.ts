/** Peers that do not know what they said, in whole networks. */
import { type Adversary, createAdversary } from '@hearsay/adversary'
import {
  type Averaging,
  agreementOf,
  agreements,
  digestOf,
  type Event,
  encodeAnswer,
  type Output,
  Peer,
  type Step,
  wrap,
} from '@hearsay/protocol'
import { randomStream } from '@hearsay/virtual'
import { describe, expect, it, vi } from 'vitest'
import type { ModelledSwarmOptions } from '../testing/modelled-swarm.ts'
import { RecordedSwarm } from '../testing/recorded-swarm.ts'
import { Slots } from '../testing/slots.ts'

// Many messages on a machine that may be busy.
vi.setConfig({ testTimeout: 50_000 })

const links = { latency: { uniform: [0, 40] as const } }
const timing = { graceMs: 200, timeoutMs: 100, askMs: 300 }

function swarmOf(options: Partial<ModelledSwarmOptions>): RecordedSwarm {
  return new RecordedSwarm({ peers: 4, tolerated: 1, seed: 1, rounds: 12, stepMs: 10, links, timing, ...options })
}

const usual = (kind: string) => ({ kind, ...agreements.resolve(kind, {}).options })

/** What it said last is on its way still. */
function kill(swarm: RecordedSwarm, peer: number): void {
  swarm.network.crash(peer)
  swarm.runFor(100)
}

/** What honest peers said against themselves, and who of them is accused or has halted. */
function wrongs(swarm: RecordedSwarm): unknown[] {
  const slots = new Slots(swarm.networks.length)
  const contradictions = swarm.honest.flatMap((peer) => {
    // A peer that starts again says the same envelopes again.
    const distinct = [...new Map(swarm.sent[peer]!.map((envelope) => [envelope.id, envelope])).values()]
    return distinct.filter((envelope) => slots.contradicts(envelope))
  })
  return [...contradictions, ...swarm.culprits(), ...swarm.halted]
}

const vigils = (...steps: Step[]): Output[] =>
  steps.flatMap(({ outputs }) => outputs.filter(({ kind }) => kind === 'vigil'))
/** That work comes to an update that is nobody's. */
const trainedAgain = (id: number): Event => ({ kind: 'done', id, result: { kind: 'trained', digest: digestOf(again) } })
const again = new TextEncoder().encode('again')

describe('a peer that has lost what it said', () => {
  it('says nothing before it has heard what there is, though it has trained, nor then of rounds that it may have spoken in', () => {
    const swarm = swarmOf({ seed: 5, rounds: 4 }).runRounds(3)
    const wiped = new Peer(swarm.optionsOf(0))
    const start = wiped.handle([{ kind: 'start' }, { kind: 'neighbour', peer: 1 }, { kind: 'neighbour', peer: 2 }], 0)
    expect(start.asks.map(({ to }) => to)).toEqual([1, 2])
    expect(vigils(start)).toEqual([{ kind: 'vigil', state: 'asking', until: 0 }])
    const [train] = start.work
    expect(train).toMatchObject({ kind: 'train', round: 1 })
    expect(wiped.handle([trainedAgain(train!.id)], 10).sends).toEqual([])
    const from = (peer: number, ask: Uint8Array): Step =>
      wiped.handle([{ kind: 'answer', from: peer, bytes: swarm.participants[peer]!.answer(ask, 0)! }], 20)
    const first = from(1, start.asks[0]!.bytes)
    expect(wiped.height).toBeGreaterThanOrEqual(3)
    // What is behind asks the same again, since there may be more.
    expect(first.asks.map(({ to }) => to)).toEqual([1])
    const steps = [from(1, first.asks[0]!.bytes), from(2, first.asks[0]!.bytes)]
    const until = wiped.height + 2
    expect(vigils(...steps)).toEqual([{ kind: 'vigil', state: 'silent', until, why: 'behind' }])
    expect([first, ...steps].flatMap(({ sends }) => sends)).toEqual([])
  })

  it('knows its own word when it hears it, and says nothing against it', () => {
    const swarm = swarmOf({ seed: 6, rounds: 1, training: { ms: 20 } }).runFor(150)
    const said = swarm.sent[0]!.flatMap(({ statements }) => statements)
    expect(said.some(({ kind }) => kind === 'init')).toBe(true)
    for (const memory of ['whole', 'kept', 'lost'] as const) {
      const peer = new Peer({ ...swarm.optionsOf(0), memory })
      const start = peer.handle([{ kind: 'start' }, { kind: 'neighbour', peer: 1 }], 0)
      const answer = swarm.participants[1]!.answer(start.asks[0]!.bytes, 0)!
      const heard = peer.handle([{ kind: 'answer', from: 1, bytes: answer }], 1)
      const then = peer.handle([trainedAgain(start.work[0]!.id)], 10)
      expect([...heard.sends, ...then.sends], memory).toEqual([])
      expect([...heard.outputs, ...then.outputs].filter(({ kind }) => kind === 'evidence')).toEqual([])
    }
  })

  it('trains for no round in which it will say nothing', () => {
    const swarm = swarmOf({ seed: 3, rounds: 9 }).runRounds(2)
    kill(swarm, 2)
    const before = swarm.begun[2]!.length
    swarm.network.restart(2, true)
    swarm.runRounds(9)
    const trained = swarm.begun[2]!.slice(before).map(({ round }) => round)
    const spoken = swarm.sent[2]!.filter(({ round }) => round > 3).map(({ round }) => round)
    expect(spoken.length).toBeGreaterThan(0)
    // Before it has asked it does.
    expect(trained[0]).toBe(1)
    expect(trained).not.toContain(Math.min(...spoken) - 1)
  })

  it('speaks in later rounds only, wherever it was killed, and the rounds go on', () => {
    let spoke = 0
    for (let seed = 0; seed < 6; seed++) {
      const random = randomStream(seed, 'kills')
      const swarm = swarmOf({ seed })
      const self = random.below(4)
      swarm.runFor(random.below(1500))
      kill(swarm, self)
      const before = swarm.sent[self]!.length
      swarm.network.restart(self, true)
      swarm.runRounds(12)
      expect(swarm.isOver(12), `seed ${seed}`).toBe(true)
      expect(wrongs(swarm)).toEqual([])
      if (swarm.sent[self]!.length > before) spoke++
    }
    expect(spoke).toBeGreaterThan(4)
  })

  it('was put back to what it was: it finds its words with others, and says them no second time', () => {
    let rolledBack = 0
    for (let seed = 0; seed < 8; seed++) {
      const random = randomStream(seed, 'kills')
      const swarm = swarmOf({ seed, rounds: 8 })
      const self = random.below(4)
      swarm.runFor(100 + random.below(600))
      const putBack = swarm.network.backUp(self)
      const said = swarm.sent[self]!.length
      swarm.runFor(random.below(300))
      kill(swarm, self)
      if (swarm.sent[self]!.length > said) rolledBack++
      putBack()
      swarm.trainsAnew(self)
      swarm.network.restart(self)
      swarm.runRounds(8)
      expect(swarm.isOver(8), `seed ${seed}`).toBe(true)
      expect(wrongs(swarm)).toEqual([])
    }
    expect(rolledBack).toBeGreaterThan(4)
  })
})

describe('a network whose peers do not know what they said', () => {
  const begins = (options: Partial<ModelledSwarmOptions>): void => {
    const swarm = swarmOf({ peers: 7, tolerated: 2, rounds: 2, memory: 'lost', ...options }).runRounds(2)
    expect(swarm.isOver(2)).toBe(true)
    expect(wrongs(swarm)).toEqual([])
  }
  const among = (adversary: Adversary): ReadonlyMap<number, Adversary> =>
    new Map([1, 5].map((peer) => [peer, adversary]))

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
    begins({ liars: among(createAdversary({ behaviour: 'silent' }, 1)) })
  })

  it('begins whatever f liars answer: nobody can forge a certificate, or a word', () => {
    begins({
      liars: among({
        participant: ({ network, honest }) =>
          wrap(honest(), { holders: () => [], answer: () => encodeAnswer([], [], network, 4_000_000_000) }),
      }),
    })
  })

  it('goes on when all were moved at once, at unequal heights, in the middle of a round', () => {
    const swarm = swarmOf({ seed: 9, rounds: 6 })
    swarm.network.run(() => swarm.honest.some((peer) => swarm.height(peer) === 3), 60_000)
    expect(new Set(swarm.honest.map((peer) => swarm.height(peer))).size).toBe(2)
    for (const peer of swarm.honest) {
      const putBack = swarm.network.backUp(peer, 'lost')
      swarm.network.crash(peer)
      putBack()
      swarm.trainsAnew(peer)
    }
    for (const peer of swarm.honest) swarm.network.restart(peer)
    swarm.runRounds(6, 600_000)
    expect(swarm.isOver(6)).toBe(true)
    expect(wrongs(swarm)).toEqual([])
  })
})

describe('averaging', () => {
  const rows: readonly Averaging[] = (['rb-tm', 'trimmed-mean', 'mda', 'nna'] as const).map((method) => ({
    method,
    mode: 'asynchronous',
    heterogeneous: false,
  }))

  it.each(rows)('a peer that lost what it said contradicts nothing, and takes part again: $method', (averaging) => {
    let spoke = 0
    for (let seed = 0; seed < 3; seed++) {
      const random = randomStream(seed, 'kills')
      const swarm = swarmOf({ peers: 9, seed, stepMs: 20, averaging, links: { latency: { uniform: [0, 20] } } })
      const self = random.below(9)
      swarm.runFor(100 + random.below(500))
      kill(swarm, self)
      const before = swarm.sent[self]!.length
      swarm.network.restart(self, true)
      swarm.runRounds(12)
      expect(swarm.isOver(12), `seed ${seed}`).toBe(true)
      expect(wrongs(swarm)).toEqual([])
      if (swarm.sent[self]!.length > before) spoke++
    }
    expect(spoke).toBeGreaterThan(1)
  })

  it.each(rows)('a network that begins does begin, without f of them: $method', (averaging) => {
    const liars = new Map([[4, createAdversary({ behaviour: 'silent' }, 1)]])
    const swarm = swarmOf({ peers: 9, seed: 3, rounds: 2, stepMs: 20, memory: 'lost', averaging, liars })
    swarm.runRounds(2)
    expect(swarm.isOver(2)).toBe(true)
    expect(wrongs(swarm)).toEqual([])
  })
})

describe('asynchronous agreement, each for itself', () => {
  it('a peer that lost what it said speaks again soon, by numbers that contradict nothing', () => {
    const agreement = agreementOf({ ...usual('asynchronous'), bootstrap: 1, mixEvery: 0 })
    for (let seed = 0; seed < 6; seed++) {
      const swarm = swarmOf({ seed, rounds: 100, agreement })
      swarm.runFor(900 + randomStream(seed, 'kills').below(300))
      const said = swarm.sent[0]!.length
      kill(swarm, 0)
      const before = Math.max(...swarm.sent[0]!.map(({ round }) => round))
      expect(before).toBeGreaterThan(3)
      swarm.network.restart(0, true)
      swarm.runFor(1500)
      const after = swarm.sent[0]!.slice(said)
      expect(after.length, `seed ${seed}`).toBeGreaterThan(3)
      expect(Math.min(...after.map(({ round }) => round))).toBeGreaterThan(before)
      expect(wrongs(swarm)).toEqual([])
    }
  })
})
