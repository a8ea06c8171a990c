/**
 * The protocol with one thing wrong: each mutant is one replacement in packages/protocol, of what stands in a member of a
 * class or in a function, wherever that is and however it is formatted; and a list of tests, of any room, of which at
 * least one must fail.
 *
 * Not listed, because they change nothing that can be seen:
 * - Round's check of a checkpoint's predecessor: `openEnvelope` and `#hear` have checked the same before it.
 * - a repeated signer of a certificate: signatures are counted by signer, so it adds no weight.
 */
import { averagingMutants } from './averaging-mutants.ts'
import { inClass, inFunctions, type Mutant } from './mutant.ts'
import { restartMutants } from './restart-mutants.ts'
import { eraMutants, weightMutants } from './weight-mutants.ts'

/** The thresholds and the parity, which the ordinary test run tries too. */
export const thresholds: readonly Mutant[] = [
  ...inClass(
    'Quorums',
    ['reliable-broadcast'],
    [
      ['echo one less', 'echo', 'this.total + this.tolerated', 'this.total + this.tolerated - 2'],
      ['echo one more', 'echo', 'this.total + this.tolerated', 'this.total + this.tolerated + 2'],
      ['amplify one less', 'amplify', 'this.tolerated + 1', 'this.tolerated'],
      ['amplify one more', 'amplify', 'this.tolerated + 1', 'this.tolerated + 2'],
      ['deliver one less', 'deliver', '2 * this.tolerated + 1', '2 * this.tolerated'],
      ['deliver one more', 'deliver', '2 * this.tolerated + 1', '2 * this.tolerated + 2'],
    ],
  ),
  ...inClass(
    'Quorums',
    ['quorums'],
    [
      ['certificate one less', 'certificate', 'this.total + this.tolerated', 'this.total + this.tolerated - 2'],
      ['certificate one more', 'certificate', 'this.total + this.tolerated', 'this.total + this.tolerated + 2'],
    ],
  ),
  ...inClass(
    'BinaryAgreement',
    ['binary-agreement'],
    [['parity flipped', '#advance', 'this.#phase % 2', '(this.#phase + 1) % 2']],
  ),
]

const quorums = [
  ...inClass(
    'Quorums',
    ['common-subset'],
    [
      ['available one less', 'available', 'this.total - this.tolerated', 'this.total - this.tolerated - 1'],
      ['available one more', 'available', 'this.total - this.tolerated', 'this.total - this.tolerated + 1'],
    ],
  ),
  ...inFunctions(
    ['quorums'],
    [
      ['n = 3f taken', 'mostTolerated', 'total - 1', 'total'],
      ['one liar more by weight', 'mostLiars', 'left < 0', 'left < -1'],
    ],
  ),
  ...inClass(
    'Tally',
    ['quorums'],
    [['a peer counted twice', 'count', 'if (!this.add(peer)) return false', 'this.add(peer)']],
  ),
]

const broadcast = inClass(
  'ReliableBroadcast',
  ['reliable-broadcast'],
  [
    ['any held digest echoed', 'onHeld', 'digest !== this.announced', 'false'],
    ['echo more than once', 'onHeld', 'this.#saidEcho || digest !== this.announced', 'digest !== this.announced'],
    ['every init heard', 'onInit', 'if (this.announced !== undefined) return false', ''],
    ['two echoes of a peer', 'onEcho', 'if (!this.#echoed.add(from)) return false', ''],
    ['two readies of a peer', 'onReady', 'if (!this.#readied.add(from)) return false', ''],
    ['ready more than once', '#ready', 'if (this.#saidReady) return', ''],
    ['no ready on readies', '#countReady', 'if (this.#quorums.amplify(support.readies)) this.#ready(digest, say)', ''],
    ['no ready on echoes', 'onEcho', 'if (this.#quorums.echo(echoes.weight)) this.#ready(digest, say)', ''],
    ['delivered twice', '#countReady', 'this.delivered !== undefined', 'false'],
  ],
)

/** Binary agreement as it was in 0.1.0: one liar, and a network within bounds, keep it undecided for ever. */
const hurried: Mutant = {
  name: 'the short cuts of 0.1.0',
  changes: [
    { at: 'BinaryAgreement.#sayAuxiliary', from: 'helped && this.#phase === 2', to: 'helped' },
    {
      at: 'BinaryAgreement.#advance',
      from: '!this.#waited(state, 2)',
      to: '!this.#waited(state, 1) && this.#phase >= this.#reached',
    },
  ],
  tests: ['bounded-delays'],
}

const agreement = [
  ...inClass(
    'BinaryAgreement',
    ['binary-agreement'],
    [
      [
        'decided without parity',
        '#advance',
        'if (this.#estimate === parity) this.decided ??= this.#estimate',
        'this.decided ??= this.#estimate',
      ],
      [
        'no relay of estimates',
        'onEstimate',
        'if (this.#quorums.amplify(tally.weight)) this.#sayEstimate(phase, value)',
        '',
      ],
      ['values by f+1', 'onEstimate', 'this.#quorums.deliver', 'this.#quorums.amplify'],
      ['asleep while others vote', 'onEstimate', 'this.#dormant(phase) && from !== this.#self', 'false'],
      [
        'asleep when others voted before',
        '#enter',
        'this.decided === undefined || heard',
        'this.decided === undefined',
      ],
      ['awake at its own vote', '#enter', 'this.decided === undefined || heard', 'true'],
      [
        'gone after deciding',
        '#advance',
        'this.#enter(this.#phase + 1)',
        'if (this.decided === undefined) this.#enter(this.#phase + 1)',
      ],
      ['AUX beyond the values', '#union', '(values & ~state.values) === 0', 'true'],
      ['mixed V at once', '#advance', 'union === 3 && !this.#waited(state, 2)', 'false'],
      ['unanimous V not preferred', '#union', 'return unanimous', 'continue'],
      ['mixed V takes the other bit', '#advance', 'this.#estimate = parity', 'this.#estimate = (1 - parity) as Bit'],
      ['waits for those ahead', '#sayAuxiliary', 'this.#phase < this.#reached', 'false'],
      ['two AUX of a peer', 'onAuxiliary', 'if (!state.auxiliaries.add(from)) return', ''],
      ['values overlooked', 'onEstimate', 'this.#advance()', ''],
      ['anybody coordinates', 'onCoordinate', 'from !== this.#quorums.coordinator(phase)', 'false'],
      ['coordinated beyond the values', '#sayAuxiliary', '(state.values & (1 << coordinated)) !== 0', 'true'],
      ['every value coordinated', 'onEstimate', '!state.saidCoordinate', 'true'],
      ['timers without end', 'onTimer', 'state.timersOver++', ''],
      [
        'no first timer',
        'onEstimate',
        'if (state.timersAsked === 0) this.#startTimer(phase, state)',
        'state.timersOver = 1',
      ],
      [
        'a timer for each value',
        'onEstimate',
        'if (state.timersAsked === 0) this.#startTimer(phase, state)',
        'this.#startTimer(phase, state)',
      ],
      ['a first timer for the phase one is in only', 'onEstimate', 'state.timersAsked === 0', 'phase <= this.#phase'],
      ['no second timer', '#sayAuxiliary', 'if (this.#phase > 1) this.#startTimer(this.#phase, state)', ''],
      ['no short cut in phase 2', '#sayAuxiliary', 'helped && this.#phase === 2', 'false'],
      ['any phase counted', '#at', 'if (phase > this.horizon && from !== this.#self) return undefined', ''],
      ['old phases counted', '#at', 'phase < this.#front - phasesBehind', 'false'],
      ['old phases kept', '#forget', 'this.#phases.delete(phase)', ''],
      ['a window that stays with this peer', '#forget', 'Math.max(this.#phase, this.#reached)', 'this.#phase'],
      ['those ahead overlooked', 'onReached', 'this.#advance()', ''],
      ['catches up without a value', '#catchUp', 'if (values === 0) return', ''],
    ],
  ),
  ...inClass(
    'BinaryAgreement',
    ['bounded-delays'],
    [
      ['the coordinator ends every first timer', '#sayAuxiliary', 'this.#phase === 2', 'true'],
      ['mixed V after the first timer', '#advance', 'this.#waited(state, 2)', 'this.#waited(state, 1)'],
      [
        'mixed V when others are ahead',
        '#advance',
        'union === 3 && !this.#waited(state, 2)',
        'union === 3 && !this.#waited(state, 2) && this.#phase >= this.#reached',
      ],
      ['a liar makes all hurry', 'onReached', 'if (!this.#quorums.amplify(weight)) continue', ''],
      ['nobody catches up', '#advance', 'this.#catchUp()', ''],
      ['catches up to the last phase', '#catchUp', 'this.#valued - 1', 'this.#valued'],
      ['catches up with another bit', '#catchUp', 'values === 2 ? 1 : 0', 'values === 2 ? 0 : 1'],
    ],
  ),
  ...inFunctions(['bounded-delays'], [['forgets a phase too early', 'phasesBehind', '2', '1']]),
  hurried,
]

const subset = inClass(
  'CommonSubset',
  ['common-subset'],
  [
    ['0 proposed at the first 1', '#progress', 'this.#quorums.available(this.#ones())', 'this.#ones() > 0'],
    ['no grace time', '#progress', "this.#grace === 'expired'", "this.#grace !== 'unset'"],
    ['0 never proposed', '#progress', 'this.#agreements[peer]!.start(0)', ''],
    [
      'an honest peer is not waited for beside a proven liar',
      '#beginGrace',
      'allProven && this.#effects.proven?.(peer) === true',
      'this.#effects.proven?.(peer) === true',
    ],
    ['who is proven to lie is waited for', '#beginGrace', "allProven ? 'expired' : 'running'", "'running'"],
    ['1 not proposed', '#onDelivered', 'this.#agreements[sender]?.start(1)', ''],
    ['undelivered members', '#progress', 'if (members.length < ones.length) return', ''],
    [
      'members before all decided',
      '#progress',
      'if (this.#inSet.some((peer) => this.#agreements[peer]!.decided === undefined)) return',
      '',
    ],
    ['members not in order', '#progress', 'this.result = members', 'this.result = members.reverse()'],
    ['results overlooked', '#onVote', 'if (agreement.decided !== before) this.#progress()', ''],
  ],
)

/** What makes a round quick when all is well. */
const fastPath = [
  ...inClass(
    'CommonSubset',
    ['fast-path'],
    [
      ['nobody slow is waited for', '#progress', "this.#grace === 'expired'", "this.#grace !== 'unset'"],
      ['1 given to the slow only by others', '#onDelivered', 'this.#agreements[sender]?.start(1)', ''],
    ],
  ),
  ...inClass(
    'BinaryAgreement',
    ['fast-path'],
    [['phase 1 prefers 0', '#advance', 'this.#phase % 2', '(this.#phase + 1) % 2']],
  ),
]

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
      [
        'certificate of a small set',
        'decodeCertificate',
        '!quorums.available(quorums.weigh(checkpoint.members.map(({ peer }) => peer)))',
        'false',
      ],
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

const round = inClass(
  'Round',
  ['peer'],
  [
    ['aggregated before held', '#progress', 'if (!members.every((member) => this.#held.has(key(member)))) return', ''],
    [
      'checkpoint of a small set',
      '#onCheckpoint',
      'if (!quorums.available(quorums.weigh(checkpoint.members.map(({ peer }) => peer)))) return',
      '',
    ],
    ['checkpoint of another rule', '#onCheckpoint', 'checkpoint.rule !== rule', 'false'],
    [
      'own set in place of the certified',
      '#members',
      'this.#settled?.members ?? this.subset.result',
      'this.subset.result',
    ],
  ],
)

const peer = [
  ...inClass(
    'ExactAgreement',
    ['peer'],
    [
      ['certificate of another chain', '#take', 'previous !== this.#chain.digest', 'false'],
      ['certificate of a later round', 'onCertificate', 'link.round > this.height + 1', 'false'],
      [
        'forks overlooked',
        '#take',
        'if (ours === undefined || ours.digest === certificate.digest || isHalted) return',
        'return',
      ],
      ['any round in reach', 'isNear', 'Math.min(this.#last, this.height + 1 + roundsAhead)', 'this.#last'],
      ['old rounds in reach', 'isNear', 'round >= this.height', 'true'],
      ['a stale timer adopts again', '#take', 'this.#round !== undefined && this.#adopt()', 'this.#adopt()'],
      ['adoption while certificates are old', 'conclude', 'this.#shell.keepAsking()', ''],
      ['words of another chain ignored', 'onUnheard', 'if (!this.#strangers) this.#shell.ask()', ''],
      ['asks at every strange word', 'onUnheard', 'if (!this.#strangers) this.#shell.ask()', 'this.#shell.ask()'],
      [
        'an adoption that is over begins a round',
        'onDone',
        'if (work.model === this.#model && work.round === this.height) this.#begin()',
        '',
      ],
      ['own model kept though another is certified', 'onDone', 'this.#round.aggregated === this.#model', 'true'],
      ['an adoption a certificate', '#adopt', 'this.#adopts = true', 'this.#adopts = true\nthis.conclude()'],
    ],
  ),
  ...inClass(
    'Peer',
    ['peer'],
    [
      ['a round begun twice', '#on', '!this.#agreement.begun', 'true'],
      ['no ask for more', '#onAnswer', 'this.height >= before + mostCertificates', 'false'],
      ['words of another chain counted', '#hear', 'round.previous !== envelope.previous', 'false'],
    ],
  ),
  ...inClass(
    'Hearing',
    ['peer'],
    [
      [
        'repetitions passed on',
        'open',
        "record?.judge(claim).kind === 'known'",
        "record?.judge(claim).kind === 'never'",
      ],
    ],
  ),
  ...inClass(
    'Hearing',
    ['hearing'],
    [
      ['signatures of what cannot matter', '#matters', 'if (!this.#reach().isNear(head)) return false', ''],
      ['what is known read again', '#matters', '(isRead || !record.has(head))', 'true'],
      ['what is known held against its author', 'open', 'if (isKnown && record.has(claim)) return ignored', ''],
      [
        'signatures of phases out of reach',
        'open',
        'if (!this.#reach().inReach(claim)) return this.#openTooFar(claim)',
        '',
      ],
      ['repetitions without end', 'open', 'record.onRepeated(claim.author)', ''],
      [
        'forged repetitions held against the author',
        'open',
        'const envelope = claim.verified()',
        `if (isKnown) record.onRepeated(claim.author)
const envelope = claim.verified()`,
      ],
    ],
  ),
  ...inClass(
    'RoundRecord',
    ['hearing'],
    [
      ['few envelopes forgotten', 'has', 'envelopes.some((envelope) => envelope.id === id)', 'false'],
      ['signatures of the convicted', 'hears', 'this.#voices[author]?.convicted !== true', 'true'],
      [
        'one repetition more',
        'isBabbler',
        '(this.#voices[author]?.repeats ?? 0) >= mostRepeats',
        '(this.#voices[author]?.repeats ?? 0) > mostRepeats',
      ],
      [
        'all read again for each',
        '#earlier',
        'voice.indexed < voice.envelopes.length',
        'voice.indexed < voice.envelopes.length || ((voice.indexed = 0) && false)',
      ],
    ],
  ),
  ...inClass(
    'OwnWords',
    ['ready-as-echoed'],
    [['a READY for another digest than was echoed', '#brief', 'echoed === statement.digest', 'echoed !== undefined']],
  ),
  ...inClass(
    'ReliableBroadcast',
    ['reliable-broadcast'],
    [
      ['a READY before its ECHO forgotten', 'onEcho', 'this.#waiting.has(from)', 'false'],
      ['a READY after its ECHO waits', 'onReady', 'echoes.has(from)', '!echoes.has(from)'],
      [
        'a second ECHO for a READY that waits',
        'onEcho',
        'if (!this.#echoed.add(from)) return false',
        'this.#echoed.add(from)',
      ],
    ],
  ),
  ...inClass(
    'OwnWords',
    ['peer'],
    [['words kept for another chain said', 'again', 'envelope.previous === previous', 'true']],
  ),
  ...inClass(
    'OwnWords',
    ['honest-rounds'],
    [['a slot filled again after a restart', 'say', 'this.hasFilled(place.number, statement)', 'false']],
  ),
  ...inClass(
    'ExactAgreement',
    ['honest-rounds'],
    [
      [
        'own model kept against the certified',
        '#take',
        'current.aggregated === model',
        'current.aggregated !== undefined',
      ],
    ],
  ),
  ...inClass(
    'Peer',
    ['honest-rounds'],
    [['deaf to itself', '#hearSelf', 'this.#agreement.round(number)?.onStatement(self, statement)', 'undefined']],
  ),
  ...inClass(
    'BinaryAgreement',
    ['many-phases'],
    [['what was said before a restart forgotten', '#at', 'from !== this.#self', 'true']],
  ),
  ...inClass(
    'Hearing',
    ['many-phases'],
    [
      ['what goes too far dropped unheard', 'open', 'this.#openTooFar(claim)', "{ verdict: 'ignore' }"],
      ['what goes too far opened without end', '#openTooFar', 'this.#reach().onTold?.(claim.author)', ''],
    ],
  ),
  ...inClass('Round', ['many-phases'], [['what goes too far told of once', 'heedTooFar', 'this.#tooFar.clear()', '']]),
  ...inClass(
    'Peer',
    ['many-phases'],
    [
      ['how far others are overlooked', '#onEnvelope', 'agreement.heedTooFar?.(envelope)', ''],
      ['too far an answer unheard', '#opened', 'opened.envelope !== undefined', "opened.verdict === 'accept'"],
    ],
  ),
  ...inClass(
    'ExactAgreement',
    ['timers'],
    [['timers that do not grow', '#delay', '(timer.phase - 1) * this.#timeoutMs', 'this.#timeoutMs']],
  ),
  ...inClass(
    'ExactAgreement',
    ['fast-path'],
    [
      [
        'a grace of no time',
        '#delay',
        "timer === 'grace' ? this.#options.timing.graceMs : (timer.phase - 1) * this.#timeoutMs",
        "timer === 'grace' ? 0 : (timer.phase - 1) * this.#timeoutMs",
      ],
    ],
  ),
  ...inClass('Peer', ['liars'], [['asks for nothing', '#keepAsking', 'this.#ask()', '']]),
]

const pace = [
  ...inClass(
    'Pace',
    ['virtual/pace'],
    [
      [
        'liars hurry',
        'onAnnounced',
        'this.#quorums.amplify(this.#announced.weight)',
        'this.#announced.weight >= this.#quorums.tolerated',
      ],
      ['nobody is hurried', 'onAnnounced', 'this.#quorums.amplify(this.#announced.weight)', 'false'],
      ['no pace', 'enter', 'if (waitMs > 0) return waitMs', ''],
      ['a pace from the start of the network', 'onDue', 'this.#begunMs = nowMs', ''],
      ['announcements of all rounds count', 'enter', 'this.#announced = new Tally()', ''],
    ],
  ),
  ...inClass(
    'Peer',
    ['virtual/pace'],
    [
      [
        'a wait of a round before begins one',
        '#enter',
        'if (this.#pacing !== undefined) this.#agenda.takeTimer(this.#pacing)',
        '',
      ],
    ],
  ),
  ...inClass(
    'Peer',
    ['virtual/pace'],
    [['a network without end', '#enter', 'number > (this.#options.rounds ?? Number.POSITIVE_INFINITY)', 'false']],
  ),
  ...inClass(
    'ExactAgreement',
    ['virtual/pace'],
    [['a round after the last', '#begin', 'number > this.#last', 'false']],
  ),
]

export const allMutants: readonly Mutant[] = [
  ...thresholds,
  ...quorums,
  ...broadcast,
  ...agreement,
  ...subset,
  ...fastPath,
  ...accountability,
  ...statements,
  ...wire,
  ...round,
  ...pace,
  ...peer,
  ...averagingMutants,
  ...restartMutants,
  ...weightMutants,
  ...eraMutants,
]
