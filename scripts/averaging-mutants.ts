/**
 * Averaging agreement with one thing wrong; see protocol-mutants.ts.
 *
 * Not listed, because it changes nothing that can be seen: that a peer which joins asks at once, and not at its next time.
 */
import { type Mutant, mutants } from './mutant.ts'

const plain = mutants(
  'averaging/plain-gathering.ts',
  ['averaging/plain-gathering'],
  [
    ['own vector not waited for', 'if (this.#self !== undefined && !this.#held.has(this.#self)) return', ''],
    ['the last vector of an author counts', 'if (!this.#held.has(peer)) this', 'this'],
    ['any number of vectors of an author', 'announced.length >= mostAnnounced || ', ''],
    [
      'less than n−f averaged plainly',
      ' || !this.#quorums.available(this.#quorums.weigh(this.#held.keys()))',
      ' || !this.#quorums.deliver(this.#quorums.weigh(this.#held.keys()) + 1)',
    ],
    ['no time for the rest', "this.#timer !== 'expired') {", 'false) {'],
    ['time for the rest asked again', "if (this.#timer === 'unset') this", 'this'],
    ['more than n−f without waiting', 'if (this.#quorums.available(this.#quorums.weigh(chosen))) break', ''],
    ['the rest left out', "this.#mode === 'synchronous' ? [...this.#held.keys()] : this", 'this'],
  ],
)

const witnessed = [
  ...mutants(
    'averaging/witnessed-gathering.ts',
    ['averaging/witnessed-gathering'],
    [
      ['witness of any set', 'if (!this.#quorums.available(this.#quorums.weigh(peers))) return', ''],
      ['witnesses of strange sets', 'members.every((member) => peers.includes(member))', 'members.length > 0'],
      [
        'witnesses of f+1',
        'this.#quorums.available(this.#quorums.weigh(within',
        'this.#quorums.amplify(this.#quorums.weigh(within',
      ],
      ['witness more than once', 'this.#witnessed = true', ''],
      ['the last witness counts', 'if (this.#witnesses.has(from)) return', ''],
      ['no echo of what is held', 'this.#broadcasts[member.peer]?.onHeld(member.digest, this.#say)', ''],
    ],
  ),
]

const round = mutants(
  'averaging/averaging-round.ts',
  ['averaging/averaging-round'],
  [
    ['a stage passed over', ' || (!this.#start.joins && !this.#inputs.has(stage))', ''],
    ['vectors averaged before held', 'if (!members.every((member) => this.#held.has(key(stage, member)))) return', ''],
    ['delivered vectors not fetched', 'for (const member of members) this.#want(stage, member)', ''],
    ['the step taken a stage late', 'stage === this.#last - 1 && ', 'stage === this.#last && '],
    ['the rule at every stage', 'if (stage === 0) return', 'if (stage >= 0) return'],
    ['f more neighbours', "(mode === 'synchronous' ? 1 : 2) * tolerated", '1 * tolerated'],
    [
      'one who joins stays near a model of rounds ago',
      "method === 'nna' || method === 'mda' ? 'mda'",
      "method === 'mda' ? 'mda'",
    ],
    ['the silent left out', "mode !== 'synchronous' || method", "mode === 'synchronous' || method"],
    ['the silent stood for in updates', ' || stage === 0 || own === undefined', ' || own === undefined'],
    ['stages without end', 'if (stage === undefined || stage > this.#last) return', 'if (stage === undefined) return'],
    ['one who joins begins at the first stage', 'this.#stage = start.joins ? this.#last : 0', 'this.#stage = 0'],
    ['a round that is left goes on', "leave(): void {\n    this.#state = 'over'", 'leave(): void {'],
  ],
)

const peer = mutants(
  'averaging/averaging-peer.ts',
  ['averaging/averaging-peer'],
  [
    ['joins one liar', 'quorums.amplify(index + 1)', 'true'],
    ['joins too late', 'quorums.amplify(index + 1)', 'quorums.amplify(index)'],
    ['joins a round that nobody has finished', 'this.#begin(newest - 1, true)', 'this.#begin(newest, true)'],
    ['never joins', 'if (newest !== undefined) this.#begin(newest - 1, true)', ''],
    ['joins a round beside', '(round) => round >= this.#current + roundsAhead', '(round) => round > this.#current'],
    ['any later round kept', ' && round <= this.height + 1 + roundsAhead', ''],
    ['any earlier round kept', 'round >= this.height + 1 - roundsBehind && ', ''],
    ['contradictions not told', "if (considered.kind === 'conflict') {", 'if (false) {'],
    ['asks for nothing while averaging', '    else {\n      this.#ask()\n', '    else {\n'],
    ['deaf to itself while averaging', 'this.#rounds.get(round)?.onStatement(self, statement)', 'undefined'],
    ['silent in the round finished before a restart', 'if (this.height > 0) this.#again(this.height)', ''],
    ['nothing for those far behind', 'asked < this.#current ? this.#heard.of(this.#current - 1)', 'false ? undefined'],
  ],
)

const words = mutants(
  'own-words.ts',
  ['averaging/averaging-peer'],
  [['contradicts itself after a restart', ' || this.hasFilled(place.number, statement)) return', ') return']],
)

const statements = [
  ...mutants(
    'averaging/staged-statements.ts',
    ['averaging/staged-statements'],
    [
      ['votes while averaging', "if (hasVotes(body)) return 'an envelope of exact agreement'", ''],
      ['averaging on a checkpoint', 'if (toHex(body.previous) !== network.genesis)', 'if (false)'],
      ['init of any stage', 'if (stage > last || digest.length', 'if (digest.length'],
      ['echo of any stage', 'if (stage > last || sender', 'if (sender'],
      ['echo of any sender', ' || sender >= network.peers', ''],
      ['witness of any stage', 'if (stage > last || peers === undefined)', 'if (peers === undefined)'],
      ['witness of less than n−f', 'if (!network.quorums.available(network.quorums.weigh(peers)))', 'if (false)'],
      ['echoes of plain sends', 'if (!broadcast) return `a', 'if (false) return `a'],
      ['witnesses of plain sends', "if (!broadcast) return 'a", "if (false) return 'a"],
    ],
  ),
  ...mutants(
    'envelope.ts',
    ['averaging/staged-statements'],
    [['averaging where all agree exactly', "if (hasStages(body)) return 'an", "if (false) return 'an"]],
  ),
  ...mutants(
    'statements.ts',
    ['averaging/staged-statements'],
    [
      ['one slot for all stages', 'return stage * (2 + 2 * peers)', 'return 0 * stage * peers'],
      ['witnesses without content', 'return statement.members.join()', "return ''"],
    ],
  ),
  ...mutants(
    'averaging/settings.ts',
    ['averaging/settings'],
    [['one agreement too few', '32 - Math.clz32(round)', '31 - Math.clz32(round)']],
  ),
]

const rows = mutants(
  'averaging/contraction.ts',
  ['averaging/contraction'],
  [["a row of RB-TM's too good", "'rb-tm': { lies: 1, less: 2 }", "'rb-tm': { lies: 1, less: 1 }"]],
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
