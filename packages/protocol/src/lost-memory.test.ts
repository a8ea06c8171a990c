import { describe, expect, it, vi } from 'vitest'
import { type Certificate, encodeCertificate } from './chain/checkpoint.ts'
import { endedBy } from './chain/ended.ts'
import { Peer } from './shell/peer.ts'
import type { Event, Output, Step } from './shell/step.ts'
import { wrap } from './shell/wrap.ts'
import { silent } from './testing/liars.ts'
import { kill, Lives, wrongs } from './testing/lives.ts'
import { certificateOf, checkpointOf, digest, networksOf, sealed, signedCheckpoint } from './testing/network.ts'
import { Swarm, type SwarmOptions } from './testing/swarm.ts'
import { encodeAnswer } from './words/ask.ts'
import { mostPhasesAhead } from './words/statements.ts'
import type { Envelope } from './words/words.ts'

// Many messages on a machine that may be busy.
vi.setConfig({ testTimeout: 50_000 })

const init = (envelopes: readonly Envelope[]): Envelope | undefined =>
  envelopes.find(({ statements }) => statements.some(({ kind }) => kind === 'init'))
const vigils = (...steps: Step[]): Output[] =>
  steps.flatMap(({ outputs }) => outputs.filter(({ kind }) => kind === 'vigil'))

describe('a peer that has lost what it said', () => {
  it('says nothing before it has heard what there is, though it has trained, nor then of rounds that it may have spoken in', () => {
    const swarm = new Swarm({ peers: 4, tolerated: 1, seed: 5, rounds: 4, batchMs: 10 })
    swarm.run(60_000, () => swarm.allCertified(3))
    const wiped = new Peer(swarm.optionsOf(0))
    const start = wiped.handle([{ kind: 'start' }, { kind: 'neighbour', peer: 1 }, { kind: 'neighbour', peer: 2 }], 0)
    expect(start.asks.map(({ to }) => to)).toEqual([1, 2])
    expect(vigils(start)).toEqual([{ kind: 'vigil', state: 'asking', until: 0 }])
    const [train] = start.work
    expect(train).toMatchObject({ kind: 'train', round: 1 })
    const done: Event = { kind: 'done', id: train!.id, result: { kind: 'trained', digest: digest('again') } }
    expect(wiped.handle([done], 10).sends).toEqual([])
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

  it('counts no answer that has certificates, or whose author says that it is further on', () => {
    const networks = networksOf(4, 1)
    const [network] = networks
    const timing = { graceMs: 200, timeoutMs: 100, askMs: 300 }
    const peer = new Peer({ network: network!, self: 0, initial: digest('initial'), timing })
    peer.handle([{ kind: 'start' }], 0)
    const answer = (from: number, round: number, certificates: Parameters<typeof encodeAnswer>[0] = []): Output[] =>
      vigils(peer.handle([{ kind: 'answer', from: from, bytes: encodeAnswer(certificates, [], network!, round) }], 1))
    const old = encodeCertificate(certificateOf(networks, checkpointOf(network!, { round: 9 }), [1, 2, 3]))
    expect([...answer(1, 9), ...answer(2, 2), ...answer(3, 1, [old]), ...answer(1, 0)]).toEqual([])
    expect([...answer(1, 1), ...answer(2, 1)]).toEqual([{ kind: 'vigil', state: 'over', until: 0 }])
  })

  it('is silent until words that it hears certify a round, whatever certificates it is shown', () => {
    const networks = networksOf(4, 1)
    const network = networks[0]!
    const timing = { graceMs: 200, timeoutMs: 100, askMs: 300 }
    const peer = new Peer({ network, self: 0, initial: digest('initial'), timing })
    peer.handle([{ kind: 'start' }], 0)
    const chain: Certificate[] = []
    for (let round = 1; round <= 5; round++) {
      const previous = chain.at(-1)?.digest ?? network.genesis
      const checkpoint = checkpointOf(network, { round, previous, model: digest(`${round}`) })
      chain.push(certificateOf(networks, checkpoint, [1, 2, 3]))
    }
    const show = (from: number, certificates: readonly Certificate[]): Step => {
      const bytes = encodeAnswer(certificates.map(encodeCertificate), [], network, peer.height + 1)
      return peer.handle([{ kind: 'answer', from: from, bytes }], 1)
    }
    const silent = [show(1, chain.slice(0, 2)), show(1, []), show(2, [])]
    expect(vigils(...silent)).toMatchObject([{ state: 'silent', until: 4 }])
    const shown = show(3, chain.slice(2, 4))
    expect([peer.height, ...vigils(shown)]).toEqual([4])
    peer.handle([{ kind: 'done', id: shown.work.at(-1)!.id, result: { kind: 'adopted' } }], 2)
    const { checkpoint } = chain[4]!
    const words = [1, 2, 3].map((author): Event => {
      const at = { round: 5, previous: checkpoint.previous }
      return {
        kind: 'envelope',
        envelope: sealed(networks, author, [signedCheckpoint(networks[author]!, checkpoint)], at),
      }
    })
    expect(vigils(peer.handle(words, 3))).toEqual([{ kind: 'vigil', state: 'over', until: 0 }])
  })

  it('trains for no round in which it will say nothing', () => {
    const lives = new Lives(4)
    const trained: number[] = []
    const swarm = new Swarm({
      peers: 4,
      tolerated: 1,
      seed: 3,
      rounds: 9,
      batchMs: 10,
      perform: (peer, work) => {
        if (work.kind === 'train' && peer === 2 && lives.lives[2]! > 0) trained.push(work.round)
        return lives.perform(peer, work)
      },
    })
    swarm.run(60_000, () => swarm.allCertified(2))
    kill(swarm, 2)
    lives.lives[2]!++
    swarm.replace(2, new Peer(swarm.optionsOf(2)))
    swarm.run(60_000, () => swarm.allCertified(9))
    const spoken = swarm.sent[2]!.filter(({ round }) => round > 3).map(({ round }) => round)
    expect(spoken.length).toBeGreaterThan(0)
    // Before it has asked it does.
    expect(trained[0]).toBe(1)
    expect(trained).not.toContain(Math.min(...spoken) - 1)
  })

  it('knows its own word when it hears it, and says nothing against it', () => {
    const swarm = new Swarm({ peers: 4, tolerated: 1, seed: 6, rounds: 1, batchMs: 10 })
    swarm.run(110)
    expect(init(swarm.sent[0]!)).toBeDefined()
    for (const memory of ['whole', 'kept', 'lost'] as const) {
      const peer = new Peer({ ...swarm.optionsOf(0), memory })
      const start = peer.handle([{ kind: 'start' }, { kind: 'neighbour', peer: 1 }], 0)
      const answer = swarm.participants[1]!.answer(start.asks[0]!.bytes, 0)!
      const heard = peer.handle([{ kind: 'answer', from: 1, bytes: answer }], 1)
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
      sealed(networks, author, [{ kind: 'estimate', instance: 2, phase: mostPhasesAhead + 3, value: 1 }])
    expect([0, 1].map((author) => peer.open(far(author).bytes).verdict)).toEqual(['accept', 'ignore'])
    expect(vigils(peer.handle([{ kind: 'envelope', envelope: far(0) }], 1))).toMatchObject([{ state: 'silent' }])
  })

  it('speaks in later rounds only, wherever it was killed, and the rounds go on', () => {
    let spoke = 0
    for (let seed = 0; seed < 8; seed++) {
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
      expect(wrongs(swarm)).toEqual([])
      if (swarm.sent[self]!.length > before) spoke++
    }
    expect(spoke).toBeGreaterThan(6)
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
      swarm.replace(
        self,
        new Peer({ ...swarm.optionsOf(self), ...(head && { head: endedBy(head) }), said, memory: 'kept' }),
      )
      swarm.run(60_000, () => swarm.allCertified(8))
      expect(swarm.allCertified(8), `seed ${seed}`).toBe(true)
      expect(wrongs(swarm)).toEqual([])
    }
    expect(rolledBack).toBeGreaterThan(6)
  })
})

describe('a network whose peers do not know what they said', () => {
  const begins = (options: Partial<SwarmOptions>): Swarm => {
    const swarm = new Swarm({ peers: 7, tolerated: 2, seed: 1, rounds: 2, batchMs: 10, memory: 'lost', ...options })
    swarm.run(60_000, () => swarm.allCertified(2))
    expect(swarm.allCertified(2)).toBe(true)
    expect(wrongs(swarm)).toEqual([])
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
          return wrap(honest(), { holders: () => [], answer: () => encodeAnswer([], [], network, 4_000_000_000) })
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
      swarm.replace(self, new Peer({ ...swarm.optionsOf(self), head: endedBy(head), said }))
    }
    swarm.run(600_000, () => swarm.allCertified(6))
    expect(swarm.allCertified(6)).toBe(true)
    expect(wrongs(swarm)).toEqual([])
  })
})
