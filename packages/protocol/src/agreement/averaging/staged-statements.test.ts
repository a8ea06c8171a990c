import { describe, expect, it } from 'vitest'
import { equivocation, verifyEvidence } from '../../chain/evidence.ts'
import { Quorums } from '../../roster/quorums.ts'
import { modelledKeys } from '../../testing/modelled-keys.ts'
import { digest } from '../../testing/network.ts'
import { openEnvelope, sealEnvelopes } from '../../words/envelope.ts'
import { createNetwork, type Network } from '../../words/network.ts'
import { asEchoed, type Statement } from '../../words/statements.ts'
import type { Envelope } from '../../words/words.ts'
import { exact } from '../exact/exact.ts'
import { averaging } from './averaging.ts'
import type { AveragingMethod } from './settings.ts'

function networkOf(method?: AveragingMethod, self = 1): Network {
  const quorums = Quorums.equal(10, 3)
  const agreement = method === undefined ? exact : averaging({ method, mode: 'asynchronous', heterogeneous: true })
  return createNetwork({ genesis: digest('genesis'), quorums, keys: modelledKeys(self), rule: '{}', agreement })
}

function seal(statements: readonly Statement[], round = 3, previous = digest('genesis')): Envelope[] {
  return sealEnvelopes({ author: 1, round, previous, statements }, networkOf('rb-tm'))
}

const open = (statements: readonly Statement[], network = networkOf('rb-tm'), round = 3): Envelope | string =>
  openEnvelope(seal(statements, round)[0]!.bytes, network)

const whole: readonly Statement[] = [
  { kind: 'init', stage: 0, digest: digest('update') },
  { kind: 'init', stage: 3, digest: digest('model') },
  { kind: 'echo', stage: 1, sender: 9, digest: digest('a') },
  { kind: 'ready', stage: 2, sender: 0, digest: digest('b') },
  { kind: 'ready', stage: 2, sender: 1, digest: asEchoed },
  { kind: 'witness', stage: 2, members: [0, 1, 3, 5, 7, 8, 9] },
]

describe('statements of averaging agreement', () => {
  it('come out as they went in', () => {
    expect(open(whole)).toMatchObject({ author: 1, round: 3, statements: whole })
  })

  it('are as many as a peer can say at once, within the limit of an envelope', () => {
    const many = Array.from(
      { length: 100 },
      (_, at): Statement => ({ kind: 'echo', stage: 3, sender: at % 10, digest: digest('x') }),
    )
    const envelopes = seal(many)
    expect(envelopes.flatMap(({ bytes }) => (openEnvelope(bytes, networkOf('rb-tm')) as Envelope).statements)).toEqual(
      many,
    )
  })

  it.each<readonly [string, Statement]>([
    ['a stage that the round has not', { kind: 'init', stage: 4, digest: digest('x') }],
    ['an echo of a stage that the round has not', { kind: 'echo', stage: 4, sender: 1, digest: digest('x') }],
    ['a sender beyond the roster', { kind: 'ready', stage: 1, sender: 10, digest: digest('x') }],
    ['a witness of a stage that the round has not', { kind: 'witness', stage: 4, members: [0, 1, 2, 3, 4, 5, 6] }],
    ['a witness of less than n−f', { kind: 'witness', stage: 1, members: [0, 1, 2, 3, 4, 5] }],
    ['a witness of peers beyond the roster', { kind: 'witness', stage: 1, members: [0, 1, 2, 3, 4, 5, 10] }],
    ['an echo without a digest', { kind: 'echo', stage: 1, sender: 1, digest: asEchoed }],
    ['a digest that is too short', { kind: 'init', stage: 1, digest: 'abcd' }],
    ['a vote of exact agreement', { kind: 'estimate', instance: 0, phase: 1, value: 1 }],
    ['a word of a third agreement', { kind: 'word', stage: 1, content: 'ab' }],
    ['an init of exact agreement', { kind: 'init', digest: digest('x') }],
  ])('are refused: %s', (_, statement) => {
    expect(open([statement])).toBeTypeOf('string')
    expect(open([...whole, statement])).toBeTypeOf('string')
  })

  it('are refused when they build on a checkpoint', () => {
    expect(openEnvelope(seal(whole, 3, digest('other'))[0]!.bytes, networkOf('rb-tm'))).toBeTypeOf('string')
  })

  it('are refused in a network that agrees exactly', () => {
    expect(open(whole, networkOf())).toBe('a word of another agreement')
  })

  it('have nothing but INIT where vectors are sent plainly', () => {
    for (const statement of whole)
      expect(typeof open([statement], networkOf('mda'))).toBe(statement.kind === 'init' ? 'object' : 'string')
  })

  it('are evidence when two of one stage contradict each other, and of two stages are not', () => {
    const network = networkOf('rb-tm')
    const say = (statement: Statement): Envelope => seal([statement])[0]!
    const proof = (a: Statement, b: Statement) => verifyEvidence(equivocation(say(a), say(b), network).bytes, network)
    const init = (stage: number, text: string): Statement => ({ kind: 'init', stage, digest: digest(text) })
    expect(proof(init(2, 'a'), init(2, 'b'))).toMatchObject({ kind: 'equivocation', culprits: [1] })
    expect(proof(init(2, 'a'), init(3, 'b'))).toBeTypeOf('string')
    const witness = (stage: number, members: number[]): Statement => ({ kind: 'witness', stage, members })
    expect(proof(witness(1, [0, 1, 2, 3, 4, 5, 6]), witness(1, [1, 2, 3, 4, 5, 6, 7]))).toMatchObject({ culprits: [1] })
    expect(proof(witness(1, [0, 1, 2, 3, 4, 5, 6]), init(1, 'a'))).toBeTypeOf('string')
  })
})
