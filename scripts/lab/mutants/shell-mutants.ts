/** The peer around its agreement, and its pace, with one thing wrong; see protocol-mutants.ts. */
import { inClass, type Mutant } from './mutant.ts'

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
        "timer === 'grace' || timer === 'receipts' ? this.#options.timing.graceMs : (timer.phase - 1) * this.#timeoutMs",
        "timer === 'grace' || timer === 'receipts' ? 0 : (timer.phase - 1) * this.#timeoutMs",
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

export const shellMutants: readonly Mutant[] = [...pace, ...peer]
