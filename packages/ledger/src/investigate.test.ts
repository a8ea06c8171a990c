import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { equivocation, type Statement, sealEnvelopes } from '@hearsay/protocol'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { decodeEvidenceFile, encodeEvidenceFile } from './evidence-file.ts'
import { findLedgers } from './find-ledgers.ts'
import { investigate } from './investigate.ts'
import { LedgerFixture } from './testing/ledger-fixture.ts'

const fixture = await LedgerFixture.create(7, 2)
const root = mkdtempSync(join(tmpdir(), 'hearsay-forensics-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(root, 'run-'))
})

/** Honest peers 0 and 1 on one side, 5 and 6 on the other; 2, 3 and 4 sign both from round 3 on. */
const trunk = fixture.chain(2, [0, 1, 2, 3, 4])
const one = fixture.chain(5, [0, 1, 2, 3, 4], 1, trunk)
const other = fixture.chain(4, [2, 3, 4, 5, 6], 2, trunk)
const write = (name: string, chain: typeof one): string => fixture.write(join(folder, name), chain, false)
const verdict = () => investigate(findLedgers(folder))[0]!

describe('forensics', () => {
  it('of ledgers that agree, some of them shorter, accuses nobody', () => {
    write('a', one)
    write('b', trunk)
    write('c', [])
    expect(investigate(findLedgers(folder))).toEqual([
      {
        network: fixture.network.genesis,
        peers: 7,
        weight: 7,
        tolerated: 2,
        end: 'certified',
        ledgers: [5, 2, 0].map((rounds, at) => ({ path: join(folder, 'abc'[at]!, 'ledger'), rounds })),
        culprits: [],
        proofs: [],
        refused: [],
      },
    ])
  })

  it('of a fork names who signed both sides, with a proof that stands alone', () => {
    write('a', one)
    write('b', other)
    const { fork, culprits, proofs } = verdict()
    expect(fork).toMatchObject({ round: 3, rounds: 2 })
    expect(fork!.sides.map(({ checkpoint }) => checkpoint)).toEqual([one[2]!.digest, other[2]!.digest])
    // Names count from the other end.
    expect(culprits.map(({ name, id }) => [name, id])).toEqual([
      ['peer 4', fixture.ids[2]],
      ['peer 3', fixture.ids[3]],
      ['peer 2', fixture.ids[4]],
    ])
    expect(proofs).toHaveLength(1)
    expect(decodeEvidenceFile(proofs[0]!.file, 'proof')).toMatchObject({ evidence: { culprits: [2, 3, 4], round: 3 } })
  })

  it('takes of a ledger what is sound, whatever follows, and nothing that is not signed', () => {
    write('a', one)
    const forged = fixture.certificate({ ...one[2]!.checkpoint, model: one[0]!.checkpoint.model }, [0, 1, 2, 5])
    write('b', [...trunk, forged])
    const { fork, culprits, ledgers } = verdict()
    expect(fork).toBeUndefined()
    expect(culprits).toEqual([])
    expect(ledgers[1]).toMatchObject({ rounds: 2, broken: { round: 3, reason: 'a certificate of less than a quorum' } })
  })

  it('takes the evidence beside ledgers into account, and tells what proves nothing', () => {
    write('a', one)
    const evidence = join(folder, 'a', 'evidence')
    mkdirSync(evidence)
    const said = (author: number, digest: string) => {
      const statements: Statement[] = [{ kind: 'init', digest }]
      const at = { author, round: 2, previous: trunk[0]!.digest, statements }
      return sealEnvelopes(at, fixture.networks[author]!)[0]!
    }
    const [a, b] = ['a', 'b'].map((letter) => letter.repeat(64))
    const proof = equivocation(said(6, a!), said(6, b!), fixture.network)
    writeFileSync(join(evidence, 'equivocation-6.json'), encodeEvidenceFile(proof, fixture.record))
    const none = equivocation(said(5, a!), said(5, a!), fixture.network)
    writeFileSync(join(evidence, 'equivocation-5.json'), encodeEvidenceFile(none, fixture.record))
    writeFileSync(join(evidence, 'noise.json'), 'noise')
    const { culprits, fork, refused } = verdict()
    expect(fork).toBeUndefined()
    expect(culprits.map(({ name }) => name)).toEqual(['peer 0'])
    expect(refused.map(({ path }) => path)).toEqual(
      ['equivocation-5.json', 'noise.json'].map((name) => join(evidence, name)),
    )
  })

  it('keeps networks apart', async () => {
    const stranger = await LedgerFixture.create(4, 1)
    write('a', one)
    stranger.write(join(folder, 'b'), stranger.chain(1, [0, 1, 2]), false)
    const verdicts = investigate(findLedgers(folder))
    expect(verdicts.map(({ network, fork }) => [network, fork])).toEqual([
      [fixture.network.genesis, undefined],
      [stranger.network.genesis, undefined],
    ])
  })
})
