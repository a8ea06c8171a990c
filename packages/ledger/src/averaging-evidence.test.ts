import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { digestOf, type Envelope, equivocation, type Statement, sealEnvelopes } from '@hearsay/protocol'
import fc from 'fast-check'
import { afterAll, describe, expect, it, test } from 'vitest'
import { decodeEvidenceFile, encodeEvidenceFile } from './evidence-file.ts'
import { findLedgers } from './find-ledgers.ts'
import { investigate } from './investigate.ts'
import { LedgerFixture } from './testing/ledger-fixture.ts'
import { verifyLedger } from './verify-ledger.ts'

// What peers that average say has stages, and no certificate: a stranger checks it by what their agreement lets them say.
const agreement = { kind: 'averaging', method: 'rb-tm', mode: 'asynchronous', heterogeneous: true }
const fixture = await LedgerFixture.create(7, 2, { agreement })
const { network, record } = fixture
const folder = mkdtempSync(join(tmpdir(), 'hearsay-averaging-evidence-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const digest = (text: string) => digestOf(new TextEncoder().encode(text))
const said = (statement: Statement, { author = 3, round = 2, previous = network.genesis } = {}): Envelope =>
  sealEnvelopes({ author, round, previous, statements: [statement] }, fixture.networks[author]!)[0]!
const proof = (one: Envelope, other: Envelope): string => encodeEvidenceFile(equivocation(one, other, network), record)
const read = (text: string) => decodeEvidenceFile(text, 'proof.json')
const init = (text: string, stage: number): Statement => ({ kind: 'init', digest: digest(text), stage })

describe('evidence of averaging', () => {
  it.each<[Statement, Statement]>([
    [init('a', 0), init('b', 0)],
    // Round 2 has four stages.
    [init('a', 3), init('b', 3)],
    [
      { kind: 'echo', sender: 5, digest: digest('a'), stage: 1 },
      { kind: 'echo', sender: 5, digest: digest('b'), stage: 1 },
    ],
    [
      { kind: 'witness', members: [0, 1, 2, 3, 4], stage: 2 },
      { kind: 'witness', members: [0, 1, 2, 3, 5], stage: 2 },
    ],
  ])('convinces whoever has the record: %j against %j', (one, other) => {
    expect(read(proof(said(one), said(other)))).toMatchObject({
      evidence: { kind: 'equivocation', round: 2, culprits: [3] },
    })
  })

  it('that is forged proves nothing', () => {
    const [one, other] = [said(init('a', 1)), said(init('b', 1))]
    expect(read(proof(one, said(init('b', 2))))).toMatch(/do not contradict/)
    expect(read(proof(one, said(init('b', 1), { author: 4 })))).toMatch(/envelopes of different slots/)
    expect(read(proof(one, said(init('b', 1), { round: 3 })))).toMatch(/envelopes of different slots/)
    expect(read(proof(one, said(init('b', 4))))).toMatch(/a stage that its round has not/)
    expect(read(proof(one, said({ kind: 'init', digest: digest('b') })))).toMatch(/a word of another agreement/)
    expect(read(proof(one, said(init('b', 1), { previous: digest('elsewhere') })))).toMatch(/builds on a checkpoint/)
    // Signed by another than who is named in it.
    const stranger = sealEnvelopes(
      { author: 3, round: 2, previous: network.genesis, statements: [init('b', 1)] },
      fixture.networks[4]!,
    )[0]!
    expect(read(proof(one, stranger))).toMatch(/a wrong signature of peer 3/)
    // The same words under a record that says otherwise what peers may say.
    const exact = JSON.stringify({
      ...JSON.parse(proof(one, other)),
      genesis: { ...JSON.parse(record), agreement: {} },
    })
    expect(read(exact)).toBe('evidence of another network')
  })

  it('of which a bit was changed, or a part put in or left out, proves nothing', () => {
    const file = JSON.parse(proof(said(init('a', 1)), said(init('b', 1))))
    const whole = Buffer.from(file.proof, 'base64')
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.uint8Array({ maxLength: 4 }), fc.nat(4), (at, put, drop) => {
        const bytes = Buffer.concat([whole.subarray(0, at), put, whole.subarray(at + drop)])
        fc.pre(!bytes.equals(whole))
        expect(typeof read(JSON.stringify({ ...file, proof: bytes.toString('base64') }))).toBe('string')
      }),
      { numRuns: 300 },
    )
  })
})

test('in the folder of a peer it is checked, and names who is guilty, where nothing is certified', () => {
  const home = fixture.write(join(folder, 'peer-0'), [])
  mkdirSync(join(home, 'evidence'))
  writeFileSync(join(home, 'evidence', 'equivocation-3.json'), proof(said(init('a', 1)), said(init('b', 1))))
  expect(verifyLedger(findLedgers(home)[0]!)).toMatchObject({
    end: 'averaged',
    rounds: 0,
    evidence: [{ proves: { kind: 'equivocation', round: 2, culprits: ['peer 3'] } }],
  })
  expect(investigate(findLedgers(folder))).toMatchObject([{ end: 'averaged', culprits: [{ id: fixture.ids[3] }] }])
})
