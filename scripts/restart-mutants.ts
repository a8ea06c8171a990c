/**
 * What restarts, catching up, records and the common subset promise, with one thing wrong; see protocol-mutants.ts.
 *
 * Not listed, because they change nothing that can be seen: that a round which certifies itself is not spoken in while what
 * waits is dropped at the next seal anyway.
 */
import { type Mutant, mutants } from './mutant.ts'

const subset = mutants(
  'common-subset.ts',
  ['common-subset'],
  [
    [
      '0 given after n−f deliveries',
      'if (this.#quorums.available(this.#ones())) {',
      `const delivered = [...this.broadcasts.keys()].filter((peer) => this.broadcasts[peer]!.delivered !== undefined)
    if (this.#quorums.available(this.#quorums.weigh(delivered))) {`,
    ],
    ['0 given after 2f+1 are in', 'this.#quorums.available(this.#ones())', 'this.#quorums.deliver(this.#ones())'],
    ['0 given after one more than n−f', 'available(this.#ones())', 'available(this.#ones() - 1)'],
    ['those that are in counted by heads', '? sum + this.#quorums.weight(peer) : sum', '? sum + 1 : sum'],
    ['the grace time asked for again', "if (this.#grace === 'unset') this.#beginGrace()", 'this.#beginGrace()'],
    [
      'the grace time asked for in vain',
      'if (missing.length === 0) return',
      "if (missing.length === 0) return this.#effects.timer('grace')",
    ],
    [
      'members that are decided out',
      '.filter((peer) => this.#agreements[peer]!.decided === 1)',
      '.filter((peer) => this.broadcasts[peer]!.delivered !== undefined)',
    ],
  ],
)

const agreement = mutants(
  'binary-agreement.ts',
  ['binary-agreement'],
  [
    [
      'AUX of both bits counted for either',
      'if (this.#quorums.available(weigh(unanimous))) return unanimous',
      'if (this.#quorums.available(weigh(unanimous) + weigh(3))) return unanimous',
    ],
  ],
)

const record = mutants(
  'record.ts',
  ['record'],
  [
    ['contradictions of the first envelope only', 'voice.indexed < voice.envelopes.length', 'voice.indexed < 1'],
    [
      'conviction without evidence kept',
      "if (considered.kind === 'known') return considered",
      "if (considered.kind !== 'new') return considered",
    ],
    ['slots of contradictions forgotten', '      voice.filled.add(envelope.slots)\n', ''],
  ],
)

const words = mutants(
  'own-words.ts',
  ['own-words'],
  [
    [
      'CHECKPOINT said again after a restart',
      'for (const statement of statements) this.#fill(number, statement)',
      "for (const statement of statements) if (statement.kind !== 'checkpoint') this.#fill(number, statement)",
    ],
    ['words of another round said again', 'envelope.round === number && ', ''],
    ['own words that are heard bind nothing', 'for (const statement of statements) this.#fill(round, statement)', ''],
    ['what waits is said against what is heard', 'place.number !== round || !slots', 'true || !slots'],
    ['words of rounds that are over alarm', 'if (round > height) this.vigil', 'this.vigil'],
    ['unknown words alarm nobody', 'if (round > height) this.vigil.onUnknownWord(round, height, nowMs)', ''],
    ['speaks while it asks', "if (this.vigil.state === 'asking') return []", ''],
    ['what was not said binds', 'this.#filled.get(place.number)?.delete(slotOf(statement, this.#network.peers))', ''],
    ['speaks where it may have spoken', 'place.number <= this.vigil.muteUntil || ', ''],
    ['says what waited though it may have spoken', '    this.#drop(this.vigil.muteUntil)\n', ''],
    ['forgets the round it is in', 'if (earlier < round) this.#filled', 'if (earlier <= round) this.#filled'],
  ],
)

const vigil = mutants(
  'vigil.ts',
  ['vigil'],
  [
    [
      'f+1 answers are enough',
      'quorums.available(this.#answered.weight + quorums.weight(self))',
      'quorums.amplify(this.#answered.weight + quorums.weight(self))',
    ],
    ['itself not among the n−f', 'this.#answered.weight + quorums.weight(self)', 'this.#answered.weight'],
    [
      'a neighbour answers twice',
      'if (!this.#answered.count(position, quorums)) return',
      'this.#answered.count(position, quorums)',
    ],
    ['speaks without asking', "const sure = memory === 'whole' ||", "const sure = memory !== 'heedless' ||"],
    ['its own answer counts', ' && position !== self', ''],
    ['being behind is no doubt', '(this.#behind && this.#mindsBeingBehind)', 'false'],
    ['being behind is always a doubt', 'this.#behind && this.#mindsBeingBehind', 'this.#behind'],
    ['unknown words are no doubt', 'this.#unknown || (', '('],
    [
      'silent for one round only',
      'this.#mindsBeingBehind)) this.#fallSilent(height + 2, nowMs)',
      'this.#mindsBeingBehind)) this.#fallSilent(height + 1, nowMs)',
    ],
    ['a certificate of any age ends silence', 'heard && round >= this.#until', 'round >= this.#until'],
    ['silence ends a round early', 'heard && round >= this.#until', 'heard && round >= this.#until - 1'],
    [
      'one who is farther ahead overlooked',
      "if (this.#state === 'silent') this.#wait(height + 2)",
      "if (this.#state === 'silent') void 0",
    ],
    ['certificates while it asks overlooked', '    this.onBehind(round)\n', ''],
    ['silence without end', 'this.#options.patienceMs) return false', 'Number.POSITIVE_INFINITY) return false'],
    ['minds being behind for ever', '    this.#mindsBeingBehind = false\n', ''],
    ['old answers count when it asks anew', '    this.#answered = new Tally()\n    this.#until', '    this.#until'],
    ['liars asked without end', ' || (this.#again.get(neighbour) ?? -1) >= height', ''],
    ['speaks in a round in which it has words that it does not know', '    this.#wait(round + 1)\n', ''],
  ],
)

const shell = [
  ...mutants('vigil.ts', ['own-words'], [['says what waited of rounds that are over', '    this.#wait(height)\n', '']]),
  ...mutants(
    'peer.ts',
    ['lost-memory'],
    [
      ['an answer with certificates is whole', 'answer.certificates.length === 0 && ', ''],
      ['an answer of one that is further on is whole', ' && answer.round <= this.height + 1)', ')'],
      ['own words of later phases overlooked', 'if (this.#words.heeds(envelope)) return true', ''],
      [
        'own words overlooked',
        'if (this.#words.heeds(envelope)) this.#words.onUnknown(envelope, this.height, this.#nowMs)',
        '',
      ],
      ['trains in silence', 'number <= this.#words.vigil.muteUntil || ', ''],
      [
        'a shown certificate ends silence',
        'this.#onCertificate(certificate, false)',
        'this.#onCertificate(certificate, true)',
      ],
    ],
  ),
  ...mutants(
    'peer.ts',
    ['vigil'],
    [['proof against itself overlooked', '        this.#halt(evidence)\n        return\n', '']],
  ),
  ...mutants(
    'averaging/averaging-peer.ts',
    ['averaging/averaging-lost-memory'],
    [
      [
        'one who is ahead silences a peer that averages',
        'if (quorums.amplify(this.#reached.filter((round) => round > this.#current).length))',
        'if (this.#reached.some((round) => round > this.#current))',
      ],
      ['being behind overlooked while averaging', 'this.#words.vigil.onBehind(this.height)', 'void 0'],
      ['proof against itself overlooked while averaging', '        this.#halt(evidence)\n        return\n', ''],
      [
        'own words overlooked while averaging',
        'if (this.#words.heeds(envelope)) this.#words.onUnknown(envelope, this.height, this.#nowMs)',
        '',
      ],
    ],
  ),
]

export const restartMutants: readonly Mutant[] = [...subset, ...agreement, ...record, ...words, ...vigil, ...shell]
