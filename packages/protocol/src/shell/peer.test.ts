import { describe, expect, it } from 'vitest'
import { type Certificate, encodeCertificate } from '../chain/checkpoint.ts'
import { endedBy } from '../chain/ended.ts'
import { certificateOf, checkpointOf, digest, networksOf, sealed } from '../testing/network.ts'
import { decodeAnswer, encodeAnswer, encodeAsk } from '../words/ask.ts'
import { mostPhasesAhead, type Statement } from '../words/statements.ts'
import type { Envelope } from '../words/words.ts'
import { Peer } from './peer.ts'
import type { Event, Result, Step, Work } from './step.ts'

const networks = networksOf(4, 1)
const [network] = networks as [(typeof networks)[number]]
const initial = digest('initial model')
const timing = { graceMs: 200, timeoutMs: 100, askMs: 300 }

/** Peer 0, handed one thing after another. */
class Stage {
  readonly peer = new Peer({ network, self: 0, initial, timing, memory: 'whole' })
  readonly steps: Step[] = []
  nowMs = 0

  constructor() {
    this.handle({ kind: 'start' })
  }

  handle(...events: Event[]): Step {
    const step = this.peer.handle(events, this.nowMs)
    this.steps.push(step)
    return step
  }

  hear(...envelopes: Envelope[]): Step {
    return this.handle(...envelopes.map((envelope) => ({ kind: 'envelope', envelope }) as const))
  }

  offer(...certificates: Certificate[]): Step {
    return this.handle({ kind: 'answer', from: 9, bytes: answerOf(certificates) })
  }

  /** Finishes the last work of this kind that was started. */
  finish(kind: Work['kind'], result: Result): Step {
    return this.handle({ kind: 'done', id: this.last(kind)!.id, result })
  }

  last(kind: Work['kind']): Work | undefined {
    return this.steps.flatMap(({ work }) => work).findLast((work) => work.kind === kind)
  }

  /** All timers that are due so many ms later. */
  later(ms: number): Step[] {
    this.nowMs += ms
    const due = this.steps
      .flatMap(({ timers }) => timers)
      .filter(({ atMs }) => atMs <= this.nowMs && atMs > this.nowMs - ms)
    return due.map(({ id }) => this.handle({ kind: 'timer', id }))
  }
}

const answerOf = (certificates: readonly Certificate[]): Uint8Array =>
  encodeAnswer(certificates.map(encodeCertificate), [], network)

/** Certificates of rounds 1 to `count`, by peers 1 to 3. */
function links(count: number, story = 'one'): Certificate[] {
  const chain: Certificate[] = []
  for (let round = 1; round <= count; round++) {
    const previous = chain.at(-1)?.digest ?? network.genesis
    const checkpoint = checkpointOf(network, { round, previous, model: digest(`${story} ${round}`) })
    chain.push(certificateOf(networks, checkpoint, [1, 2, 3]))
  }
  return chain
}

const kinds = (step: Step): string[] => step.outputs.map((output) => output.kind)
const estimate = (phase: number): Statement => ({ kind: 'estimate', instance: 2, phase, value: 1 })
const init = (text: string): Statement => ({ kind: 'init', digest: digest(text) })
const asked = (step: Step): number => step.asks.length

describe('what reaches a peer', () => {
  it('is of its last round, its own, and two more', () => {
    const { peer } = new Stage()
    const verdict = (round: number): string => peer.open(sealed(networks, 1, [init('a')], { round }).bytes).verdict
    expect([1, 2, 3, 4, 5].map(verdict)).toEqual(['accept', 'accept', 'accept', 'ignore', 'ignore'])
    expect(peer.open(new Uint8Array(9)).verdict).toBe('reject')
    const stage = new Stage()
    stage.offer(...links(2))
    const later = (round: number): string => stage.peer.open(sealed(networks, 1, [init('a')], { round }).bytes).verdict
    expect([1, 2, 3, 5, 6].map(later)).toEqual(['ignore', 'accept', 'accept', 'accept', 'ignore'])
  })

  it('is of a phase not too far ahead of its own, and is taken in later when it was', () => {
    const stage = new Stage()
    const far = sealed(networks, 1, [estimate(mostPhasesAhead + 1)])
    expect(stage.peer.open(sealed(networks, 1, [estimate(mostPhasesAhead)]).bytes).verdict).toBe('accept')
    expect(stage.peer.open(far.bytes).verdict).toBe('ignore')
    stage.hear(far)
    for (const from of [1, 2, 3])
      stage.hear(sealed(networks, from, [{ kind: 'ready', sender: 2, digest: digest('u') }]))
    expect(stage.peer.open(far.bytes).verdict).toBe('accept')
  })

  it('is passed on only if it says something new, and never of the convicted', () => {
    const stage = new Stage()
    const verdict = (statements: Statement[]): string => stage.peer.open(sealed(networks, 1, statements).bytes).verdict
    stage.hear(sealed(networks, 1, [init('a')]))
    expect([verdict([init('a')]), verdict([init('a'), estimate(1)]), verdict([estimate(1)])]).toEqual([
      'ignore',
      'ignore',
      'accept',
    ])
    expect(verdict([init('b')])).toBe('accept')
    const step = stage.hear(sealed(networks, 1, [init('b')]))
    expect(step.outputs).toMatchObject([{ kind: 'evidence', evidence: { kind: 'equivocation', culprits: [1] } }])
    expect([verdict([init('c')]), verdict([estimate(1)])]).toEqual(['ignore', 'ignore'])
    expect(kinds(stage.hear(sealed(networks, 1, [init('c')])))).toEqual([])
  })

  it('of another chain makes it ask, once a while, and is not counted', () => {
    const stage = new Stage()
    const strange = (from: number): Envelope =>
      sealed(networks, from, [{ kind: 'ready', sender: 2, digest: digest('u') }], { previous: digest('another chain') })
    expect([asked(stage.hear(strange(1))), asked(stage.hear(strange(2))), asked(stage.hear(strange(3)))]).toEqual([
      1, 0, 0,
    ])
    expect(stage.steps.flatMap(({ sends }) => sends)).toEqual([])
    stage.later(300)
    expect(asked(stage.hear(sealed(networks, 3, [estimate(1)], { previous: digest('another chain') })))).toBe(1)
    const quiet = new Stage()
    expect(
      asked(
        quiet.hear(
          sealed(networks, 1, [init('a')]),
          sealed(networks, 2, [init('b')], { round: 3, previous: digest('later') }),
        ),
      ),
    ).toBe(0)
  })
})

describe('an update', () => {
  it('is echoed when it is held, and never when it is unfit', () => {
    const stage = new Stage()
    const asks = stage.hear(sealed(networks, 1, [init('a')]), sealed(networks, 2, [init('b')]))
    expect(asks.work.map((work) => work.kind === 'fetch' && work.member.peer)).toEqual([1, 2])
    expect(asks.sends).toEqual([])
    const [first, second] = asks.work
    const held = stage.handle({ kind: 'done', id: first!.id, result: { kind: 'held' } })
    expect(held.sends.flatMap(({ envelope }) => envelope.statements)).toEqual([
      { kind: 'echo', sender: 1, digest: digest('a') },
    ])
    const unfit = stage.handle({ kind: 'done', id: second!.id, result: { kind: 'unfit', reason: 'NaN' } })
    expect([unfit.sends, unfit.faults]).toEqual([[], [{ peer: 2, what: 'an update that is unfit: NaN' }]])
    expect(stage.handle({ kind: 'done', id: second!.id, result: { kind: 'held' } }).sends).toEqual([])
    expect(stage.peer.holders(1, { peer: 1, digest: digest('a') })).toEqual([0])
  })
})

describe('a certificate that others made', () => {
  it('ends the round: the peer aggregates the certified set, if it comes to hold it in time', () => {
    const stage = new Stage()
    const [one] = links(1) as [Certificate]
    const step = stage.offer(one)
    expect(kinds(step)).toEqual(['round-ended'])
    expect(step.work.map((work) => work.kind === 'fetch' && work.member)).toEqual(one.checkpoint.members)
    for (const { id } of step.work) stage.handle({ kind: 'done', id, result: { kind: 'held' } })
    expect(stage.last('aggregate')).toMatchObject({ round: 1, members: one.checkpoint.members })
    expect(kinds(stage.finish('aggregate', { kind: 'aggregated', model: one.checkpoint.model }))).toEqual(['round'])
    expect(stage.last('train')).toMatchObject({ round: 2, model: one.checkpoint.model })
    expect(stage.last('adopt')).toBe(undefined)
    // The grace time of the round that is over means nothing now.
    stage.later(200)
    expect(stage.last('adopt')).toBe(undefined)
  })

  it('is adopted when the set does not come in time', () => {
    const stage = new Stage()
    const [one] = links(1) as [Certificate]
    stage.offer(one)
    stage.later(200)
    expect(stage.last('adopt')).toMatchObject({ round: 1, model: one.checkpoint.model, signers: [1, 2, 3] })
    expect(kinds(stage.finish('adopt', { kind: 'adopted' }))).toEqual(['round'])
    expect(stage.last('train')).toMatchObject({ round: 2, model: one.checkpoint.model })
  })

  it('is adopted when this peer aggregated something else', () => {
    const stage = new Stage()
    const [one] = links(1) as [Certificate]
    for (const { id } of stage.offer(one).work) stage.handle({ kind: 'done', id, result: { kind: 'held' } })
    const step = stage.finish('aggregate', { kind: 'aggregated', model: digest('wrong') })
    expect(kinds(step)).toEqual(['differs'])
    expect(stage.last('adopt')).toMatchObject({ round: 1, model: one.checkpoint.model })
    expect(kinds(stage.finish('adopt', { kind: 'adopted' }))).toEqual(['round'])
  })

  it('replaces an older one that is being adopted', () => {
    const stage = new Stage()
    const [one, two, three] = links(3) as [Certificate, Certificate, Certificate]
    stage.offer(one)
    stage.offer(two)
    const older = stage.last('adopt')!
    expect(older).toMatchObject({ round: 2 })
    stage.offer(three)
    const newer = stage.last('adopt')!
    expect(newer).toMatchObject({ round: 3, model: three.checkpoint.model })
    expect(stage.handle({ kind: 'done', id: older.id, result: { kind: 'adopted' } }).outputs).toEqual([])
    // The grace time of round 1 is over: the adoption under way goes on.
    const asks = stage.later(200)
    expect(asks.flatMap(({ work }) => work)).toEqual([])
    expect(kinds(stage.finish('adopt', { kind: 'adopted' }))).toEqual(['round'])
    expect(stage.last('train')).toMatchObject({ round: 4, model: three.checkpoint.model })
  })

  it('in the middle of a batch: what follows in it is heard in the next round', () => {
    const stage = new Stage()
    const [one] = links(1) as [Certificate]
    for (const { id } of stage.offer(one).work) stage.handle({ kind: 'done', id, result: { kind: 'held' } })
    const next = sealed(networks, 2, [init('next')], { round: 2, previous: one.digest })
    const step = stage.handle(
      { kind: 'done', id: stage.last('aggregate')!.id, result: { kind: 'aggregated', model: one.checkpoint.model } },
      { kind: 'envelope', envelope: next },
    )
    expect(step.work.map(({ kind }) => kind)).toEqual(['train', 'fetch'])
    // Its own checkpoint of the round that is over goes out still.
    expect(step.sends.map(({ envelope }) => [envelope.round, envelope.statements[0]?.kind])).toEqual([
      [1, 'checkpoint'],
    ])
  })

  it('heard before the round: what was said in it is heard when it begins', () => {
    const stage = new Stage()
    const [one] = links(1) as [Certificate]
    stage.hear(sealed(networks, 2, [init('next')], { round: 2, previous: one.digest }))
    stage.offer(one)
    stage.later(200)
    const step = stage.finish('adopt', { kind: 'adopted' })
    expect(step.work.map((work) => (work.kind === 'fetch' ? work.member.digest : work.kind))).toEqual([
      'train',
      digest('next'),
    ])
  })

  it('is refused when it skips a round, builds on another chain, or lacks a quorum', () => {
    const stage = new Stage()
    const [, two] = links(2) as [Certificate, Certificate]
    const astray = certificateOf(networks, checkpointOf(network, { previous: digest('another chain') }), [1, 2, 3])
    const weak = certificateOf(networks, checkpointOf(network), [1, 2])
    const early = certificateOf(networks, checkpointOf(network, { round: 2 }), [1, 2, 3])
    for (const certificate of [two, early, astray]) expect(kinds(stage.offer(certificate))).toEqual([])
    expect(stage.offer(weak).faults).toEqual([{ peer: 9, what: 'a certificate of less than a quorum' }])
    expect(stage.handle({ kind: 'answer', from: 9, bytes: Uint8Array.of(255) }).faults).toMatchObject([{ peer: 9 }])
    expect(stage.peer.height).toBe(0)
  })

  it('is adopted once when many come together, and it is the newest', () => {
    const stage = new Stage()
    const chain = links(20)
    const first = stage.offer(...chain.slice(0, 16))
    expect(first.outputs).toHaveLength(16)
    expect(first.work.filter(({ kind }) => kind === 'adopt')).toMatchObject([{ round: 16 }])
    const answers = [chain.slice(16, 18), chain.slice(16)].map(
      (certificates): Event => ({ kind: 'answer', from: 9, bytes: answerOf(certificates) }),
    )
    expect(stage.handle(...answers).work).toMatchObject([{ kind: 'adopt', round: 20 }])
    expect(stage.finish('adopt', { kind: 'adopted' }).work).toMatchObject([{ kind: 'train', round: 21 }])
  })

  it('makes it ask for more when there may be more', () => {
    const stage = new Stage()
    const chain = links(20)
    expect(asked(stage.offer(...chain.slice(0, 16)))).toBe(1)
    expect(asked(stage.offer(...chain.slice(16)))).toBe(0)
    expect(stage.peer.height).toBe(20)
  })
})

describe('checkpoints of one round', () => {
  it('are a certificate by a quorum of equal ones, on this chain, of this rule and of n−f members', () => {
    const sign = (from: number, fields: Parameters<typeof checkpointOf>[1], previous = network.genesis): Envelope => {
      const certificate = certificateOf(networks, checkpointOf(network, { previous, ...fields }), [from])
      const signature = certificate.signatures.get(from)!
      return sealed(networks, from, [{ kind: 'checkpoint', checkpoint: certificate.bytes, signature }], { previous })
    }
    const made = (
      fields: Parameters<typeof checkpointOf>[1],
      froms: readonly number[],
      previous?: string,
    ): string[] => {
      const stage = new Stage()
      return froms.flatMap((from) => kinds(stage.hear(sign(from, fields, previous))))
    }
    expect(made({}, [1, 2])).toEqual([])
    expect(made({}, [1, 2, 3])).toEqual(['round-ended'])
    expect(made({}, [1, 2, 3], digest('another chain'))).toEqual([])
    expect(made({ rule: 'another' }, [1, 2, 3])).toEqual([])
    expect(made({ members: [{ peer: 1, digest: digest('u') }] }, [1, 2, 3])).toEqual([])
  })
})

describe('a fork', () => {
  it('halts the peer, which says no more, and shows both certificates to whoever asks', () => {
    const stage = new Stage()
    const [one] = links(1) as [Certificate]
    const [rival] = links(1, 'two') as [Certificate]
    stage.offer(one)
    const step = stage.offer(rival)
    expect(kinds(step)).toEqual(['evidence', 'halted'])
    expect(step.outputs[0]).toMatchObject({ evidence: { kind: 'fork', round: 1, culprits: [1, 2, 3] } })
    expect(stage.peer.halted).toBe(true)
    expect(stage.hear(sealed(networks, 1, [init('a')]))).toEqual({
      sends: [],
      asks: [],
      timers: [],
      work: [],
      outputs: [],
      faults: [],
    })
    expect(stage.later(1000).flatMap(({ asks }) => asks)).toEqual([])
    const ask = encodeAsk({ locator: [{ round: 0, digest: network.genesis }], held: new Set() }, network)
    const shown = decodeAnswer(stage.peer.answer(ask)!, network)!.certificates.map((bytes) =>
      Buffer.from(bytes).toString('hex'),
    )
    expect(shown.sort()).toEqual(
      [one, rival].map((certificate) => Buffer.from(encodeCertificate(certificate)).toString('hex')).sort(),
    )
  })
})

describe('a peer without the model of its newest certificate', () => {
  it('fetches it first, and asks for newer certificates meanwhile', () => {
    const [one, two] = links(2) as [Certificate, Certificate]
    const peer = new Peer({ network, self: 0, initial, timing, memory: 'whole', head: endedBy(one), holdsModel: false })
    const step = peer.handle([{ kind: 'start' }], 0)
    expect(step.work).toMatchObject([{ kind: 'adopt', round: 1 }])
    expect(step.timers).toHaveLength(1)
    expect(peer.handle([{ kind: 'timer', id: step.timers[0]!.id }], 300).asks).toHaveLength(1)
    const newer = peer.handle([{ kind: 'answer', from: 9, bytes: answerOf([two]) }], 400)
    expect(newer.work).toMatchObject([{ kind: 'adopt', round: 2 }])
    const begun = peer.handle([{ kind: 'done', id: newer.work[0]!.id, result: { kind: 'adopted' } }], 500)
    expect(begun.work).toMatchObject([{ kind: 'train', round: 3, model: two.checkpoint.model }])
  })
})

describe('a peer that was killed before it kept the certificate of a round, and after it kept words of the next', () => {
  it('does not say them when the chain forks and it adopts another certificate: it would contradict itself', () => {
    const [[one], [rival]] = [links(1), links(1, 'two')] as [[Certificate], [Certificate]]
    const kept = sealed(networks, 0, [init('a')], { round: 2, previous: one.digest })
    const restarted = (certificate: Certificate): Envelope[] => {
      const peer = new Peer({ network, self: 0, initial, timing, memory: 'whole', said: [kept] })
      peer.handle([{ kind: 'start' }], 0)
      const [adopt] = peer.handle([{ kind: 'answer', from: 9, bytes: answerOf([certificate]) }], 1).timers
      const [work] = peer.handle([{ kind: 'timer', id: adopt!.id }], 500).work
      const begun = peer.handle([{ kind: 'done', id: work!.id, result: { kind: 'adopted' } }], 501)
      return begun.sends.map(({ envelope }) => envelope)
    }
    expect(restarted(one)).toEqual([kept])
    expect(restarted(rival)).toEqual([])
  })
})

describe('a peer that hears of certificates before it is started', () => {
  it('begins no round twice', () => {
    const [one] = links(1) as [Certificate]
    const peer = new Peer({ network, self: 0, initial, timing, memory: 'whole' })
    const early = peer.handle([{ kind: 'answer', from: 9, bytes: answerOf([one]) }], 0)
    expect(early.work).toMatchObject([{ kind: 'adopt', round: 1 }])
    expect(peer.handle([{ kind: 'start' }], 1).work).toEqual([])
    const adopted: Event = { kind: 'done', id: early.work[0]!.id, result: { kind: 'adopted' } }
    expect(peer.handle([adopted], 2).work).toMatchObject([{ kind: 'train', round: 2 }])
    expect(peer.handle([{ kind: 'start' }], 3).work).toEqual([])
  })
})
