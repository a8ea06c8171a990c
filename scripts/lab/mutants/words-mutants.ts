/** What goes over the wire, and what a third party sees of it, with one thing wrong; see protocol-mutants.ts. */
import { inClass, inFunctions, type Mutant } from './mutant.ts'

/** What a third party sees. */
const accountability = [
  ...inClass(
    'LedgerCheck',
    ['ledger-check'],
    [
      ['a gap in a ledger', 'next', 'round !== this.height + 1', 'false'],
      ['another chain in a ledger', 'next', 'previous !== this.digest', 'false'],
    ],
  ),
  ...inClass(
    'Forensics',
    ['forensics'],
    [
      [
        'signatures of one ledger only',
        'compare',
        'new Map([...side.certificate.signatures, ...certificate.signatures])',
        'certificate.signatures',
      ],
      ['nobody new', 'compare', '!this.#culprits.has(signer)', 'this.#culprits.has(signer)'],
      ['evidence overlooked', 'consider', "if (typeof evidence === 'object') this.#take(evidence)", ''],
    ],
  ),
]

const statements = [
  ...inClass(
    'CommonSubset',
    ['peer'],
    [
      [
        'echo before held',
        'onStatement',
        'want(memberOf(from, statement.digest))',
        'this.onHeld({ peer: from, digest: statement.digest })',
      ],
    ],
  ),
  ...inFunctions(['record'], [['slot without value', 'slotOf', 'statement.value', '0']]),
  ...inFunctions(
    ['evidence'],
    [
      ['AUX without content', 'contentOf', 'statement.values', '0'],
      [
        'a READY for what was echoed against any other',
        'contradict',
        'one !== other && one !== asEchoed && other !== asEchoed',
        'one !== other',
      ],
      ['votes without content', 'contentOf', 'statement.value', '0'],
      ['checkpoints without content', 'contentOf', "Buffer.from(statement.checkpoint).toString('hex')", "''"],
    ],
  ),
  ...inClass(
    'RoundRecord',
    ['record'],
    [
      ['many envelopes forgotten', 'has', 'ids.has(id)', 'false'],
      ['two predecessors', 'judge', 'voice !== undefined && voice.previous !== previous', 'false'],
      ['repetitions kept', 'judge', '!voice?.filled.some(slots)', 'true'],
      ['repetitions within kept', 'judge', 'slots.inner === undefined', 'true'],
      ['the convicted heard', 'judge', 'if (voice?.convicted) return known', ''],
      ['torn envelopes', '#compare', "envelope.slots.inner === 'conflict'", 'false'],
      ['contradictions kept', '#compare', 'contradict(earlier.content, contentOf(statement))', 'false'],
    ],
  ),
]

const wire = [
  ...inFunctions(
    ['checkpoint'],
    [
      ['certificate of a small set', 'decodeCertificate', '!isSet(checkpoint, quorums, network)', 'false'],
      [
        'certificate without a quorum',
        'decodeCertificate',
        '!quorums.certificate(quorums.weigh(signatures.keys()))',
        'false',
      ],
      ['certificate without signatures', 'openCertificate', '!keys.verify(signer, signed, signature)', 'false'],
      ['certificate of another rule', 'openCertificate', 'checkpoint.rule !== network.rule', 'false'],
      ['members of a checkpoint in any order', 'decodeCheckpoint', 'sender <= last', 'false'],
      ['any encoding', 'decodeExactly', 'Buffer.compare(codec.encode(message), bytes) === 0', 'true'],
    ],
  ),
  ...inFunctions(
    ['envelope'],
    [
      [
        'envelope without signature',
        'wrongSignature',
        '!keys.verify(author, sha256(network.envelopeDomain, outer.body), outer.signature)',
        'false',
      ],
      [
        'checkpoint without signature',
        'wrongSignature',
        'agreement.isSigned?.(statement, author, network) === false',
        'false',
      ],
      ['checkpoint of another chain', 'exact', 'checkpoint.previous === previous', 'true'],
      ['checkpoint of another round', 'exact', 'checkpoint.round !== round', 'false'],
      ['envelope of any size', 'outside', 'bytes.length > network.limits.envelopeBytes', 'false'],
      ['sender beyond the roster', 'inRange', 'sender < peers', 'true'],
      ['author beyond the roster', 'inside', 'author >= network.peers', 'false'],
      ['one envelope however long', 'sealEnvelopes', '4 * network.peers + 8', '40 * network.peers + 8'],
      ['one envelope however many phases', 'stretchOf', 'Math.ceil(statement.phase / mostPhasesAhead)', '1'],
    ],
  ),
  ...inFunctions(
    ['evidence'],
    [
      ['evidence of two authors', 'verifyEvidence', 'first.author !== second.author', 'false'],
      ['evidence of two rounds', 'verifyEvidence', 'first.round !== second.round', 'false'],
      ['evidence without conflict', 'verifyEvidence', '!conflicts(first, second, network.peers)', 'false'],
      [
        'evidence against all signers',
        'bothSigned',
        '[...first.signatures.keys()].filter((signer) => second.signatures.has(signer))',
        '[...first.signatures.keys()]',
      ],
      ['evidence of another network', 'verifyEvidence', 'toHex(message.network) !== network.genesis', 'false'],
      ['evidence of one checkpoint', 'verifyEvidence', 'first.digest === second.digest', 'false'],
    ],
  ),
  ...inFunctions(
    ['ask'],
    [
      ['answers in any order', 'encodeAnswer', 'inTurns(envelopes)', '[...envelopes]'],
      ['asks in any order', 'heldOf', 'inTurns(record)', '[...record]'],
      ['answers of any size', 'encodeAnswer', 'room >= 0', 'true'],
      ['answers kept alive', 'decodeAnswer', 'new Uint8Array(part)', 'part as Uint8Array<ArrayBuffer>'],
    ],
  ),
  ...inClass(
    'Chain',
    ['chain/chain'],
    [
      ['old forks not shown', 'following', 'round = Math.max(round, Math.min(...this.#recent.keys()))', ''],
      ['all certificates kept', 'append', 'this.#recent.delete(round - kept)', ''],
    ],
  ),
]

export const wordsMutants: readonly Mutant[] = [...accountability, ...statements, ...wire]
