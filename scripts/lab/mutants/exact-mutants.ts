/** Broadcast and exact agreement with one thing wrong; see protocol-mutants.ts. */
import { inClass, inFunctions, type Mutant } from './mutant.ts'

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

const round = inClass(
  'Round',
  ['peer'],
  [
    ['aggregated before held', '#progress', 'if (!members.every((member) => this.#held.has(key(member)))) return', ''],
    ['checkpoint of a small set', '#onCheckpoint', 'if (!isSet(checkpoint, quorums, this.#network)) return', ''],
    ['checkpoint of another rule', '#onCheckpoint', 'checkpoint.rule !== rule', 'false'],
    [
      'own set in place of the certified',
      '#members',
      'this.#settled?.members ?? this.subset.result',
      'this.subset.result',
    ],
  ],
)

export const exactMutants: readonly Mutant[] = [...broadcast, ...agreement, ...subset, ...fastPath, ...round]
