import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Quorums } from '../roster/quorums.ts'
import { certificateOf, checkpointOf, digest, networksOf, sealed } from '../testing/network.ts'
import type { Certificate } from './checkpoint.ts'
import { equivocation, verifyEvidence } from './evidence.ts'
import { Forensics } from './forensics.ts'

const sizes = [
  [4, 1],
  [5, 1],
  [7, 2],
  [10, 3],
  [13, 4],
] as const

/** Checks what is found in these ledgers, round by round. */
function investigate(network: ReturnType<typeof networksOf>[number], ledgers: readonly (readonly Certificate[])[]) {
  const forensics = new Forensics(network)
  const rounds = Math.max(...ledgers.map(({ length }) => length))
  for (let round = 1; round <= rounds; round++)
    forensics.compare(
      round,
      ledgers.map((ledger) => ledger[round - 1]),
    )
  return forensics
}

describe('forensics', () => {
  it('of ledgers that agree finds nothing, whoever signed', () => {
    const networks = networksOf(7, 2)
    const checkpoint = checkpointOf(networks[0]!)
    const ledgers = [
      [0, 1, 2, 3, 4],
      [2, 3, 4, 5, 6],
    ].map((signers) => [certificateOf(networks, checkpoint, signers)])
    expect(investigate(networks[0]!, [...ledgers, []])).toMatchObject({ proofs: [], forkedRounds: 0, culprits: [] })
  })

  it('takes together who signed one checkpoint: the first quorum that a peer heard is not all', () => {
    const networks = networksOf(7, 2)
    const [one, other] = ['one', 'other'].map((text) => checkpointOf(networks[0]!, { model: digest(text) }))
    const ledgers = [
      [certificateOf(networks, one!, [0, 1, 2, 3, 4])],
      [certificateOf(networks, one!, [0, 1, 2, 4, 5])],
      [certificateOf(networks, other!, [2, 3, 4, 5, 6])],
    ]
    const forensics = investigate(networks[0]!, ledgers)
    expect(forensics.culprits).toEqual([2, 3, 4, 5])
    expect(forensics.firstFork).toMatchObject({ round: 1, sides: [{ ledgers: [0, 1] }, { ledgers: [2] }] })
    expect(forensics.proofs).toHaveLength(1)
    expect(verifyEvidence(forensics.proofs[0]!.bytes, networks[0]!)).toEqual(forensics.proofs[0])
  })

  it('names, of any two certificates of one round, at least f+1, all of whom signed both', () => {
    const quorum = fc.constantFrom(...sizes).chain(([n, f]) => {
      const least = Array.from({ length: n }, (_, at) => at + 1).find((weight) =>
        Quorums.equal(n, f).certificate(weight),
      )!
      const signers = fc.shuffledSubarray([...Array(n).keys()], { minLength: least })
      return fc.record({ n: fc.constant(n), f: fc.constant(f), first: signers, second: signers })
    })
    fc.assert(
      fc.property(quorum, ({ n, f, first, second }) => {
        const networks = networksOf(n, f)
        const ledgers = [first, second].map((signers, at) => [
          certificateOf(networks, checkpointOf(networks[0]!, { model: digest(`${at}`) }), signers),
        ])
        const { culprits, proofs } = investigate(networks[0]!, ledgers)
        expect(culprits.length).toBeGreaterThan(f)
        expect(culprits).toEqual(first.filter((signer) => second.includes(signer)).sort((a, b) => a - b))
        for (const proof of proofs) expect(verifyEvidence(proof.bytes, networks[0]!)).toEqual(proof)
      }),
      { numRuns: 60 },
    )
  })

  it('considers the evidence that peers kept, and takes nothing that proves nothing', () => {
    const networks = networksOf(7, 2)
    const init = (author: number, text: string) => sealed(networks, author, [{ kind: 'init', digest: digest(text) }])
    const forensics = new Forensics(networks[0]!)
    expect(forensics.consider(equivocation(init(3, 'a'), init(3, 'b'), networks[0]!).bytes)).toMatchObject({
      culprits: [3],
    })
    expect(forensics.consider(equivocation(init(4, 'a'), init(4, 'a'), networks[0]!).bytes)).toContain('contradict')
    expect(forensics.consider(new Uint8Array(9))).toBe('not evidence')
    // One proof of a culprit is enough.
    forensics.consider(equivocation(init(3, 'c'), init(3, 'd'), networks[0]!).bytes)
    expect(forensics.culprits).toEqual([3])
    expect(forensics.proofs).toHaveLength(1)
  })
})
