/** Gradients in an agreed order or each for itself, holes and pauses with one thing wrong; see protocol-mutants.ts. */
import { inClass, inFunctions, type Mutant } from './mutant.ts'

const filters = [
  ...inFunctions(
    ['frequency-filter'],
    [
      ['the strict filter looks at one author less', 'frequencyWindow', '2 * tolerated', '2 * tolerated - 1'],
      ['the strict filter lets an author pass again', 'isTooFrequent', 'times > 0', 'times > 1'],
      ['an author has one of its row more', 'isTooFrequent', 'times + 1 > tolerated', 'times > tolerated'],
    ],
  ),
  ...inFunctions(
    ['asynchronous/judge'],
    [
      ['the strict filter looks at one author more', 'frequencyWindow', '2 * tolerated', '2 * tolerated + 1'],
      [
        'a filter of too few',
        'greatestAllowed',
        'coefficients.length < peers - tolerated',
        'coefficients.length < peers - tolerated - 1',
      ],
      [
        'a filter that waits for all',
        'greatestAllowed',
        'coefficients.length < peers - tolerated',
        'coefficients.length < peers - tolerated + 1',
      ],
      [
        'a coefficient more is allowed',
        'greatestAllowed',
        'coefficients.length - tolerated - 1',
        'coefficients.length - tolerated',
      ],
      [
        'a coefficient less is allowed',
        'greatestAllowed',
        'coefficients.length - tolerated - 1',
        'coefficients.length - tolerated - 2',
      ],
      ['two of one model differ by nothing', 'coefficientOf', 'Number.POSITIVE_INFINITY', '0'],
      ['old gradients count in full', 'damping', '1 / (1 + staleness)', '1'],
    ],
  ),
  ...inClass(
    'Judge',
    ['asynchronous/judge'],
    [
      ['everything escapes', '#escapes', 'this.#state.refusals >= this.#options.peers', 'true'],
      [
        'the escape comes one late',
        '#escapes',
        'this.#state.refusals >= this.#options.peers',
        'this.#state.refusals > this.#options.peers',
      ],
      ['who passed is not remembered', 'decide', '[...authors, author].slice(-window)', 'authors'],
      ['what is refused passes', 'decide', 'coefficient > allowed', 'false'],
      [
        'coefficients are kept for ever',
        '#remember',
        '[...coefficients, coefficient].slice(-memory)',
        '[...coefficients, coefficient]',
      ],
    ],
  ),
]

const order = [
  ...inClass(
    'Gradients',
    ['exploration/variants'],
    [
      ['a set of f', 'enter', 'tolerated + 1', 'tolerated'],
      ['a robust epoch of too few', 'enter', 'peers - tolerated', 'peers - tolerated - 1'],
    ],
  ),
  ...inClass(
    'Gradients',
    ['asynchronous/ordered'],
    [['what was announced is gone when a round begins again', '#keepAnnounced', 'this.#made ??= this.#announced', '']],
  ),
  ...inFunctions(
    ['asynchronous/ordered'],
    [['stages in an agreed order', 'ordered', "if ('stage' in statement) return 'a word of another agreement'", '']],
  ),
  ...inFunctions(
    ['words/order'],
    [
      ['a gradient of the model to come', 'mayCount', 'of < round', 'of <= round'],
      ['a model remembered for one epoch more', 'mayCount', 'round - remembered', 'round - remembered - 1'],
      ['a model remembered for one epoch less', 'mayCount', 'round - remembered', 'round - remembered + 1'],
      ['an older model in a robust epoch', 'mayCount', 'round - 1', 'round - 2'],
    ],
  ),
  ...inFunctions(
    ['order-state'],
    [
      ['a state of one author more', 'read', '2 * tolerated', '2 * tolerated + 1'],
      ['a state that goes on', 'read', 'from.upTo(0, from.left)', ''],
      ['a state of workers out of order', 'read', 'author <= (workers[at - 1]?.author ?? -1)', 'false'],
    ],
  ),
]

const alone = [
  ...inClass(
    'Inbox',
    ['inbox'],
    [
      ['one more pulled in a round', '#go', 'count >= this.#most', 'count > this.#most'],
      ['several pulled at once', '#go', 'pulled !== undefined', 'false'],
      ['waited for for ever', 'beginRound', 'lane.since < round - 1', 'false'],
      ['given up a round early', 'beginRound', 'lane.since < round - 1', 'lane.since < round'],
      ['any gradient taken for what is pulled', 'pulled', 'pulled?.gradient !== gradient', 'pulled === undefined'],
      ['as young as it says', 'announce', 'own ?? lane.standpoint', 'own ?? now'],
    ],
  ),
  ...inClass(
    'Updates',
    ['updates'],
    [['one more of an author waits', 'onHeld', 'before.length >= mostInRound', 'before.length > mostInRound']],
  ),
  ...inClass(
    'Updates',
    ['updates'],
    [
      [
        'a rule of fewer than n − f',
        '#gather',
        'this.#gathered.size < peers - tolerated',
        'this.#gathered.size < peers - tolerated - 1',
      ],
      [
        'a rule of more than n − f',
        '#gather',
        'this.#gathered.size < peers - tolerated',
        'this.#gathered.size <= peers - tolerated',
      ],
    ],
  ),
  ...inClass(
    'Mixing',
    ['mixing'],
    [
      [
        'a model less is enough',
        'pulled',
        'held.length + 1 < this.#options.enough',
        'held.length + 2 < this.#options.enough',
      ],
      [
        'a model more is asked for',
        'pulled',
        'held.length + 1 < this.#options.enough',
        'held.length < this.#options.enough',
      ],
      ['what was taken in is taken in again', '#ask', 'claim.from.epoch < this.#movedAt', 'false'],
    ],
  ),
  ...inClass(
    'EachForItself',
    ['each-for-itself'],
    [['what an author said before is kept', '#take', 'this.#shell.forget(author, number)', '']],
  ),
]

const holes = inClass(
  'Offers',
  ['offers'],
  [
    [
      'a chunk that f say they hold counts',
      '#counted',
      'this.#quorums.amplify(this.#quorums.weigh(holders))',
      'this.#quorums.weigh(holders) >= this.#quorums.tolerated',
    ],
    [
      'a chunk that f + 1 say they hold does not count',
      '#counted',
      'this.#quorums.amplify(this.#quorums.weigh(holders))',
      'this.#quorums.weigh(holders) > this.#quorums.tolerated + 1',
    ],
    [
      'receipts of fewer than n − f',
      '#progress',
      'this.#quorums.available(weight)',
      'this.#quorums.available(weight + 1)',
    ],
    [
      'receipts of more than n − f',
      '#progress',
      'this.#quorums.available(weight)',
      'this.#quorums.available(weight - 1)',
    ],
    ['no grace time for receipts', '#progress', "this.#state = 'grace'", 'this.#settle()'],
    ['waits though all receipts are there', '#progress', 'weight === this.#quorums.total', 'false'],
    ['the second receipt counts', '#onReceipt', 'if (receipts.has(from)) return', ''],
    ['its own receipt counts', '#onReceipt', 'from === author', 'false'],
    ['the second offer is received', '#onOffer', 'if (this.#lists.has(from)) return', ''],
    ['announces what a life before offered', '#progress', 'own !== this.#own', 'false'],
    [
      'an offer of one who weighs nothing is received',
      'onStatement',
      'if (this.#quorums.weight(from) === 0) return',
      '',
    ],
  ],
)

const pauses = [
  ...inClass(
    'Round',
    ['virtual/resumed'],
    [
      [
        'a pause is said that does not count',
        '#mayPause',
        "this.#needed({ peer: this.#self, digest: pausedDigest }) !== 'never'",
        'true',
      ],
    ],
  ),
  ...inFunctions(
    ['virtual/pauses'],
    [
      [
        'one pause more than the budget',
        'mayPause',
        'spentBefore(round, before, budget.rounds)[peer]! < budget.pauses',
        'spentBefore(round, before, budget.rounds)[peer]! <= budget.pauses',
      ],
      [
        'one pause less than the budget',
        'mayPause',
        'spentBefore(round, before, budget.rounds)[peer]! < budget.pauses',
        'spentBefore(round, before, budget.rounds)[peer]! + 1 < budget.pauses',
      ],
      ['windows begin a round late', 'spentBefore', '(round - 1) % rounds', '(round - 2) % rounds'],
      ['windows without end', 'spentBefore', '(round - 1) % rounds === 0', 'false'],
      ['a budget for nobody', 'neededOf', '!mayPause(peer, round, before, network)', 'false'],
      [
        'rounds of fewer than n − f are learnt from',
        'takenIn',
        'quorums.available(quorums.weigh(taken.map(({ peer }) => peer)))',
        'taken.length > 0',
      ],
      ['pruned rounds count as executed', 'recordAfter', 'isLearnt && !isPause(member)', '!isPause(member)'],
      ['pauses count as executed', 'recordAfter', 'isLearnt && !isPause(member)', 'isLearnt'],
      ['pauses are not counted', 'recordAfter', 'before.paused.map(andPauses)', 'before.paused'],
      [
        'a round with a pause is learnt from',
        'prune',
        'members.some(pauses) ? undefined : members',
        'members.filter((member) => !pauses(member))',
      ],
      ['nothing stands in', 'memory', 'digest === undefined ? [] : [{ peer: member.peer, digest }]', '[]'],
    ],
  ),
]

export const learningMutants: readonly Mutant[] = [...filters, ...order, ...alone, ...holes, ...pauses]
