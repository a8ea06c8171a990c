/**
 * The protocol with one thing wrong: each mutant is one replacement in a source of packages/protocol, and a list of
 * that room's tests of which at least one must fail.
 *
 * Not listed, because they change nothing that can be seen:
 * - Round's check of a checkpoint's predecessor: `openEnvelope` and `#hear` have checked the same before it.
 * - a repeated signer of a certificate: signatures are counted by signer, so it adds no weight.
 */
import { averagingMutants } from './averaging-mutants.ts'
import { type Mutant, mutants } from './mutant.ts'
import { restartMutants } from './restart-mutants.ts'

export type { Mutant } from './mutant.ts'

const certificateQuorum = `certificate(weight: number): boolean {
    return 2 * weight > this.total + this.tolerated`
const echoQuorum = `echo(weight: number): boolean {
    return 2 * weight > this.total + this.tolerated`

/** The thresholds and the parity, which the ordinary test run tries too. */
export const thresholds: readonly Mutant[] = [
  ...mutants(
    'quorums.ts',
    ['reliable-broadcast'],
    [
      ['echo one less', echoQuorum, `${echoQuorum} - 2`],
      ['echo one more', echoQuorum, `${echoQuorum} + 2`],
      ['amplify one less', 'weight >= this.tolerated + 1', 'weight >= this.tolerated'],
      ['amplify one more', 'weight >= this.tolerated + 1', 'weight >= this.tolerated + 2'],
      ['deliver one less', 'weight >= 2 * this.tolerated + 1', 'weight >= 2 * this.tolerated'],
      ['deliver one more', 'weight >= 2 * this.tolerated + 1', 'weight >= 2 * this.tolerated + 2'],
    ],
  ),
  ...mutants(
    'quorums.ts',
    ['quorums'],
    [
      ['certificate one less', certificateQuorum, `${certificateQuorum} - 2`],
      ['certificate one more', certificateQuorum, `${certificateQuorum} + 2`],
    ],
  ),
  ...mutants(
    'binary-agreement.ts',
    ['binary-agreement'],
    [['parity flipped', 'const parity = (this.#phase % 2) as Bit', 'const parity = ((this.#phase + 1) % 2) as Bit']],
  ),
]

const quorums = [
  ...mutants(
    'quorums.ts',
    ['common-subset'],
    [
      ['available one less', 'weight >= this.total - this.tolerated', 'weight >= this.total - this.tolerated - 1'],
      ['available one more', 'weight >= this.total - this.tolerated', 'weight >= this.total - this.tolerated + 1'],
    ],
  ),
  ...mutants(
    'quorums.ts',
    ['quorums'],
    [
      ['n = 3f taken', 'this.total < 3 * tolerated + 1', 'this.total < 3 * tolerated'],
      ['a peer counted twice', 'if (!this.add(peer)) return false', 'this.add(peer)'],
    ],
  ),
]

const broadcast = mutants(
  'reliable-broadcast.ts',
  ['reliable-broadcast'],
  [
    ['any held digest echoed', 'this.#saidEcho || digest !== this.announced', 'this.#saidEcho'],
    ['echo more than once', 'this.#saidEcho || digest', 'digest'],
    ['every init heard', 'if (this.announced !== undefined) return false', ''],
    ['two echoes of a peer', 'if (!this.#echoed.add(from)) return', ''],
    ['two readies of a peer', 'if (!this.#readied.add(from)) return false', ''],
    ['ready more than once', 'if (this.#saidReady) return', ''],
    ['no ready on readies', 'if (this.#quorums.amplify(support.readies)) this.#ready(digest, say)', ''],
    ['no ready on echoes', 'if (this.#quorums.echo(echoes.weight)) this.#ready(digest, say)', ''],
    ['delivered twice', 'this.delivered !== undefined || !this.#quorums', '!this.#quorums'],
  ],
)

/** Binary agreement as it was in 0.1.0: one liar, and a network within bounds, keep it undecided for ever. */
const hurried: Mutant = {
  name: 'the short cuts of 0.1.0',
  file: 'binary-agreement.ts',
  from: '(helped && this.#phase === 2)',
  to: 'helped',
  also: [['!this.#waited(state, 2)', '!this.#waited(state, 1) && this.#phase >= this.#reached']],
  tests: ['bounded-delays'],
}

const agreement = [
  ...mutants(
    'binary-agreement.ts',
    ['binary-agreement'],
    [
      ['decided without parity', 'if (this.#estimate === parity) this', 'this'],
      ['no relay of estimates', 'if (this.#quorums.amplify(tally.weight)) this.#sayEstimate(phase, value)', ''],
      ['values by f+1', '!this.#quorums.deliver(tally.weight) ||', '!this.#quorums.amplify(tally.weight) ||'],
      ['asleep while others vote', 'if (this.#dormant(phase) && from !== this.#self) this', 'if (false) this'],
      ['asleep when others voted before', 'this.decided === undefined || heard', 'this.decided === undefined'],
      ['awake at its own vote', 'this.decided === undefined || heard', 'true'],
      [
        'gone after deciding',
        'this.#enter(this.#phase + 1)',
        'if (this.decided === undefined) this.#enter(this.#phase + 1)',
      ],
      ['AUX beyond the values', '(values & ~state.values) === 0', 'true'],
      ['mixed V at once', ' || (union === 3 && !this.#waited(state, 2))', ''],
      ['unanimous V not preferred', 'return unanimous', 'continue'],
      [
        'mixed V takes the other bit',
        'if (union === 3) this.#estimate = parity',
        'if (union === 3) this.#estimate = (1 - parity) as Bit',
      ],
      ['waits for those ahead', 'this.#phase < this.#reached || ', ''],
      ['two AUX of a peer', 'if (!state.auxiliaries.add(from)) return', ''],
      [
        'values overlooked',
        `    }
    this.#advance()
  }

  /** Who says EST`,
        `    }
  }

  /** Who says EST`,
      ],
      ['anybody coordinates', 'from !== this.#coordinator(phase) || ', ''],
      ['coordinated beyond the values', ' && (state.values & (1 << coordinated)) !== 0', ''],
      ['every value coordinated', ' && !state.saidCoordinate', ''],
      ['timers without end', 'state.timersOver++', ''],
      ['no first timer', 'if (state.timersAsked === 0) this.#startTimer(phase, state)', 'state.timersOver = 1'],
      ['a timer for each value', 'if (state.timersAsked === 0) this.#startTimer', 'this.#startTimer'],
      ['a first timer for the phase one is in only', 'if (state.timersAsked === 0)', 'if (phase <= this.#phase)'],
      ['no second timer', 'if (this.#phase > 1) this.#startTimer(this.#phase, state)', ''],
      ['no short cut in phase 2', ' || (helped && this.#phase === 2)', ''],
      ['any phase counted', 'if (phase > this.horizon && from !== this.#self) return undefined', ''],
      ['old phases counted', 'phase < 1 || phase < this.#front - phasesBehind', 'phase < 1'],
      ['old phases kept', 'this.#phases.delete(phase)', 'void phase'],
      ['a window that stays with this peer', 'Math.max(this.#phase, this.#reached)', 'this.#phase'],
      [
        'those ahead overlooked',
        `    this.#forget()
    this.#advance()
  }

  onCoordinate`,
        `    this.#forget()
  }

  onCoordinate`,
      ],
      ['catches up without a value', 'if (values === 0) return', ''],
    ],
  ),
  ...mutants(
    'binary-agreement.ts',
    ['bounded-delays'],
    [
      ['the coordinator ends every first timer', '(helped && this.#phase === 2)', 'helped'],
      ['mixed V after the first timer', 'this.#waited(state, 2)', 'this.#waited(state, 1)'],
      [
        'mixed V when others are ahead',
        '!this.#waited(state, 2)',
        '!this.#waited(state, 2) && this.#phase >= this.#reached',
      ],
      ['a liar makes all hurry', 'if (!this.#quorums.amplify(weight)) continue', ''],
      ['nobody catches up', '    this.#catchUp()\n', ''],
      ['catches up to the last phase', 'const next = this.#valued - 1', 'const next = this.#valued'],
      ['catches up with another bit', 'this.#estimate = values === 2 ? 1 : 0', 'this.#estimate = values === 2 ? 0 : 1'],
      ['forgets a phase too early', 'const phasesBehind = 2', 'const phasesBehind = 1'],
    ],
  ),
  hurried,
]

const subset = mutants(
  'common-subset.ts',
  ['common-subset'],
  [
    ['0 proposed at the first 1', 'if (this.#quorums.available(this.#ones()))', 'if (this.#ones() > 0)'],
    ['no grace time', "if (this.#grace === 'expired')", "if (this.#grace !== 'unset')"],
    ['0 never proposed', 'agreement.start(0)', 'void agreement'],
    ['an honest peer is not waited for beside a proven liar', 'missing.every(', 'missing.some('],
    ['who is proven to lie is waited for', "=== true) ? 'expired'", "=== true) ? 'running'"],
    ['1 not proposed', 'this.#agreements[sender]?.start(1)', ''],
    ['undelivered members', 'if (members.length === ones.length) this.result', 'this.result'],
    ['members before all decided', 'if (this.#agreements.some(({ decided }) => decided === undefined)) return', ''],
    ['members not in order', 'this.result = members', 'this.result = members.reverse()'],
    ['results overlooked', 'if (agreement.decided !== before) this.#progress()', ''],
  ],
)

/** What makes a round quick when all is well. */
const fastPath = [
  ...mutants(
    'common-subset.ts',
    ['fast-path'],
    [
      ['nobody slow is waited for', "if (this.#grace === 'expired')", "if (this.#grace !== 'unset')"],
      ['1 given to the slow only by others', 'this.#agreements[sender]?.start(1)', ''],
    ],
  ),
  ...mutants(
    'binary-agreement.ts',
    ['fast-path'],
    [['phase 1 prefers 0', 'const parity = (this.#phase % 2) as Bit', 'const parity = ((this.#phase + 1) % 2) as Bit']],
  ),
]

/** What a third party sees. */
const accountability = [
  ...mutants(
    'ledger-check.ts',
    ['ledger-check'],
    [
      ['a gap in a ledger', 'if (round !== this.height + 1)', 'if (false)'],
      ['another chain in a ledger', 'if (previous !== this.digest)', 'if (false)'],
    ],
  ),
  ...mutants(
    'forensics.ts',
    ['forensics'],
    [
      [
        'signatures of one ledger only',
        'new Map([...side.certificate.signatures, ...certificate.signatures])',
        'certificate.signatures',
      ],
      ['nobody new', '!this.#culprits.has(signer)', 'this.#culprits.has(signer)'],
      ['evidence overlooked', "if (typeof evidence === 'object') this.#take(evidence)", ''],
    ],
  ),
]

const statements = [
  ...mutants(
    'common-subset.ts',
    ['peer'],
    [
      [
        'echo before held',
        'want({ peer: from, digest: statement.digest })',
        'this.onHeld({ peer: from, digest: statement.digest })',
      ],
    ],
  ),
  ...mutants('statements.ts', ['record'], [['slot without value', '? statement.value :', '? 0 :']]),
  ...mutants(
    'statements.ts',
    ['evidence'],
    [
      ['AUX without content', 'return statement.values', 'return 0'],
      ['a READY for what was echoed against any other', ' && one !== asEchoed && other !== asEchoed', ''],
      ['votes without content', 'return statement.value\n', 'return 0\n'],
      ['checkpoints without content', "return Buffer.from(statement.checkpoint).toString('hex')", "return ''"],
    ],
  ),
  ...mutants(
    'record.ts',
    ['record'],
    [
      ['two predecessors', 'voice !== undefined && voice.previous !== previous', 'false'],
      ['repetitions kept', 'slots.inner === undefined && !voice?.filled.some(slots)', 'slots.inner === undefined'],
      ['repetitions within kept', 'slots.inner === undefined && !voice', '!voice'],
      ['the convicted heard', 'if (voice?.convicted) return known', ''],
      ['torn envelopes', "envelope.slots.inner === 'conflict' ?", 'false ?'],
      ['contradictions kept', 'if (contradict(earlier.content, contentOf(statement)))', 'if (false)'],
    ],
  ),
]

const wire = [
  ...mutants(
    'checkpoint.ts',
    ['checkpoint'],
    [
      [
        'certificate of a small set',
        "if (!quorums.available(quorums.weigh(checkpoint.members.map(({ peer }) => peer)))) return 'a set",
        "if (false) return 'a set",
      ],
      ['certificate without a quorum', 'if (!quorums.certificate(quorums.weigh(signatures.keys())))', 'if (false)'],
      ['certificate without signatures', 'if (!keys.verify(signer, signed, signature))', 'if (false)'],
      ['certificate of another rule', 'if (checkpoint.rule !== network.rule)', 'if (false)'],
      ['members of a checkpoint in any order', 'sender <= last || ', ''],
      ['any encoding', ' && Buffer.compare(codec.encode(message), bytes) === 0', ''],
    ],
  ),
  ...mutants(
    'envelope.ts',
    ['envelope'],
    [
      ['envelope without signature', 'if (!keys.verify(author, sha256', 'if (false && !keys.verify(author, sha256'],
      [
        'checkpoint without signature',
        '!keys.verify(author, checkpointToSign',
        'false && !keys.verify(author, checkpointToSign',
      ],
      ['checkpoint of another chain', 'if (checkpoint.previous !== toHex(body.previous))', 'if (false)'],
      ['checkpoint of another round', ' || checkpoint.round !== body.round', ''],
      ['envelope of any size', 'if (bytes.length > network.limits.envelopeBytes)', 'if (false)'],
      ['sender beyond the roster', 'sender >= network.peers || ', ''],
      ['author beyond the roster', 'body.author >= network.peers || ', ''],
      ['one envelope however long', 'const most = 4 * network.peers + 8', 'const most = 40 * network.peers + 8'],
      ['one envelope however many phases', 'Math.ceil(statement.phase / maxPhasesAhead)', '1'],
    ],
  ),
  ...mutants(
    'evidence.ts',
    ['evidence'],
    [
      ['evidence of two authors', 'first.author !== second.author || ', ''],
      ['evidence of two rounds', ' || first.round !== second.round', ''],
      ['evidence without conflict', 'if (!conflicts(first, second, network.peers))', 'if (false)'],
      ['evidence against all signers', '.filter((signer) => second.signatures.has(signer))', ''],
      ['evidence of another network', 'if (toHex(message.network) !== network.genesis)', 'if (false)'],
      ['evidence of one checkpoint', 'if (first.digest === second.digest)', 'if (false)'],
    ],
  ),
  ...mutants(
    'ask.ts',
    ['ask'],
    [
      ['answers in any order', 'inTurns(envelopes)', '[...envelopes]'],
      ['asks in any order', 'inTurns(record)', '[...record]'],
      ['answers of any size', 'return room >= 0', 'return true'],
      ['answers kept alive', 'new Uint8Array(part)', 'part as Uint8Array<ArrayBuffer>'],
    ],
  ),
  ...mutants(
    'chain.ts',
    ['chain'],
    [
      ['old forks not shown', 'round = Math.max(round, Math.min(...this.#recent.keys()))', ''],
      ['all certificates kept', 'this.#recent.delete(round - kept)', ''],
    ],
  ),
]

const round = mutants(
  'round.ts',
  ['peer'],
  [
    ['aggregated before held', 'if (!members.every((member) => this.#held.has(key(member)))) return', ''],
    [
      'checkpoint of a small set',
      'if (!quorums.available(quorums.weigh(checkpoint.members.map(({ peer }) => peer)))) return',
      '',
    ],
    ['checkpoint of another rule', ' || checkpoint.rule !== rule', ''],
    ['own set in place of the certified', 'this.#settled ?? this.subset.result', 'this.subset.result'],
  ],
)

const peer = [
  ...mutants(
    'peer.ts',
    ['peer'],
    [
      ['certificate of another chain', ' || previous !== this.#chain.digest', ''],
      ['certificate of a later round', 'round !== this.height + 1 || ', ''],
      [
        'forks overlooked',
        'if (ours === undefined || ours.digest === certificate.digest || this.halted) return',
        'return',
      ],
      ['any round in reach', 'Math.min(this.#last, this.height + 1 + roundsAhead)', 'this.#last'],
      ['old rounds in reach', 'round >= this.height && ', ''],
      ['a stale timer adopts again', 'if (this.#round !== undefined) this.#adopt()', 'this.#adopt()'],
      [
        'adoption while certificates are old',
        "if (!this.#agenda.timers.includes('ask')) this.#setTimer",
        'if (false) this.#setTimer',
      ],
      ['words of another chain ignored', 'if (!this.#strangers) this.#ask()', ''],
      ['asks at every strange word', 'if (!this.#strangers) this.#ask()', 'this.#ask()'],
      [
        'an adoption that is over begins a round',
        'if (work.model === this.#model && work.round === this.height) this.#begin()',
        '',
      ],
      [
        'own model kept though another is certified',
        'if (this.#round.aggregated === this.#model) this.#begin()',
        'if (true) this.#begin()',
      ],
      ['a round begun twice', 'if (this.#begun) break', ''],
      ['no ask for more', ' || this.height >= before + mostCertificates)', ')'],
      ['an adoption a certificate', '    this.#adopts = true\n', '    this.#fetchModel()\n'],
    ],
  ),
  ...mutants(
    'hearing.ts',
    ['peer'],
    [['repetitions passed on', "judge(claim).kind === 'known'", "judge(claim).kind === 'never'"]],
  ),
  ...mutants(
    'hearing.ts',
    ['hearing'],
    [
      ['signatures of what cannot matter', 'if (!this.#reach.round(head)) return false', ''],
      ['signatures of what is known', 'return record?.canBeNew(head) !== false', 'return true'],
      ['signatures of phases out of reach', 'if (!this.#reach.words(claim)) return this.#openTooFar(claim)', ''],
      ['repetitions without end', 'record.onRepeated(claim.author)', ''],
      [
        'forged repetitions held against the author',
        'const envelope = claim.verified()',
        'if (isKnown) record.onRepeated(claim.author)\n    const envelope = claim.verified()',
      ],
    ],
  ),
  ...mutants(
    'record.ts',
    ['hearing'],
    [
      ['the same bytes opened again', '!this.#ids.has(id) && ', ''],
      ['signatures of the convicted', ' && this.#voices[author]?.convicted !== true', ''],
      ['one repetition more', '?? 0) >= mostRepeats', '?? 0) > mostRepeats'],
      [
        'all read again for each',
        'voice.indexed < voice.envelopes.length; voice.indexed++',
        'voice.indexed < voice.envelopes.length || ((voice.indexed = 0) && false); voice.indexed++',
      ],
    ],
  ),
  ...mutants(
    'own-words.ts',
    ['ready-as-echoed'],
    [
      [
        'a READY for another digest than was echoed',
        'return echoed === statement.digest ?',
        'return echoed !== undefined ?',
      ],
    ],
  ),
  ...mutants(
    'reliable-broadcast.ts',
    ['reliable-broadcast'],
    [
      ['a READY before its ECHO forgotten', 'return this.#waiting.has(from) && ', 'return false && '],
      ['a READY after its ECHO waits', 'if (echoed !== undefined) return', 'if (echoed === undefined) return'],
      ['a second ECHO for a READY that waits', 'if (!this.#echoed.add(from)) return false', 'this.#echoed.add(from)'],
    ],
  ),
  ...mutants(
    'own-words.ts',
    ['peer'],
    [['words kept for another chain said', ' && envelope.previous === previous', '']],
  ),
  ...mutants(
    'own-words.ts',
    ['swarm'],
    [['a slot filled again after a restart', ' || this.hasFilled(place.number, statement)) return', ') return']],
  ),
  ...mutants(
    'peer.ts',
    ['swarm'],
    [
      [
        'own model kept against the certified',
        'else if (current.aggregated === model) this.#begin()',
        'else if (current.aggregated !== undefined) this.#begin()',
      ],
      ['deaf to itself', 'if (this.#round?.number === number) this.#round.onStatement(self, statement)', ''],
    ],
  ),
  ...mutants(
    'binary-agreement.ts',
    ['many-phases'],
    [
      [
        'what was said before a restart forgotten',
        'phase > this.horizon && from !== this.#self',
        'phase > this.horizon',
      ],
    ],
  ),
  ...mutants('round.ts', ['peer'], [['words of another chain counted', ' && previous === this.previous', '']]),
  ...mutants(
    'hearing.ts',
    ['many-phases'],
    [
      ['what goes too far dropped unheard', 'return this.#openTooFar(claim)', "return { verdict: 'ignore' }"],
      ['what goes too far opened without end', 'this.#reach.onTooFar?.(claim.author)', ''],
    ],
  ),
  ...mutants('round.ts', ['many-phases'], [['what goes too far told of once', 'this.#tooFar.clear()', 'void 0']]),
  ...mutants(
    'peer.ts',
    ['many-phases'],
    [
      ['how far others are overlooked', 'this.#round?.heedTooFar(envelope)', ''],
      [
        'too far an answer unheard',
        'if (opened.envelope !== undefined) this.#on',
        "if (opened.verdict === 'accept') this.#on",
      ],
    ],
  ),
  ...mutants('peer.ts', ['timers'], [['timers that do not grow', '(timer.phase - 1) * timeoutMs', 'timeoutMs']]),
  ...mutants(
    'peer.ts',
    ['fast-path'],
    [['a grace of no time', "timer === 'grace' ? graceMs", "timer === 'grace' ? 0"]],
  ),
  ...mutants('peer.ts', ['liars'], [['asks for nothing', '      this.#ask()\n      for (const', '      for (const']]),
]

const pace = [
  ...mutants(
    'pace.ts',
    ['pace'],
    [
      [
        'liars hurry',
        'this.#quorums.amplify(this.#announced.weight)',
        'this.#announced.weight >= this.#quorums.tolerated',
      ],
      ['nobody is hurried', 'this.#quorums.amplify(this.#announced.weight)', 'false'],
      ['no pace', 'if (waitMs > 0) return waitMs', ''],
      ['a pace from the start of the network', 'this.#begunMs = nowMs', ''],
      [
        'announcements of all rounds count',
        'this.#announced = new Tally()\n    this.#begin = begin',
        'this.#begin = begin',
      ],
    ],
  ),
  ...mutants(
    'averaging/averaging-peer.ts',
    ['pace'],
    [['a wait of a round before begins one', "this.#agenda.forgetTimers((timer) => timer === 'begin')", '']],
  ),
  ...mutants('peer.ts', ['pace'], [['a network without end', 'if (number > this.#last)', 'if (false)']]),
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
]
