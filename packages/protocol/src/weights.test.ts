/** Every threshold counts weight, and no step heads: of peers that weigh 4, 1, 1 and 1 the first and any other are a quorum. */
import { describe, expect, it } from 'vitest'
import { ReliableBroadcast } from './agreement/broadcast/reliable-broadcast.ts'
import { BinaryAgreement } from './agreement/exact/binary-agreement.ts'
import { CommonSubset } from './agreement/exact/common-subset.ts'
import { Round } from './agreement/exact/round.ts'
import { type Certificate, decodeCertificate, encodeCertificate } from './chain/checkpoint.ts'
import { Forensics } from './chain/forensics.ts'
import { Quorums } from './roster/quorums.ts'
import { Pace } from './shell/pace.ts'
import { Vigil } from './shell/vigil.ts'
import { certificateOf, checkpointOf, digest, networksBy, signedCheckpoint } from './testing/network.ts'
import type { Statement } from './words/statements.ts'

/** W = 7, F = 2: more than 4.5 is a quorum, 3 amplifies, 5 delivers, 5 is W − F. */
const quorums = new Quorums([4, 1, 1, 1], 2)
const networks = networksBy(quorums)
const [network] = networks as [(typeof networks)[number]]

const modelOf = (): undefined => undefined

describe('of a broadcast', () => {
  const broadcast = (): { said: Statement[]; say: (statement: Statement) => void; it: ReliableBroadcast } => {
    const said: Statement[] = []
    return { said, say: (statement) => void said.push(statement), it: new ReliableBroadcast(1, quorums) }
  }
  const kinds = (said: readonly Statement[]): string[] => said.map(({ kind }) => kind)

  it('two echoes are enough that weigh 5, three that weigh 3 are not', () => {
    const { said, say, it } = broadcast()
    for (const light of [1, 2, 3]) it.onEcho(light, 'a', say)
    expect(said).toEqual([])
    it.onEcho(0, 'a', say)
    expect(kinds(said)).toEqual(['ready'])
    const few = broadcast()
    for (const peer of [0, 1]) few.it.onEcho(peer, 'a', few.say)
    expect(kinds(few.said)).toEqual(['ready'])
  })

  it('one READY that weighs 4 amplifies, two that weigh 2 do not; two that weigh 5 deliver, three that weigh 3 do not', () => {
    const heavy = broadcast()
    expect(heavy.it.onReady(0, 'a', heavy.say)).toBe(false)
    expect(kinds(heavy.said)).toEqual(['ready'])
    expect(heavy.it.onReady(1, 'a', heavy.say)).toBe(true)
    const light = broadcast()
    for (const peer of [1, 2]) light.it.onReady(peer, 'a', light.say)
    expect(light.said).toEqual([])
    expect(light.it.onReady(3, 'a', light.say)).toBe(false)
    expect(light.it.delivered).toBeUndefined()
  })
})

describe('of an agreement', () => {
  const agreement = (): { said: string[]; it: BinaryAgreement } => {
    const said: string[] = []
    const say = (statement: Statement): void => {
      if (!('phase' in statement)) return
      const value = statement.kind === 'auxiliary' ? statement.values : statement.value
      said.push(`${statement.kind} ${statement.phase} ${value}`)
    }
    return { said, it: new BinaryAgreement(0, 1, quorums, { say, timer: () => {} }) }
  }

  it('one EST that weighs 4 is relayed, two that weigh 2 are not; two that weigh 5 make a value', () => {
    const { said, it } = agreement()
    for (const light of [2, 3]) it.onEstimate(light, 1, 0)
    expect(said).toEqual([])
    it.onEstimate(0, 1, 1)
    expect(said).toEqual(['estimate 1 1'])
    it.start(1)
    expect(said).toEqual(['estimate 1 1'])
    it.onEstimate(2, 1, 1)
    expect(said).toEqual(['estimate 1 1', 'auxiliary 1 2'])
  })

  it('two AUX that weigh 5 decide, three that weigh 3 do not', () => {
    const { it } = agreement()
    it.start(1)
    for (const peer of [0, 1]) it.onEstimate(peer, 1, 1)
    for (const light of [1, 2, 3]) it.onAuxiliary(light, 1, 2)
    expect(it.decided).toBeUndefined()
    it.onAuxiliary(0, 1, 2)
    expect(it.decided).toBe(1)
  })

  it('one that weighs 4 is followed to a later phase, two that weigh 2 are not', () => {
    const { it } = agreement()
    const { horizon } = it
    for (const light of [2, 3]) it.onReached(light, 9)
    expect(it.horizon).toBe(horizon)
    const heavy = agreement().it
    heavy.onReached(0, 9)
    expect(heavy.horizon).toBeGreaterThan(horizon)
  })

  it('who weighs more coordinates more phases', () => {
    expect([1, 2, 3, 4, 5, 6, 7].map((phase) => quorums.coordinator(phase))).toEqual([0, 0, 1, 0, 2, 0, 3])
  })

  it('a set of updates is whole when those that are in weigh W − F', () => {
    const timers: unknown[] = []
    const subset = new CommonSubset(1, quorums, { say: () => {}, want: () => {}, timer: (timer) => timers.push(timer) })
    for (const sender of [0, 1]) {
      for (const peer of [0, 1]) subset.onStatement(peer, { kind: 'ready', sender, digest: digest(`${sender}`) })
      for (const peer of [0, 1]) subset.onStatement(peer, { kind: 'estimate', instance: sender, phase: 1, value: 1 })
      for (const peer of [0, 1]) subset.onStatement(peer, { kind: 'auxiliary', instance: sender, phase: 1, values: 2 })
      expect(timers.includes('grace')).toBe(sender === 1)
    }
  })
})

describe('of certificates', () => {
  const members = (peers: readonly number[]) => peers.map((peer) => ({ peer, digest: digest(`update ${peer}`) }))
  const checkpoint = (peers: readonly number[]) => checkpointOf(network, { members: members(peers) })
  const open = (peers: readonly number[], signers: readonly number[]): unknown =>
    decodeCertificate(encodeCertificate(certificateOf(networks, checkpoint(peers), signers)), network)

  it('two members and two signers that weigh 5 are enough, three that weigh 3 are not', () => {
    expect(open([0, 1], [0, 1])).toMatchObject({ checkpoint: { round: 1 } })
    expect(open([1, 2, 3], [0, 1])).toMatch(/less than n−f/)
    expect(open([0, 1], [1, 2, 3])).toMatch(/less than a quorum/)
  })

  it('so they are to a peer in the round', () => {
    const certified: Certificate[] = []
    const effects = { say() {}, timer() {}, work() {}, agreed() {}, proven: () => false }
    const start = {
      number: 1,
      previous: network.genesis,
      model: digest('initial'),
      self: 3,
      quorums,
      changes: {},
      modelOf,
    }
    const round = new Round(start, network, {
      ...effects,
      certified: (certificate) => void certified.push(certificate),
    })
    const sign = (peer: number, peers: readonly number[]): void =>
      round.onStatement(peer, signedCheckpoint(networks[peer]!, checkpoint(peers)))
    for (const peer of [0, 1, 2]) sign(peer, [1, 2, 3])
    for (const light of [1, 2, 3]) sign(light, [0, 1])
    expect(certified).toEqual([])
    sign(0, [0, 1])
    expect(certified).toHaveLength(1)
    expect(round.progress().awaits).toBe('updates')
    for (const sender of [0, 1])
      for (const peer of [0, 1]) round.onStatement(peer, { kind: 'ready', sender, digest: digest(`${sender}`) })
    expect(round.progress().awaits).toBe('agreement')
  })

  it('two of one round share signers of weight more than F, whatever their number, and those are named', () => {
    const other = checkpointOf(network, { members: members([0, 1]), model: digest('another') })
    const forensics = new Forensics(network)
    forensics.compare(1, [certificateOf(networks, checkpoint([0, 1]), [0, 1]), certificateOf(networks, other, [0, 2])])
    expect(forensics.culprits).toEqual([0])
    expect(quorums.weigh(forensics.culprits)).toBeGreaterThan(quorums.tolerated)
  })
})

describe('of a rule', () => {
  const workOf = (now: Quorums, peers: readonly number[]) => {
    const asked: object[] = []
    const effects = { say() {}, timer() {}, agreed() {}, proven: () => false, certified() {} }
    const start = {
      number: 1,
      previous: network.genesis,
      model: digest('initial'),
      self: 3,
      quorums: now,
      changes: {},
      modelOf,
    }
    const round = new Round(start, network, { ...effects, work: (work) => void asked.push(work) })
    round.start()
    const members = peers.map((peer) => ({ peer, digest: digest(`update ${peer}`) }))
    for (const member of members) round.onDone({ kind: 'fetch', round: 1, member }, { kind: 'held' })
    round.settle({ members })
    return asked.filter((work) => !('member' in work))
  }

  it('training is told what all weigh, and the aggregate what its members weigh, and F when some are out', () => {
    expect(workOf(quorums, [0, 2])).toEqual([
      expect.objectContaining({ kind: 'train', weights: [4, 1, 1, 1] }),
      expect.objectContaining({ kind: 'aggregate', weights: [4, 1] }),
    ])
    const [train, aggregate] = workOf(quorums.without([2]), [0, 1])
    expect(train).toMatchObject({ weights: [4, 1, 0, 1], fewer: 1 })
    expect(aggregate).toMatchObject({ weights: [4, 1], fewer: 1 })
  })

  it('neither is told anything where each weighs 1 and all take part', () => {
    const works = workOf(Quorums.equal(4, 2 - 1), [0, 1, 2])
    for (const work of works) expect(work).not.toHaveProperty('weights')
  })
})

describe('of a peer', () => {
  it('one answer makes W − F with its own weight, or does not', () => {
    const vigil = (self: number) => new Vigil({ quorums, self, memory: 'lost', patienceMs: 1000 })
    const [heavy, light] = [vigil(0), vigil(1)]
    heavy.onAnswer(1, 0, 0)
    expect(heavy.state).toBe('over')
    for (const peer of [2, 3]) light.onAnswer(peer, 0, 0)
    expect(light.state).toBe('asking')
    light.onAnswer(0, 0, 0)
    expect(light.state).toBe('over')
    const alone = new Quorums([5, 1], 1)
    expect(new Vigil({ quorums: alone, self: 0, memory: 'lost', patienceMs: 1000 }).state).toBe('over')
  })

  it('is hurried by one announcement that weighs 4, not by two that weigh 2', () => {
    const begunBy = (peers: readonly number[]): number => {
      const pace = new Pace(quorums, 1000)
      let begun = 0
      for (const round of [0, 1]) pace.enter(round, () => begun++)
      for (const peer of peers) pace.onAnnounced(peer, 2)
      return begun
    }
    expect([begunBy([2, 3]), begunBy([0])]).toEqual([1, 2])
  })
})
