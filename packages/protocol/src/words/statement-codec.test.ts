import { expect, it } from 'vitest'
import { exact } from '../agreement/exact/exact.ts'
import { Quorums } from '../roster/quorums.ts'
import { modelledKeys } from '../testing/modelled-keys.ts'
import { digest } from '../testing/network.ts'
import { openEnvelope, sealEnvelopes } from './envelope.ts'
import { createNetwork, type Network } from './network.ts'
import { type Statement, slotOf, wordBytes } from './statements.ts'

/** An agreement that has words of its own, of three stages, and nothing else. */
const agreement = {
  ...exact,
  refuses: (statement: Statement) =>
    statement.kind === 'word' && statement.stage < 3 ? undefined : 'a word of another agreement',
}

function networkOf(peers: number, over: Partial<Network> = {}): Network {
  const quorums = Quorums.equal(peers, 0)
  const keys = modelledKeys(0)
  return { ...createNetwork({ genesis: digest('genesis'), quorums, keys, rule: '{}', agreement }), ...over }
}

const word = (stage: number, content: string): Statement => ({ kind: 'word', stage, content })

function opened(statements: readonly Statement[], network = networkOf(4)): unknown {
  const [envelope] = sealEnvelopes({ author: 0, round: 1, previous: digest('genesis'), statements }, network)
  const read = openEnvelope(envelope!.bytes, network)
  return typeof read === 'string' ? read : read.statements
}

it('words of an agreement of its own come out as they went in, with what else it says', () => {
  const said = [word(0, ''), word(1, 'abcd'), word(2, 'ff'.repeat(wordBytes))]
  expect(opened(said)).toEqual(said)
})

it('they are bounded, and of the stages that it has', () => {
  expect(opened([word(0, 'ff'.repeat(wordBytes + 1))])).toBe('a statement out of range: word')
  expect(opened([word(3, 'ab')])).toBe('a word of another agreement')
  expect(opened([word(0, 'ab')], networkOf(4, { agreement: exact }))).toBe('a word of another agreement')
})

it('an envelope has room for as many as are put into one', () => {
  for (const peers of [1, 4, 100]) {
    const network = networkOf(peers, { agreement: { ...agreement, refuses: () => undefined } })
    const said = Array.from({ length: 4 * peers + 8 }, (_, stage) => word(2 ** 31 + stage, 'ff'.repeat(wordBytes)))
    expect(opened(said, network)).toHaveLength(said.length)
  }
})

it('two in one slot contradict each other, and each stage has a slot', () => {
  const slots = [0, 1, 2].map((stage) => slotOf(word(stage, 'ab'), 4))
  expect(new Set(slots).size).toBe(3)
  expect(slotOf(word(1, 'cd'), 4)).toBe(slots[1])
})
