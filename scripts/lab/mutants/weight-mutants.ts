/** Heads counted in place of weight, one threshold at a time; see protocol-mutants.ts. */
import { inClass, inFunctions, type Mutant } from './mutant.ts'

export const weightMutants: readonly Mutant[] = [
  ...inClass(
    'ReliableBroadcast',
    ['protocol/src/weights'],
    [
      ['echoes by heads', 'onEcho', 'this.#quorums.echo(echoes.weight)', 'this.#quorums.echo([...echoes].length)'],
      [
        'amplified by heads',
        '#countReady',
        'this.#quorums.amplify(support.readies)',
        'this.#quorums.amplify([...this.#readied].length)',
      ],
      [
        'delivered by heads',
        '#countReady',
        'this.#quorums.deliver(support.readies)',
        'this.#quorums.deliver([...this.#readied].length)',
      ],
      ['readies by heads', '#countReady', 'this.#quorums.weight(from)', '1'],
    ],
  ),
  ...inClass(
    'BinaryAgreement',
    ['protocol/src/weights'],
    [
      [
        'estimates relayed by heads',
        'onEstimate',
        'this.#quorums.amplify(tally.weight)',
        'this.#quorums.amplify([...tally].length)',
      ],
      [
        'values by heads',
        'onEstimate',
        'this.#quorums.deliver(tally.weight)',
        'this.#quorums.deliver([...tally].length)',
      ],
      ['AUX by heads', 'onAuxiliary', 'this.#quorums.weight(from)', '1'],
      ['those ahead by heads', 'onReached', 'this.#quorums.weight(peer)', '1'],
    ],
  ),
  ...inClass(
    'Quorums',
    ['protocol/src/weights'],
    [['coordinators by heads', 'coordinator', 'this.#coordinators.of(phase)', '(phase - 1) % this.peers']],
  ),
  ...inClass('Tally', ['protocol/src/weights'], [['tallies by heads', 'count', 'quorums.weight(peer)', '1']]),
  ...inClass(
    'CommonSubset',
    ['protocol/src/weights'],
    [['those that are in by heads', '#ones', 'this.#quorums.weight(peer)', '1']],
  ),
  ...inClass(
    'Round',
    ['protocol/src/weights'],
    [
      ['checkpoints by heads', '#onCheckpoint', 'quorums.weigh(support.signatures.keys())', 'support.signatures.size'],
      ['progress by heads', 'progress', 'quorums.weigh(peers)', 'peers.length'],
      ['aggregated by heads', '#counted', 'this.#quorums.weightsOf(peers)', 'undefined'],
      ['F of the genesis in the rule', '#counted', 'fewer !== 0', 'false'],
    ],
  ),
  ...inFunctions(
    ['protocol/src/weights'],
    [
      ['members of a set by heads', 'isSet', 'quorums.weigh(members.map(({ peer }) => peer))', 'members.length'],
      ['signers of a certificate by heads', 'decodeCertificate', 'quorums.weigh(signatures.keys())', 'signatures.size'],
    ],
  ),
  ...inClass(
    'Vigil',
    ['protocol/src/weights'],
    [
      ['itself by heads', 'onAnswer', 'quorums.weight(self)', '1'],
      ['answers by heads', 'onAnswer', 'this.#answered.weight', '[...this.#answered].length'],
      ['alone by heads', 'constructor', 'quorums.weight(self)', '1'],
    ],
  ),
  ...inClass(
    'Pace',
    ['protocol/src/weights'],
    [['hurried by heads', 'onAnnounced', 'this.#announced.weight', '[...this.#announced].length']],
  ),
]

/** Eras that begin, end or count otherwise. */
export const eraMutants: readonly Mutant[] = [
  ...inFunctions(
    ['eras', 'evictions'],
    [
      ['an era begins a round early', 'eraDelay', '2', '1'],
      ['more evicted than may lie', 'mayBeOut', 'quorums.weigh(peers) <= quorums.tolerated', 'true'],
      ['a network that evicts nobody evicts', 'mayBeOut', 'agreement.evictEvery === undefined', 'false'],
      ['taken back', 'wrongChange', 'outBefore.some((peer) => !out.includes(peer))', 'false'],
      ['evicted in any round', 'wrongChange', '!evictsIn(round, network)', 'false'],
      ['evicted in no round', 'evictsIn', 'round % evictEvery === 0', 'false'],
    ],
  ),
  ...inFunctions(
    ['standing'],
    [
      [
        'any weights follow',
        'wrongChange',
        '!isSame(standing, standingAfter(round, before.standing, { members, out }, network))',
        'false',
      ],
      ['vouches in any round', 'hearsVouches', 'round % trust.every === 0', 'true'],
      ['weights move as far as they like', 'towards', 'Math.max(1, Math.floor(sum(weights) / 10))', 'sum(weights)'],
      [
        'who has left weighs on',
        'standingAfter',
        'before.weights.map((weight, peer) => (gone.has(peer) ? 0 : weight))',
        '[...before.weights]',
      ],
      ['vouches of who has left', 'standingAfter', '!gone.has(from) && !gone.has(to)', 'true'],
      ['more stands of a peer', 'heard', 'given.size < mostStanding', 'true'],
      ['F of the genesis in each era', 'quorumsOf', 'mostTolerated(sum(weights))', '0'],
      ['who vouches for itself', 'saidIn', 'to === author && weight > 0', 'false'],
    ],
  ),
  ...inClass(
    'Eras',
    ['eras', 'evictions'],
    [['quorums of the genesis for ever', 'of', 'this.#quorums = quorumsAfter(changes, this.#network)', '']],
  ),
  ...inClass(
    'Quorums',
    ['quorums'],
    [['F of the genesis for ever', 'without', 'this.tolerated - this.weigh(peers)', 'this.tolerated']],
  ),
  ...inClass(
    'CommonSubset',
    ['eras', 'evictions'],
    [
      ['evicted without evidence', '#progress', 'this.#effects.proven?.(peer) ? 0 : 1', '0'],
      ['nobody evicted', '#progress', 'this.#effects.proven?.(peer) ? 0 : 1', '1'],
      [
        'who is out before that is agreed on',
        '#progress',
        'if (this.#stays().some(([, { decided }]) => decided === undefined)) return',
        '',
      ],
      [
        'who is out is waited for',
        '#progress',
        'this.#inSet.some((peer) => this.#agreements[peer]!.decided === undefined)',
        'this.#agreements.some(({ decided }) => decided === undefined)',
      ],
    ],
  ),
]
