/**
 * What restarts, catching up, records and the common subset promise, with one thing wrong; see protocol-mutants.ts.
 *
 * Not listed, because they change nothing that can be seen: that a round which certifies itself is not spoken in while what
 * waits is dropped at the next seal anyway.
 */
import { inClass, type Mutant } from './mutant.ts'

const subset = inClass(
  'CommonSubset',
  ['common-subset'],
  [
    [
      '0 given after n−f deliveries',
      '#progress',
      'this.#quorums.available(this.#ones())',
      'this.#quorums.available(this.broadcasts.filter(({ delivered }) => delivered !== undefined).length)',
    ],
    [
      '0 given after 2f+1 are in',
      '#progress',
      'this.#quorums.available(this.#ones())',
      'this.#quorums.deliver(this.#ones())',
    ],
    [
      '0 given after one more than n−f',
      '#progress',
      'this.#quorums.available(this.#ones())',
      'this.#quorums.available(this.#ones() - 1)',
    ],
    [
      'the grace time asked for again',
      '#progress',
      "if (this.#grace === 'unset') this.#beginGrace()",
      'this.#beginGrace()',
    ],
    [
      'the grace time asked for in vain',
      '#beginGrace',
      'if (!waits) return',
      "if (!waits) return this.#effects.timer('grace')",
    ],
    [
      'members that are decided out',
      '#progress',
      'this.#agreements[peer]!.decided === 1',
      'this.broadcasts[peer]!.delivered !== undefined',
    ],
  ],
)

const agreement = inClass(
  'BinaryAgreement',
  ['binary-agreement'],
  [['AUX of both bits counted for either', '#union', 'weigh(unanimous)', 'weigh(unanimous) + weigh(3)']],
)

const record = inClass(
  'RoundRecord',
  ['record'],
  [
    ['contradictions of the first envelope only', '#earlier', 'voice.envelopes.length', '1'],
    ['conviction without evidence kept', 'consider', "considered.kind === 'known'", "considered.kind !== 'new'"],
    ['slots of contradictions forgotten', 'consider', 'voice.filled.add(envelope.slots)', ''],
  ],
)

const words = inClass(
  'OwnWords',
  ['own-words'],
  [
    [
      'CHECKPOINT said again after a restart',
      'again',
      'this.#fill(number, statement)',
      "if (statement.kind !== 'checkpoint') this.#fill(number, statement)",
    ],
    ['words of another round said again', 'again', 'envelope.round === number', 'true'],
    [
      'own words that are heard bind nothing',
      'onUnknown',
      'for (const statement of statements) this.#fill(round, statement)',
      '',
    ],
    ['what waits is said against what is heard', 'onUnknown', 'place.number !== round', 'true'],
    [
      'words of rounds that are over alarm',
      'onUnknown',
      'if (spoken > height) this.vigil.onUnknownWord(spoken, height, nowMs)',
      'this.vigil.onUnknownWord(spoken, height, nowMs)',
    ],
    [
      'unknown words alarm nobody',
      'onUnknown',
      'if (spoken > height) this.vigil.onUnknownWord(spoken, height, nowMs)',
      '',
    ],
    ['speaks while it asks', 'seal', "if (this.vigil.state === 'asking') return []", ''],
    [
      'what was not said binds',
      '#drop',
      'this.#filled.get(place.number)?.delete(slotOf(statement, this.#network.peers))',
      '',
    ],
    ['speaks where it may have spoken', 'say', 'place.number <= this.vigil.muteUntil', 'false'],
    ['says what waited though it may have spoken', 'seal', 'this.#drop(this.vigil.muteUntil)', ''],
    ['forgets the round it is in', 'forgetBefore', 'earlier < round', 'earlier <= round'],
  ],
)

const vigil = inClass(
  'Vigil',
  ['vigil'],
  [
    [
      'f+1 answers are enough',
      'onAnswer',
      'quorums.available(this.#answered.weight + quorums.weight(self))',
      'quorums.amplify(this.#answered.weight + quorums.weight(self))',
    ],
    ['itself not among the n−f', 'onAnswer', 'this.#answered.weight + quorums.weight(self)', 'this.#answered.weight'],
    [
      'a neighbour answers twice',
      'onAnswer',
      'if (!this.#answered.count(neighbour, quorums)) return',
      'this.#answered.count(position, quorums)',
    ],
    ['speaks without asking', 'constructor', "memory === 'whole'", "memory !== 'heedless'"],
    ['its own answer counts', '#isOther', 'position !== this.#options.self', 'true'],
    ['being behind is no doubt', 'onAnswer', 'this.#behind && this.#mindsBeingBehind', 'false'],
    ['being behind is always a doubt', 'onAnswer', 'this.#behind && this.#mindsBeingBehind', 'this.#behind'],
    ['unknown words are no doubt', 'onAnswer', 'this.#unknown', 'false'],
    [
      'silent for one round only',
      'onAnswer',
      'this.#fallSilent(height + 2, nowMs)',
      'this.#fallSilent(height + 1, nowMs)',
    ],
    ['a certificate of any age ends silence', 'onEnded', 'heard', 'true'],
    ['silence ends a round early', 'onEnded', 'round >= this.#until', 'round >= this.#until - 1'],
    ['one who is farther ahead overlooked', 'onAnswer', 'this.#wait(height + 2)', ''],
    ['certificates while it asks overlooked', 'onEnded', 'this.onBehind(round)', ''],
    ['silence without end', 'onTime', 'this.#options.patienceMs', 'Number.POSITIVE_INFINITY'],
    ['minds being behind for ever', 'onTime', 'this.#mindsBeingBehind = false', ''],
    ['old answers count when it asks anew', 'onTime', 'this.#answered = new Tally()', ''],
    ['liars asked without end', 'asksAgain', '(this.#again.get(neighbour) ?? -1) >= height', 'false'],
    ['speaks in a round in which it has words that it does not know', 'onUnknownWord', 'this.#wait(round + 1)', ''],
  ],
)

const shell = [
  ...inClass(
    'Vigil',
    ['own-words'],
    [['says what waited of rounds that are over', 'onBehind', 'this.#wait(height)', '']],
  ),
  ...inClass(
    'ExactAgreement',
    ['protocol/src/lost-memory'],
    [
      ['an answer with certificates is whole', 'hasShownAll', 'certificates.length === 0', 'true'],
      ['an answer of one that is further on is whole', 'hasShownAll', 'round <= this.height + 1', 'true'],
      ['own words of later phases overlooked', 'inReach', 'if (this.#shell.heeds(words)) return true', ''],
      [
        'a shown certificate ends silence',
        'onCertificate',
        'this.#take(certificate, false)',
        'this.#take(certificate, true)',
      ],
    ],
  ),
  ...inClass(
    'Peer',
    ['protocol/src/lost-memory'],
    [
      [
        'own words overlooked',
        '#onEnvelope',
        'if (this.#words.heeds(envelope)) this.#words.onUnknown(envelope, this.height, this.#nowMs, spoken)',
        '',
      ],
    ],
  ),
  ...inClass(
    'Peer',
    ['forgetful-peers'],
    [['trains in silence', '#enter', 'number <= this.#words.vigil.muteUntil', 'false']],
  ),
  ...inClass(
    'Peer',
    ['vigil', 'averaging-lost-memory'],
    [
      [
        'proof against itself overlooked',
        '#onEnvelope',
        `this.#halt(evidence)
        return`,
        '',
      ],
    ],
  ),
  ...inClass(
    'AveragingAgreement',
    ['averaging-lost-memory'],
    [
      ['one who is ahead silences a peer that averages', 'locate', 'quorums.amplify(weight)', 'true'],
      ['being behind overlooked while averaging', 'locate', 'this.#shell.vigil.onBehind(this.height)', ''],
    ],
  ),
  ...inClass(
    'Peer',
    ['averaging-lost-memory'],
    [
      [
        'own words overlooked while averaging',
        '#onEnvelope',
        'if (this.#words.heeds(envelope)) this.#words.onUnknown(envelope, this.height, this.#nowMs, spoken)',
        '',
      ],
    ],
  ),
]

export const restartMutants: readonly Mutant[] = [...subset, ...agreement, ...record, ...words, ...vigil, ...shell]
