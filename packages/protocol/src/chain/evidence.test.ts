import { describe, expect, it } from 'vitest'
import { randomFrom } from '../testing/exchange.ts'
import { certificateOf, checkpointOf, digest, networksOf, sealed, signedCheckpoint } from '../testing/network.ts'
import { pausedDigest } from '../words/pauses.ts'
import { RoundRecord } from '../words/record.ts'
import { asEchoed, type Statement } from '../words/statements.ts'
import { equivocation, fork, verifyEvidence } from './evidence.ts'

const networks = networksOf(7, 2)
const [network] = networks as [(typeof networks)[number]]
const init = (author: number, text: string, at = {}) =>
  sealed(networks, author, [{ kind: 'init', digest: digest(text) }], at)

describe('evidence of equivocation', () => {
  const proof = equivocation(init(3, 'a'), init(3, 'b'), network)

  it('names the author, and convinces whoever has the roster', () => {
    expect(proof).toMatchObject({ kind: 'equivocation', round: 1, culprits: [3] })
    for (const anybody of networks) expect(verifyEvidence(proof.bytes, anybody)).toEqual(proof)
  })

  it('is also one envelope against itself, and one round on two predecessors', () => {
    const torn = sealed(
      networks,
      2,
      ['a', 'b'].map((text) => ({ kind: 'echo', sender: 0, digest: digest(text) }) as const),
    )
    expect(verifyEvidence(equivocation(torn, torn, network).bytes, network)).toMatchObject({ culprits: [2] })
    const here = init(4, 'a')
    const there = sealed(networks, 4, [{ kind: 'echo', sender: 0, digest: digest('a') }], {
      previous: digest('elsewhere'),
    })
    expect(verifyEvidence(equivocation(here, there, network).bytes, network)).toMatchObject({ culprits: [4] })
  })

  it.each<[Statement, Statement]>([
    // It pauses to some, and sends others an update.
    [
      { kind: 'init', digest: pausedDigest },
      { kind: 'init', digest: digest('a') },
    ],
    [
      { kind: 'echo', sender: 1, digest: digest('a') },
      { kind: 'echo', sender: 1, digest: digest('b') },
    ],
    [
      { kind: 'ready', sender: 1, digest: digest('a') },
      { kind: 'ready', sender: 1, digest: digest('b') },
    ],
    [
      { kind: 'coordinate', instance: 1, phase: 4, value: 0 },
      { kind: 'coordinate', instance: 1, phase: 4, value: 1 },
    ],
    [
      { kind: 'auxiliary', instance: 1, phase: 4, values: 1 },
      { kind: 'auxiliary', instance: 1, phase: 4, values: 3 },
    ],
    [
      signedCheckpoint(networks[3]!, checkpointOf(network)),
      signedCheckpoint(networks[3]!, checkpointOf(network, { model: digest('another') })),
    ],
  ])('is also %j against %j', (one, other) => {
    const [here, there] = [sealed(networks, 3, [one]), sealed(networks, 3, [other])]
    expect(verifyEvidence(equivocation(here, there, network).bytes, network)).toMatchObject({ culprits: [3] })
    expect(new RoundRecord(7).consider(here).kind).toBe('new')
    const record = new RoundRecord(7)
    record.consider(here)
    expect(record.consider(there)).toEqual({ kind: 'conflict', with: here })
  })

  it('is not a ready for what was echoed against one for a digest, which may be that; nor is either kept beside the other', () => {
    const ready = (of: string) => sealed(networks, 3, [{ kind: 'ready', sender: 1, digest: of }])
    for (const [one, other] of [
      [ready(asEchoed), ready(digest('a'))],
      [ready(digest('a')), ready(asEchoed)],
    ] as const) {
      expect(verifyEvidence(equivocation(one, other, network).bytes, network)).toMatch(/do not contradict/)
      const record = new RoundRecord(7)
      record.consider(one)
      expect(record.consider(other)).toEqual({ kind: 'known' })
    }
  })

  it('is not two words of two authors, of two rounds, in two slots, or of one content', () => {
    const said = init(3, 'a')
    const estimates = ([0, 1] as const).map((value) =>
      sealed(networks, 3, [{ kind: 'estimate', instance: 0, phase: 1, value }]),
    )
    for (const other of [
      init(4, 'b'),
      init(3, 'b', { round: 2 }),
      sealed(networks, 3, [{ kind: 'echo', sender: 3, digest: digest('b') }]),
      said,
    ])
      expect(typeof verifyEvidence(equivocation(said, other, network).bytes, network)).toBe('string')
    expect(typeof verifyEvidence(equivocation(estimates[0]!, estimates[1]!, network).bytes, network)).toBe('string')
  })

  it('proves nothing once it is tampered with, nor in another network', () => {
    const random = randomFrom(5)
    for (let time = 0; time < 3000; time++) {
      const hostile = proof.bytes.slice()
      hostile[random(hostile.length - 1)]! ^= 1 << random(7)
      expect(typeof verifyEvidence(hostile.subarray(0, hostile.length - random(2)), network)).toBe('string')
    }
    expect(verifyEvidence(proof.bytes, networksOf(7, 2, digest('another'))[0]!)).toBe('evidence of another network')
    expect(verifyEvidence(new Uint8Array(1_000_000), network)).toBe('evidence of too many bytes')
    expect(typeof verifyEvidence(new Uint8Array(0), network)).toBe('string')
  })
})

describe('evidence of a fork', () => {
  const one = certificateOf(networks, checkpointOf(network), [0, 1, 2, 3, 4])
  const two = certificateOf(networks, checkpointOf(network, { model: digest('another') }), [2, 3, 4, 5, 6])

  it('names those who signed both, more than f, and convinces whoever has the roster', () => {
    const proof = fork(one, two, network)
    expect(proof).toMatchObject({ kind: 'fork', round: 1, culprits: [2, 3, 4] })
    expect(verifyEvidence(proof.bytes, networks[6]!)).toEqual(proof)
  })

  it('is not one checkpoint signed by two quorums, nor two rounds', () => {
    const again = certificateOf(networks, checkpointOf(network), [2, 3, 4, 5, 6])
    expect(verifyEvidence(fork(one, again, network).bytes, network)).toMatch(/two certificates of one checkpoint/)
    const next = certificateOf(networks, checkpointOf(network, { round: 2 }), [2, 3, 4, 5, 6])
    expect(verifyEvidence(fork(one, next, network).bytes, network)).toMatch(/different rounds/)
    const weak = certificateOf(networks, checkpointOf(network, { model: digest('another') }), [2, 3, 4, 5])
    expect(verifyEvidence(fork(one, weak, network).bytes, network)).toMatch(/less than a quorum/)
  })
})
