import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeCheckpoint } from '../chain/checkpoint.ts'
import { randomFrom } from '../testing/exchange.ts'
import { modelledKeys } from '../testing/modelled-keys.ts'
import { checkpointOf, digest, networksOf, sealed, signedCheckpoint } from '../testing/network.ts'
import { Body, Envelope as EnvelopeMessage } from '../wire/envelope.pb.js'
import { fromHex, sha256 } from './digest.ts'
import { openEnvelope, sealEnvelopes } from './envelope.ts'
import { mostPhasesAhead, type Statement } from './statements.ts'
import type { Envelope } from './words.ts'

const peers = 7
const networks = networksOf(peers, 2)
const [network] = networks as [(typeof networks)[number]]

const position = fc.nat(peers - 1)
const digests = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex'))
const vote = { instance: position, phase: fc.integer({ min: 1, max: 2 ** 32 - 1 }) }
const bit = fc.constantFrom(0 as const, 1 as const)
const statement: fc.Arbitrary<Statement> = fc.oneof(
  fc.record({ kind: fc.constant('echo' as const), sender: position, digest: digests }),
  fc.record({ kind: fc.constant('ready' as const), sender: position, digest: digests }),
  fc.record({ kind: fc.constant('estimate' as const), ...vote, value: bit }),
  fc.record({ kind: fc.constant('coordinate' as const), ...vote, value: bit }),
  fc.record({
    kind: fc.constant('auxiliary' as const),
    ...vote,
    values: fc.constantFrom(1 as const, 2 as const, 3 as const),
  }),
)

/** The order on the wire: by kind, and as said within one. */
const kinds = ['init', 'echo', 'ready', 'estimate', 'coordinate', 'auxiliary', 'checkpoint']
const byKind = (statements: readonly Statement[]): Statement[] =>
  [...statements].sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind))

/** Votes of phases that are farther apart go into envelopes of their own. */
const stretchOf = (statement: Statement): number =>
  'phase' in statement ? Math.floor((statement.phase - 1) / mostPhasesAhead) : 0

/** An envelope with a right signature over whatever body. */
function signed(author: number, body: Uint8Array<ArrayBuffer>): Uint8Array {
  const signature = modelledKeys(author).sign(sha256(network.envelopeDomain, body))
  return EnvelopeMessage.encode({ body, signature })
}

const plain = (): Body => ({
  author: 1,
  round: 1,
  previous: fromHex(network.genesis),
  echoes: [{ sender: 2, digest: fromHex(digest('a')) }],
  readies: [],
  estimates: [],
  coordinations: [],
  auxiliaries: [],
  stagedInits: [],
  stagedEchoes: [],
  stagedReadies: [],
  witnesses: [],
  words: [],
})

describe('envelopes', () => {
  it('come back from bytes as what was said', () => {
    fc.assert(
      fc.property(
        position,
        fc.integer({ min: 1, max: 2 ** 32 - 1 }),
        digests,
        fc.array(statement, { minLength: 1, maxLength: peers }),
        fc.boolean(),
        fc.boolean(),
        (author, round, previous, votes, init, checkpoint) => {
          const statements: Statement[] = [
            ...(init ? [{ kind: 'init', digest: previous } as const] : []),
            ...votes,
            ...(checkpoint ? [signedCheckpoint(networks[author]!, checkpointOf(network, { round, previous }))] : []),
          ]
          const envelopes = sealEnvelopes({ author, round, previous, statements }, networks[author]!)
          const opened = envelopes.map(({ slots, bytes, id }) => {
            const envelope = openEnvelope(bytes, network) as Envelope
            expect(envelope).toMatchObject({ author, round, previous, slots, bytes, id })
            return envelope.statements
          })
          const inTurn = statements.toSorted((a, b) => stretchOf(a) - stretchOf(b))
          expect(opened).toEqual([...Map.groupBy(inTurn, stretchOf).values()].map(byKind))
        },
      ),
      { numRuns: 300 },
    )
  })

  it.each([4, 7, 100])('of all that one of %i can say in a step are within the limit, in as many as it takes', (n) => {
    const [alone] = networksOf(n, 1) as [(typeof networks)[number]]
    const all = [...Array(n).keys()]
    const round = 2 ** 32 - 1
    const statements: Statement[] = byKind([
      { kind: 'init', digest: digest('i') },
      ...all.map((sender): Statement => ({ kind: 'echo', sender, digest: digest('e') })),
      ...all.map((sender): Statement => ({ kind: 'ready', sender, digest: digest('r') })),
      ...all.flatMap((instance): Statement[] =>
        [1, 2, 3, 4, 1000].flatMap((phase): Statement[] => [
          { kind: 'estimate', instance, phase, value: 0 },
          { kind: 'estimate', instance, phase, value: 1 },
          { kind: 'auxiliary', instance, phase, values: 3 },
        ]),
      ),
      signedCheckpoint(alone, checkpointOf(alone, { round })),
    ])
    const envelopes = sealEnvelopes({ author: 0, round, previous: alone.genesis, statements }, alone)
    expect(envelopes.length).toBeGreaterThan(new Set(statements.map(stretchOf)).size)
    const opened = envelopes.map(({ bytes }) => openEnvelope(bytes, alone))
    expect(opened.flatMap((envelope) => (typeof envelope === 'string' ? [] : envelope.statements))).toEqual(
      statements.toSorted((a, b) => stretchOf(a) - stretchOf(b)),
    )
  })

  it('are never accepted when bytes are changed, cut, added or made up, and never throw', () => {
    const random = randomFrom(1)
    const statements: Statement[] = [
      { kind: 'echo', sender: 2, digest: digest('a') },
      { kind: 'estimate', instance: 3, phase: 2, value: 1 },
      signedCheckpoint(networks[1]!, checkpointOf(network)),
    ]
    const { bytes } = sealed(networks, 1, statements)
    for (let time = 0; time < 15_000; time++) {
      const hostile = mutated(bytes, random(5), random)
      if (Buffer.compare(hostile, bytes) === 0) continue
      expect(typeof openEnvelope(hostile, network)).toBe('string')
    }
  })

  it('with a well-signed body of hostile bytes never throw, and say only what is in range', () => {
    const random = randomFrom(2)
    const body = Body.encode({
      ...plain(),
      estimates: [{ instance: 1, phase: 1, value: 1 }],
      auxiliaries: [{ instance: 1, phase: 1, value: 3 }],
    })
    let accepted = 0
    for (let time = 0; time < 10_000; time++) {
      const hostile = mutated(body, random(5), random)
      const envelope = openEnvelope(signed(1, hostile), network)
      if (typeof envelope === 'string') continue
      accepted++
      expect(envelope.author).toBe(1)
      for (const said of envelope.statements) {
        if ('sender' in said) expect(said.sender).toBeLessThan(peers)
        if ('instance' in said) expect(said.instance).toBeLessThan(peers)
      }
      // One encoding of one content.
      expect(Buffer.compare(hostile, Body.encode(Body.decode(hostile)))).toBe(0)
    }
    expect(accepted).toBeGreaterThan(0)
  })

  it.each<[string, Partial<Body>]>([
    ['an author beyond the roster', { author: peers }],
    ['round 0', { round: 0 }],
    ['a short predecessor', { previous: new Uint8Array(31) }],
    ['a short init', { init: new Uint8Array(31) }],
    ['an empty init', { init: new Uint8Array(0) }],
    ['an echo of a sender beyond the roster', { echoes: [{ sender: peers, digest: new Uint8Array(32) }] }],
    ['an echo without a digest', { echoes: [{ sender: 0, digest: new Uint8Array(0) }] }],
    ['a ready of a short digest', { readies: [{ sender: 0, digest: new Uint8Array(31) }] }],
    ['an echo of a short digest', { echoes: [{ sender: 0, digest: new Uint8Array(31) }] }],
    ['a ready of a sender beyond the roster', { readies: [{ sender: peers, digest: new Uint8Array(32) }] }],
    ['more echoes than peers', { echoes: Array(peers + 1).fill({ sender: 0, digest: new Uint8Array(32) }) }],
    ['an estimate of 2', { estimates: [{ instance: 0, phase: 1, value: 2 }] }],
    ['an estimate of phase 0', { estimates: [{ instance: 0, phase: 0, value: 1 }] }],
    ['an estimate before the first phase', { estimates: [{ instance: 0, phase: 0, value: 1 }] }],
    ['an estimate of an instance beyond the roster', { estimates: [{ instance: peers, phase: 1, value: 1 }] }],
    ['a coordination of 2', { coordinations: [{ instance: 0, phase: 1, value: 2 }] }],
    ['an empty auxiliary', { auxiliaries: [{ instance: 0, phase: 1, value: 0 }] }],
    ['an auxiliary of 4', { auxiliaries: [{ instance: 0, phase: 1, value: 4 }] }],
    ['an auxiliary of phase 0', { auxiliaries: [{ instance: 0, phase: 0, value: 1 }] }],
    ['nothing', { echoes: [] }],
    ['a checkpoint that is none', { checkpoint: { checkpoint: new Uint8Array(9), signature: new Uint8Array(64) } }],
  ])('are refused, though well signed, with %s', (_, fields) => {
    expect(typeof openEnvelope(signed(1, Body.encode(plain())), network)).toBe('object')
    expect(typeof openEnvelope(signed(fields.author ?? 1, Body.encode({ ...plain(), ...fields })), network)).toBe(
      'string',
    )
  })

  it('are refused when their checkpoint is of another round, predecessor or signer', () => {
    const of = (signer: number, fields: object): Body['checkpoint'] => {
      const said = signedCheckpoint(networks[signer]!, checkpointOf(network, fields))
      return said.kind === 'checkpoint' ? said : undefined
    }
    const open = (checkpoint: Body['checkpoint']): string | object =>
      openEnvelope(signed(1, Body.encode({ ...plain(), ...(checkpoint === undefined ? {} : { checkpoint }) })), network)
    expect(typeof open(of(1, {}))).toBe('object')
    expect(open(of(1, { round: 2 }))).toMatch(/malformed/)
    expect(open(of(1, { previous: digest('another') }))).toMatch(/builds on another/)
    expect(open(of(2, {}))).toMatch(/wrong signature/)
  })

  it('are refused of another author, of another network, and as a checkpoint', () => {
    const envelope = sealed(networks, 1, [{ kind: 'init', digest: digest('a') }])
    const message = EnvelopeMessage.decode(envelope.bytes)
    const asPeer2 = Body.encode({ ...plain(), author: 2 })
    const forged = EnvelopeMessage.encode({
      body: asPeer2,
      signature: networks[1]!.keys.sign(sha256(network.envelopeDomain, asPeer2)),
    })
    expect(openEnvelope(forged, network)).toMatch(/wrong signature of peer 2/)
    const foreign = networksOf(peers, 2, digest('another genesis'))
    expect(openEnvelope(envelope.bytes, foreign[0]!)).toMatch(/wrong signature/)
    // The signature of an envelope is none of a checkpoint, and the other way round.
    const bytes = encodeCheckpoint(checkpointOf(network))
    const confused = networks[1]!.keys.sign(sha256(network.checkpointDomain, message.body))
    expect(openEnvelope(EnvelopeMessage.encode({ body: message.body, signature: confused }), network)).toMatch(/wrong/)
    const misused: Statement = {
      kind: 'checkpoint',
      checkpoint: bytes,
      signature: networks[1]!.keys.sign(sha256(network.envelopeDomain, bytes)),
    }
    expect(openEnvelope(sealed(networks, 1, [misused]).bytes, network)).toMatch(/checkpoint with a wrong signature/)
  })

  it("have one encoding: nobody makes another of somebody else's words", () => {
    const { bytes } = sealed(networks, 1, [{ kind: 'init', digest: digest('a') }])
    const { body, signature } = EnvelopeMessage.decode(bytes)
    const split = bytes.length - signature.length - 2
    const swapped = Buffer.concat([bytes.subarray(split), bytes.subarray(0, split)])
    const repeated = Buffer.concat([bytes, bytes])
    const padded = Buffer.concat([bytes, Uint8Array.of(0x18, 1)])
    for (const other of [swapped, repeated, padded]) {
      expect(Buffer.compare(EnvelopeMessage.decode(other).body, body)).toBe(0)
      expect(openEnvelope(other, network)).toBe('not an envelope')
    }
    expect(openEnvelope(signed(1, new Uint8Array([...body, 0x78, 1])), network)).toBe('an envelope without a body')
  })

  it('of too many bytes are refused before anything is decoded', () => {
    const huge = new Uint8Array(network.limits.envelopeBytes + 1)
    expect(openEnvelope(huge, network)).toMatch(/an envelope of \d+ bytes/)
    expect(openEnvelope(huge.subarray(1), network)).toBe('not an envelope')
  })
})

function mutated(bytes: Uint8Array, how: number, random: (most: number) => number): Uint8Array<ArrayBuffer> {
  const at = random(bytes.length - 1)
  const changed = Uint8Array.from(bytes)
  if (how === 0) changed[at] = changed[at]! ^ (1 << random(7))
  if (how === 1) changed[at] = random(255)
  if (how === 2) return changed.slice(0, at)
  if (how === 3) return Uint8Array.from([...changed.subarray(0, at), random(255), ...changed.subarray(at)])
  if (how === 4) return Uint8Array.from([...changed.subarray(0, at), ...changed.subarray(at + 1 + random(8))])
  if (how === 5) return Uint8Array.from({ length: random(200) }, () => random(255))
  return changed
}
