import { describe, expect, it } from 'vitest'
import { checkpointOf, digest, networksOf, sealed, signedCheckpoint } from '../testing/network.ts'
import type { Statement } from '../words/statements.ts'
import type { Envelope } from '../words/words.ts'
import { OwnWords, type OwnWordsOptions } from './own-words.ts'

const networks = networksOf(4, 1)
const network = networks[0]!
const genesis = { number: 1, previous: network.genesis }
const wordsOf = (options: Partial<OwnWordsOptions> = {}): OwnWords =>
  new OwnWords({ network, self: 0, memory: 'whole', timing: { askMs: 10 }, ...options })

/** One statement of each kind, told apart by the text. */
const statements = (text: string): Statement[] => [
  { kind: 'init', digest: digest(text) },
  { kind: 'echo', sender: 2, digest: digest(text) },
  { kind: 'ready', sender: 2, digest: digest(text) },
  { kind: 'coordinate', instance: 2, phase: 1, value: text === 'one' ? 0 : 1 },
  { kind: 'auxiliary', instance: 2, phase: 1, values: text === 'one' ? 1 : 3 },
  signedCheckpoint(network, checkpointOf(network, { model: digest(text) })),
]
const seal = (words: OwnWords): Envelope[] => words.seal(() => {})
const said = (words: OwnWords): Statement['kind'][] =>
  seal(words).flatMap((it) => it.statements.map(({ kind }) => kind))

describe('what a peer says', () => {
  it('fills each slot once, whatever the kind', () => {
    const words = wordsOf()
    for (const statement of [...statements('one'), ...statements('two')]) words.say(genesis, statement)
    expect(said(words)).toEqual(statements('one').map(({ kind }) => kind))
    for (const statement of statements('two')) words.say(genesis, statement)
    expect(said(words)).toEqual([])
  })

  it('is what it said before it was restarted, of this round and chain only, and nothing else in those slots', () => {
    const before = [
      sealed(networks, 0, statements('one')),
      sealed(networks, 0, statements('one'), { round: 2 }),
      sealed(networks, 0, [{ kind: 'init', digest: digest('of a fork') }], { previous: digest('another') }),
    ]
    const words = wordsOf({ said: before })
    expect(words.again(genesis)).toEqual([before[0]])
    for (const statement of statements('two')) words.say(genesis, statement)
    expect(said(words)).toEqual([])
    words.say({ number: 3, previous: network.genesis }, statements('two')[0]!)
    expect(said(words)).toEqual(['init'])
  })

  it('is heard by itself, and what it says thereupon goes into the same envelope', () => {
    const words = wordsOf()
    const [first, second] = statements('one') as [Statement, Statement]
    words.say(genesis, first)
    const envelopes = words.seal((round, { kind }) => {
      if (kind === 'init') words.say({ ...genesis, number: round }, second)
    })
    expect(envelopes.map((envelope) => envelope.statements.map(({ kind }) => kind))).toEqual([['init', 'echo']])
  })

  it('is forgotten with its round', () => {
    const words = wordsOf()
    words.say(genesis, statements('one')[0]!)
    seal(words)
    words.forgetBefore(1)
    expect(words.hasFilled(1, statements('one')[0]!)).toBe(true)
    words.forgetBefore(2)
    expect(words.hasFilled(1, statements('one')[0]!)).toBe(false)
  })
})

describe('a word of its own that a peer hears', () => {
  it('stands: nothing else is said in its slot, not even what waits for it', () => {
    for (const memory of ['whole', 'kept', 'lost'] as const) {
      const words = wordsOf({ memory })
      words.say(genesis, statements('two')[0]!)
      words.onUnknown(sealed(networks, 0, statements('one')), 0, 0)
      for (const statement of statements('two')) words.say(genesis, statement)
      expect(said(words), memory).toEqual([])
      for (const statement of statements('two')) expect(words.hasFilled(1, statement)).toBe(true)
    }
  })

  it('makes it silent, unless its round is over', () => {
    const words = wordsOf()
    const old = sealed(networks, 0, statements('one'))
    words.onUnknown(old, 1, 0)
    expect(words.vigil.state).toBe('over')
    words.onUnknown(sealed(networks, 0, statements('one'), { round: 2 }), 1, 0)
    expect(words.vigil.state).toBe('silent')
  })
})

describe('while vigil is kept', () => {
  const init = (text: string): Statement => statements(text)[0]!
  const answer = (words: OwnWords, height: number): void => {
    for (const peer of [1, 2]) words.vigil.onAnswer(peer, height, 0)
  }

  it('what a peer would say waits, and is said when it turns out that it may be', () => {
    const words = wordsOf({ memory: 'lost' })
    words.say(genesis, init('one'))
    expect(said(words)).toEqual([])
    answer(words, 0)
    expect(said(words)).toEqual(['init'])
  })

  it('what waited in rounds that were certified meanwhile is not said', () => {
    const words = wordsOf({ memory: 'kept' })
    words.say({ ...genesis, number: 3 }, init('one'))
    words.vigil.onEnded(3, false, 0)
    words.say({ ...genesis, number: 4 }, init('one'))
    answer(words, 3)
    expect(seal(words).map(({ round }) => round)).toEqual([4])
  })

  it('nothing is said when it may not, and what was not said does not bind', () => {
    const words = wordsOf({ memory: 'lost' })
    words.say({ ...genesis, number: 9 }, init('one'))
    words.vigil.onEnded(8, false, 0)
    answer(words, 8)
    expect(said(words)).toEqual([])
    expect(words.hasFilled(9, init('one'))).toBe(false)
    words.vigil.onEnded(10, true, 0)
    // Of the round that ended the silence it may have said something too, and is heard by itself as well.
    words.say({ ...genesis, number: 10 }, init('one'))
    words.say({ ...genesis, number: 11 }, init('one'))
    const envelopes = words.seal(() => words.say({ ...genesis, number: 10 }, init('two')))
    expect(envelopes.map(({ round }) => round)).toEqual([11])
  })
})
