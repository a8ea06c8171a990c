import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineRule, rules } from '@hearsay/aggregation'
import { peerIdOfPublicKey } from '@hearsay/libp2p'
import { type Certificate, digestOfVector, encodeCertificate, equivocation, sealEnvelopes } from '@hearsay/protocol'
import fc from 'fast-check'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { decodeEvidenceFile, encodeEvidenceFile } from './evidence-file.ts'
import { frame } from './files.ts'
import { findLedgers, networkOf } from './find-ledgers.ts'
import { Recomputation } from './recomputation.ts'
import { LedgerFixture } from './testing/ledger-fixture.ts'
import { verifyEvidenceFile, verifyLedger } from './verify-ledger.ts'

const fixture = await LedgerFixture.create(7, 2)
const certificates = fixture.chain(4, [0, 1, 2, 3, 4])
const root = mkdtempSync(join(tmpdir(), 'hearsay-ledger-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(root, 'peer-'))
})

const verified = (path = folder) => verifyLedger(findLedgers(path)[0]!)
const ledger = (chain: readonly Certificate[]): void =>
  writeFileSync(join(folder, 'ledger'), Buffer.concat(chain.map((each) => frame(encodeCertificate(each)))))
const invalid = (message: string) =>
  expect.objectContaining({ code: 'bad-file', message: expect.stringContaining(message) })

describe('a ledger', () => {
  it('is sound, and its models are what the rule gives, bit for bit', () => {
    fixture.write(folder, certificates)
    expect(verified()).toEqual({
      path: join(folder, 'ledger'),
      network: fixture.network.genesis,
      peers: 7,
      tolerated: 2,
      end: 'certified',
      rounds: 4,
      head: certificates[3]!.digest,
      evicted: [],
      aggregates: { recomputed: 4 },
      evidence: [],
    })
    expect(verified(join(folder, 'ledger')).rounds).toBe(4)
  })

  it('follows eras: who is out, whose signatures count, and how many liars the rule withstands', async () => {
    const evicting = await LedgerFixture.create(7, 2, { agreement: { kind: 'exact', evictEvery: 2 } })
    const five = [0, 1, 2, 3, 4]
    const before = evicting.chain(3, five, 0, evicting.chain(1, five), [6])
    evicting.write(folder, evicting.chain(5, [0, 1, 2, 3], 0, before, [6]))
    expect(verified()).toMatchObject({
      ...{ rounds: 5, evicted: [{ round: 2, peer: 'peer 0' }], aggregates: { recomputed: 5 } },
    })
    expect(verified()).not.toHaveProperty('broken')
    evicting.write(folder, evicting.chain(4, [0, 1, 2, 6], 0, before, [6]))
    expect(verified().broken).toEqual({ round: 4, reason: 'a certificate of less than a quorum' })
    evicting.write(folder, evicting.chain(4, five, 0, before))
    expect(verified().broken).toEqual({ round: 4, reason: 'a certificate that takes back who was out' })
  })

  it('is computed again by weight, in each era by what is left', async () => {
    const weighing = await LedgerFixture.create(7, 3, {
      ...{ agreement: { kind: 'exact', evictEvery: 2 }, weights: [3, 1, 1, 1, 1, 2, 2] },
    })
    const signers = [0, 1, 2, 3, 4, 5]
    const before = weighing.chain(3, signers, 0, weighing.chain(1, signers), [6])
    weighing.write(folder, weighing.chain(5, signers, 0, before, [6]))
    expect(verified()).toMatchObject({ rounds: 5, aggregates: { recomputed: 5 } })
    weighing.byHeads = true
    weighing.write(folder, weighing.chain(2, signers))
    expect(verified().broken).toMatchObject({ round: 1, reason: expect.stringContaining('its rule gives the model') })
  })

  it('without its updates is sound, and says what was not computed again', () => {
    fixture.write(folder, certificates, false)
    const reason = 'the model that it builds on is not archived'
    expect(verified()).toMatchObject({ rounds: 4, aggregates: { recomputed: 0, unknown: { round: 1, reason } } })
    fixture.write(folder, certificates)
    const { members, model } = certificates[1]!.checkpoint
    rmSync(join(folder, 'payloads', members[3]!.digest))
    const lacks = { round: 2, reason: 'the update of peer 3 is not archived' }
    expect(verified()).toMatchObject({ rounds: 4, aggregates: { recomputed: 3, unknown: lacks } })
    rmSync(join(folder, 'payloads', model))
    expect(verified().aggregates).toMatchObject({ recomputed: 2, unknown: lacks })
  })

  it('whose rule is not known here is sound, and its name does not steer a terminal', async () => {
    const other = await LedgerFixture.create(4, 1, { aggregation: { rule: 'mine\u001b[2J' } })
    const certificate = other.certificate(
      {
        round: 1,
        previous: other.network.genesis,
        members: [0, 1, 2].map((peer) => ({ peer, digest: other.initial })),
        rule: other.network.rule,
        model: other.initial,
      },
      [0, 1, 2],
    )
    other.write(folder, [certificate])
    const { broken, aggregates } = verified()
    expect(broken).toBeUndefined()
    expect(aggregates.recomputed).toBe(0)
    expect(aggregates.unknown!.reason).toContain('mine?[2J')
  })

  it('whose rule gives nothing is told with the round, and so is a rule that no extension has', async () => {
    const message = 'Rule "throwing" throws: Error: no'
    rules.add(
      defineRule({
        name: 'throwing',
        summary: 'none',
        requirement: () => true,
        requirementText: 'n > 0',
        reference: () => {
          throw new Error('no')
        },
      }),
    )
    for (const [rule, failed] of [
      ['throwing', message],
      ['nowhere', 'the rule "nowhere" is none that ships, and in no file of --extension'],
    ] as const) {
      const other = await LedgerFixture.create(4, 1, { aggregation: { rule } })
      const { network, initial } = other
      const members = [0, 1, 2].map((peer) => ({ peer, digest: initial }))
      const first = { round: 1, previous: network.genesis, members, rule: network.rule, model: initial }
      other.write(folder, [other.certificate(first, [0, 1, 2])])
      const { broken, aggregates } = verifyLedger(findLedgers(folder)[0]!, { extended: true })
      expect([broken, aggregates]).toEqual([undefined, { recomputed: 0, failed: { round: 1, reason: failed } }])
    }
  })

  it('of no rounds is sound', () => {
    fixture.write(folder, [])
    expect(verified()).toMatchObject({ rounds: 0, head: fixture.network.genesis })
  })

  const [first, second] = certificates as [Certificate, Certificate]
  const swapped = new Map(second.signatures).set(2, second.signatures.get(3)!)
  const { members } = second.checkpoint
  it.each<[string, Certificate, string]>([
    ['a wrong signature', { ...second, signatures: swapped }, 'a wrong signature of peer 4'],
    ['a quorum less one', fixture.certificate(second.checkpoint, [0, 1, 2, 3]), 'a certificate of less than a quorum'],
    [
      'a set less one',
      fixture.certificate({ ...second.checkpoint, members: members.slice(3) }, [0, 1, 2, 3, 4]),
      'a set of less than n−f',
    ],
    ['a certificate twice', first, 'a certificate of round 1 where round 2 is due'],
    [
      'another chain',
      fixture.certificate({ ...second.checkpoint, previous: second.digest }, [0, 1, 2, 3, 4]),
      `a certificate that builds on ${second.digest}`,
    ],
    [
      'a model that the rule does not give',
      fixture.certificate({ ...second.checkpoint, model: first.checkpoint.model }, [0, 1, 2, 3, 4]),
      `its rule gives the model ${second.checkpoint.model}, and not ${first.checkpoint.model}, which was certified`,
    ],
  ])('with %s is broken in that round, by name', (_, certificate, reason) => {
    fixture.write(folder, certificates)
    ledger([first, certificate])
    const report = verified()
    expect(report).toMatchObject({ rounds: 1, head: first.digest, broken: { round: 2 } })
    expect(report.broken!.reason).toContain(reason)
  })

  it('whose archived update was changed, or is none, is broken in its round', () => {
    fixture.write(folder, certificates)
    const { digest } = certificates[2]!.checkpoint.members[6]!
    const path = join(folder, 'payloads', digest)
    const bytes = readFileSync(path)
    bytes[5]! ^= 1
    writeFileSync(path, bytes)
    expect(verified().broken).toMatchObject({ round: 3, reason: expect.stringContaining('the update of peer 0') })
    expect(verified().broken!.reason).toContain('was changed')
    truncateSync(path, 5)
    expect(verified().broken).toMatchObject({ round: 3, reason: expect.stringContaining('is no file of 1 to') })
    rmSync(path)
    symlinkSync('/dev/zero', path)
    expect(verified().broken).toMatchObject({ round: 3 })
  })

  it('that is cut off, or claims a certificate without end, is broken there, and nothing is taken into memory', () => {
    fixture.write(folder, certificates)
    const whole = readFileSync(join(folder, 'ledger'))
    for (const size of [2, 30, whole.length - 1]) {
      truncateSync(join(folder, 'ledger'), size)
      expect(verified().broken!.reason).toBe('the file ends in the middle of a certificate')
      writeFileSync(join(folder, 'ledger'), whole)
    }
    writeFileSync(join(folder, 'ledger'), Buffer.concat([whole, Buffer.from([255, 255, 255, 127, 1])]))
    expect(verified().broken).toMatchObject({ round: 5, reason: expect.stringContaining('2147483647 bytes') })
  })

  it('cannot be checked without a genesis record, or with one that is wrong', () => {
    fixture.write(folder, certificates)
    const path = join(folder, 'genesis.json')
    const record = JSON.parse(fixture.record)
    const neutral = peerIdOfPublicKey(new Uint8Array(32).with(0, 1))
    const wrong: [string, unknown][] = [
      ['stands there twice, or out of order', { ...record, peers: record.peers.toReversed() }],
      ['tolerates at most f = 2, not 3', { ...record, tolerated: 3 }],
      ['names: there must be one a peer', { ...record, names: ['one'] }],
      ['weights: there must be one a peer', { ...record, weights: [2] }],
      ['weights[0]', { ...record, weights: record.peers.map(() => 1).with(0, -1) }],
      ['peers', { ...record, peers: ['12D3KooWnobody'] }],
      ['no sound Ed25519 key', { ...record, peers: record.peers.with(1, neutral).toSorted() }],
      ['names', { ...record, names: record.names.map(() => '\u001b[2J') }],
      ['initial', { ...record, initial: 1 }],
      ['nobody can check modelled signatures', { ...record, signatures: 'modelled' }],
      ['expected object', 'text'],
    ]
    for (const [message, value] of wrong) {
      writeFileSync(path, JSON.stringify(value))
      expect(() => verified(), message).toThrow(invalid(message))
    }
    writeFileSync(path, `${'['.repeat(1e6)}`)
    expect(() => verified()).toThrow(invalid('genesis.json'))
    rmSync(path)
    expect(() => verified()).toThrow(invalid('genesis.json, which says whose signatures count'))
    // Another record is another network.
    writeFileSync(path, JSON.stringify({ ...record, seed: 2 }))
    expect(verified().broken).toMatchObject({ round: 1 })
    // The same in another spelling is the same.
    writeFileSync(path, JSON.stringify(record, undefined, 3))
    expect(verified().broken).toBeUndefined()
  })
})

describe('models that kernels cannot hold with all updates', () => {
  it('are not computed again, and that is told', () => {
    const model = new Float32Array(62_000)
    const initial = digestOfVector(model)
    writeFileSync(join(folder, initial), model)
    const known = { ...networkOf(findLedgers(fixture.write(folder, certificates))[0]!), initial }
    const large = { ...known, network: { ...known.network, peers: 8600 } }
    const recomputed = new Recomputation(large, [folder]).check(certificates[0]!.checkpoint)
    expect(recomputed).toEqual({ kind: 'unknown', reason: expect.stringContaining('too large') })
  })
})

describe('ledgers below a folder', () => {
  it('are found, with the record and the payloads of the folder above', () => {
    fixture.write(folder, certificates)
    const { ledgers } = { ledgers: ['b', 'a'].map((name) => join(folder, name)) }
    for (const path of ledgers) {
      mkdirSync(path)
      writeFileSync(join(path, 'ledger'), readFileSync(join(folder, 'ledger')))
    }
    const found = findLedgers(folder)
    expect(found.map(({ path }) => path)).toEqual(['', 'a', 'b'].map((name) => join(folder, name, 'ledger')))
    expect(found.map((place) => verifyLedger(place).aggregates.recomputed)).toEqual([4, 4, 4])
  })

  it('have no record or evidence that is a link, which may lead to what has no end', () => {
    fixture.write(folder, certificates)
    mkdirSync(join(folder, 'evidence'))
    symlinkSync('/dev/zero', join(folder, 'evidence', 'a.json'))
    expect(verified()).toMatchObject({ rounds: 4, evidence: [] })
    rmSync(join(folder, 'genesis.json'))
    symlinkSync('/dev/zero', join(folder, 'genesis.json'))
    expect(() => verified()).toThrow(invalid('genesis.json'))
  })

  it('are asked for when there are none', () => {
    expect(() => findLedgers(folder)).toThrow(invalid('there is no ledger in it'))
    expect(() => findLedgers(join(folder, 'nothing'))).toThrow(invalid('no such file or folder'))
  })
})

describe('a file of evidence', () => {
  const envelopes = ['a', 'b'].map((text) => {
    const statements = [
      { kind: 'init', digest: digestOfVector(Float32Array.of(text.length, text.charCodeAt(0))) } as const,
    ]
    return sealEnvelopes(
      { author: 2, round: 1, previous: fixture.network.genesis, statements },
      fixture.networks[2]!,
    )[0]!
  })
  const evidence = equivocation(envelopes[0]!, envelopes[1]!, fixture.network)
  const text = encodeEvidenceFile(evidence, fixture.record)

  it('convinces whoever has nothing else', () => {
    const path = join(folder, 'proof.json')
    writeFileSync(path, text)
    expect(verifyEvidenceFile(path)).toEqual({
      path,
      proves: { kind: 'equivocation', round: 1, culprits: ['peer 4'], network: fixture.network.genesis },
    })
    expect(verifyEvidenceFile(path, '0'.repeat(64)).refused).toContain('another network')
  })

  it.each([
    ['accuses another', { culprits: [fixture.ids[3]!] }, 'kind, a round or culprits which its proof does not show'],
    ['claims another round', { round: 2 }, 'kind, a round or culprits which its proof does not show'],
    ['claims a fork', { kind: 'fork' }, 'kind, a round or culprits which its proof does not show'],
    ['has no proof', { proof: '' }, 'evidence of another network'],
    ['is of another network', { genesis: { ...JSON.parse(fixture.record), seed: 9 } }, 'evidence of another network'],
  ])('that %s is refused', (_, change, reason) => {
    const read = decodeEvidenceFile(JSON.stringify({ ...JSON.parse(text), ...change }), 'proof.json')
    expect(read).toContain(reason)
  })

  it('that is something else says so', () => {
    expect(() => decodeEvidenceFile('{}', 'summary.json')).toThrow(/summary\.json: no file of evidence: /)
  })

  it('with one envelope twice proves nothing', () => {
    const bytes = equivocation(envelopes[0]!, envelopes[0]!, fixture.network).bytes
    expect(decodeEvidenceFile(encodeEvidenceFile({ ...evidence, bytes }, fixture.record), 'proof.json')).toBe(
      'envelopes that do not contradict each other',
    )
  })
})

describe('whatever is in the files', () => {
  it('nothing but a PeerError comes of evidence, and it proves only what it did', () => {
    const envelope = (word: number) => {
      const statements = [{ kind: 'init', digest: digestOfVector(Float32Array.of(word)) } as const]
      const said = { author: 1, round: 1, previous: fixture.network.genesis, statements }
      return sealEnvelopes(said, fixture.networks[1]!)[0]!
    }
    const text = encodeEvidenceFile(equivocation(envelope(1), envelope(2), fixture.network), fixture.record)
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.string({ maxLength: 3 }), fc.nat(4), (at, put, drop) => {
        try {
          const read = decodeEvidenceFile(text.slice(0, at) + put + text.slice(at + drop), 'proof.json')
          if (typeof read === 'object') expect(read.evidence.culprits).toEqual([1])
        } catch (error) {
          expect(error).toMatchObject({ code: 'bad-file' })
        }
      }),
      { numRuns: 400 },
    )
  })

  it('a ledger is sound as far as it is what it was, and no further', () => {
    fixture.write(folder, certificates, false)
    const whole = readFileSync(join(folder, 'ledger'))
    const ends = certificates.map((_, at) =>
      certificates.slice(0, at + 1).reduce((sum, each) => sum + 4 + encodeCertificate(each).length, 0),
    )
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.uint8Array({ maxLength: 6 }), fc.nat(6), (at, put, drop) => {
        const bytes = Buffer.concat([whole.subarray(0, at), put, whole.subarray(at + drop)])
        writeFileSync(join(folder, 'ledger'), bytes)
        const { rounds, broken } = verified()
        const same = ends.filter((end) => whole.subarray(0, end).equals(bytes.subarray(0, end))).length
        expect(rounds).toBe(same)
        expect(broken === undefined).toBe(same > 0 ? bytes.length === ends[same - 1] : bytes.length === 0)
      }),
      { numRuns: 150 },
    )
  })
})
