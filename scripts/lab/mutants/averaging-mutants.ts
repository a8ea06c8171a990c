/**
 * Averaging agreement with one thing wrong; see protocol-mutants.ts.
 *
 * Not listed, because it changes nothing that can be seen: that a peer which joins asks at once, and not at its next time.
 */
import { inClass, inFunctions, type Mutant } from './mutant.ts'

const plain = inClass(
  'PlainGathering',
  ['plain-gathering'],
  [
    [
      'own vector not waited for',
      '#progress',
      'if (this.#self !== undefined && !this.#held.has(this.#self)) return',
      '',
    ],
    [
      'the last vector of an author counts',
      'onHeld',
      'if (!this.#held.has(peer)) this.#held.set(peer, digest)',
      'this.#held.set(peer, digest)',
    ],
    ['any number of vectors of an author', 'onStatement', 'announced.length >= mostAnnounced', 'false'],
    [
      'less than n−f averaged plainly',
      '#progress',
      'this.#quorums.available(this.#quorums.weigh(this.#held.keys()))',
      'this.#quorums.deliver(this.#quorums.weigh(this.#held.keys()) + 1)',
    ],
    ['no time for the rest', '#progress', "this.#timer !== 'expired'", 'false'],
    [
      'time for the rest asked again',
      '#progress',
      "if (this.#timer === 'unset') this.#effects.timer()",
      'this.#effects.timer()',
    ],
    ['more than n−f without waiting', '#first', 'if (this.#quorums.available(this.#quorums.weigh(chosen))) break', ''],
    [
      'the rest left out',
      '#progress',
      "this.#mode === 'synchronous' ? [...this.#held.keys()] : this.#first()",
      'this.#first()',
    ],
  ],
)

const witnessed = [
  ...inClass(
    'WitnessedGathering',
    ['witnessed-gathering'],
    [
      ['witness of any set', '#progress', 'if (!this.#quorums.available(this.#quorums.weigh(peers))) return', ''],
      [
        'witnesses of strange sets',
        '#progress',
        'members.every((member) => peers.includes(member))',
        'members.length > 0',
      ],
      [
        'witnesses of f+1',
        '#progress',
        'this.#quorums.available(this.#quorums.weigh(within.map(([peer]) => peer)))',
        'this.#quorums.amplify(this.#quorums.weigh(within.map(([peer]) => peer)))',
      ],
      ['witness more than once', '#progress', 'this.#witnessed = true', ''],
      ['the last witness counts', 'onStatement', 'if (this.#witnesses.has(from)) return', ''],
      ['no echo of what is held', 'onHeld', 'this.#broadcasts[member.peer]?.onHeld(member.digest, this.#say)', ''],
    ],
  ),
]

const round = inClass(
  'AveragingRound',
  ['averaging-round'],
  [
    ['a stage passed over', '#progress', '!this.#start.joins && !this.#inputs.has(stage)', 'false'],
    [
      'vectors averaged before held',
      '#progress',
      'if (!members.every((member) => this.#held.has(key(stage, member)))) return',
      '',
    ],
    ['delivered vectors not fetched', '#progress', 'for (const member of members) this.#want(stage, member)', ''],
    ['the step taken a stage late', '#progress', 'this.#last - 1', 'this.#last'],
    ['the rule at every stage', '#by', 'stage === 0', 'stage >= 0'],
    ['f more neighbours', '#by', "mode === 'synchronous' ? 1 : 2", '1'],
    [
      'one who joins stays near a model of rounds ago',
      '#by',
      "method === 'nna' || method === 'mda'",
      "method === 'mda'",
    ],
    ['the silent left out', '#filled', "mode !== 'synchronous'", "mode === 'synchronous'"],
    ['the silent stood for in updates', '#filled', 'stage === 0', 'false'],
    ['stages without end', 'onStatement', 'stage > this.#last', 'false'],
    ['one who joins begins at the first stage', 'constructor', 'start.joins ? this.#last : 0', '0'],
    ['a round that is left goes on', 'leave', "this.#state = 'over'", ''],
  ],
)

const peer = [
  ...inClass(
    'AveragingAgreement',
    ['averaging-peer'],
    [
      ['joins one liar', 'locate', 'quorums.amplify(weight)', 'true'],
      ['joins too late', 'locate', 'quorums.amplify(weight)', 'quorums.amplify(weight - 1)'],
      ['joins a round that nobody has finished', 'locate', 'newest - 1', 'newest'],
      ['never joins', 'locate', 'if (newest >= this.#current + roundsAhead) this.#begin(newest - 1, true)', ''],
      ['joins a round beside', 'locate', 'newest >= this.#current + roundsAhead', 'newest > this.#current'],
      ['any later round kept', 'inReach', 'round <= this.height + 1 + roundsAhead', 'true'],
      ['any earlier round kept', 'inReach', 'round >= this.height + 1 - roundsBehind', 'true'],
      ['silent in the round finished before a restart', 'start', 'height > 0', 'false'],
      ['nothing for those far behind', 'answer', 'heard.of(this.#current - 1)', 'undefined'],
    ],
  ),
  ...inClass(
    'Peer',
    ['averaging-peer', 'virtual/averaging'],
    [
      ['contradictions not told', '#onEnvelope', "this.#step.outputs.push({ kind: 'evidence', evidence })", ''],
      ['asks for nothing while averaging', '#keepAsking', 'this.#ask()', ''],
      [
        'deaf to itself while averaging',
        '#hearSelf',
        'this.#agreement.round(number)?.onStatement(self, statement)',
        'undefined',
      ],
    ],
  ),
]

const words = inClass(
  'OwnWords',
  ['averaging-peer', 'virtual/averaging'],
  [['contradicts itself after a restart', 'say', 'this.hasFilled(place.number, statement)', 'false']],
)

const statements = [
  ...inFunctions(
    ['staged-statements'],
    [
      ['votes while averaging', 'averaging', 'stage === undefined', 'false'],
      ['averaging on a checkpoint', 'averaging', 'previous !== genesis', 'false'],
      ['words of any stage', 'averaging', 'stage > lastStage(round, settings)', 'false'],
      ['echo of any sender', 'inRange', 'sender < peers', 'true'],
      [
        'witness of less than n−f',
        'averaging',
        "statement.kind !== 'witness' || quorums.available(quorums.weigh(statement.members))",
        'true',
      ],
      ['echoes and witnesses of plain sends', 'averaging', "statement.kind !== 'init' && !broadcasts", 'false'],
      ['words of a third agreement while averaging', 'averaging', "statement.kind === 'word'", 'false'],
      ['averaging where all agree exactly', 'exact', "'stage' in statement", 'false'],
    ],
  ),
  ...inFunctions(
    ['staged-statements'],
    [
      ['one slot for all stages', 'stageSlots', 'stage * (2 + 2 * peers)', '0'],
      ['witnesses without content', 'contentOf', 'statement.members.join()', "''"],
    ],
  ),
  ...inFunctions(
    ['settings'],
    [['one agreement too few', 'lastStage', '32 - Math.clz32(round)', '31 - Math.clz32(round)']],
  ),
]

const rows = inFunctions(
  ['averaging/contraction'],
  [["a row of RB-TM's too good", 'rows', "'rb-tm': { lies: 1, less: 2 }", "'rb-tm': { lies: 1, less: 1 }"]],
)

export const averagingMutants: readonly Mutant[] = [
  ...plain,
  ...witnessed,
  ...round,
  ...peer,
  ...words,
  ...statements,
  ...rows,
]
