import { expect, test } from 'vitest'
import type { Averaged } from '../../words/member.ts'
import { Mixing } from './mixing.ts'

const at = (epoch: number) => ({ model: `model ${epoch}`, epoch })

/** Of peer 0 of `peers`, of which f may lie. */
function mixing({ peers = 4, tolerated = 1, every = 2 } = {}) {
  const pulls: string[] = []
  const moves: (readonly Averaged[])[] = []
  const mixed = new Mixing({
    self: 0,
    every,
    enough: peers - tolerated,
    pull: (author, model) => pulls.push(`${author} ${model}`),
    mix: (others) => moves.push(others),
  })
  const says = (author: number, number: number, epoch: number, model = `of ${author}`): void => {
    mixed.announced(author, number, at(epoch))
    mixed.says(author, number, model)
  }
  return { mixed, pulls, moves, says }
}

test('when n − f have one it moves by how far the others are off what it had when they began', () => {
  const { mixed, pulls, moves, says } = mixing()
  mixed.beginRound(1, false)
  for (const author of [3, 1, 2]) says(author, 1, author)
  expect(pulls).toEqual([])
  mixed.beginRound(2, false)
  expect(pulls).toEqual(['3 of 3', '1 of 1', '2 of 2'])
  mixed.pulled(3, 'of 3', true)
  expect(moves).toEqual([])
  // What is unfit counts for nothing, nor what was not asked for.
  mixed.pulled(2, 'of 2', false)
  mixed.pulled(1, 'of 3', true)
  expect(moves).toEqual([])
  mixed.pulled(1, 'of 1', true)
  expect(moves).toEqual([
    [
      { peer: 1, digest: 'of 1', less: 'model 1' },
      { peer: 3, digest: 'of 3', less: 'model 3' },
    ],
  ])
  // Whoever comes after is too late, and does not move it again.
  mixed.beginRound(3, false)
  says(2, 2, 3)
  mixed.pulled(2, 'of 2', true)
  expect(moves).toHaveLength(1)
  mixed.moved(9)
  mixed.beginRound(4, false)
  expect(pulls).toHaveLength(3)
})

test('what was said of models from before it moved is not taken in again', () => {
  const { mixed, pulls, says } = mixing()
  mixed.beginRound(2, false)
  for (const author of [1, 2]) {
    says(author, 1, 5)
    mixed.pulled(author, `of ${author}`, true)
  }
  mixed.moved(7)
  mixed.beginRound(4, false)
  says(1, 2, 6)
  expect(pulls).toHaveLength(2)
  says(1, 3, 7)
  expect(pulls).toEqual(['1 of 1', '2 of 2', '1 of 1'])
})

test('of who announces again and again, or names what nobody has, one model is asked for in a round, and little is held', () => {
  const { mixed, pulls, says } = mixing()
  let lost = 0
  for (let round = 2; round < 20; round++) {
    lost += mixed.beginRound(round, false).length
    for (let number = 1; number <= 100; number++) says(3, 100 * round + number, round, `none ${round} ${number}`)
  }
  expect(pulls.length).toBeLessThanOrEqual(18)
  expect(lost).toBeGreaterThanOrEqual(pulls.length - 1)
  expect(mixed.named.length).toBeLessThanOrEqual(3)
  // It says another model of the same gradient: the first stands.
  mixed.announced(1, 1, at(19))
  mixed.says(1, 1, 'first')
  mixed.says(1, 1, 'second')
  mixed.says(2, 1, 'of no gradient')
  expect(pulls.slice(-1)).toEqual(['1 first'])
})

test('nobody is asked while the rule leads, nor where models are never taken in', () => {
  for (const every of [0, 2]) {
    const { mixed, pulls, says } = mixing({ every })
    mixed.beginRound(2, every > 0)
    for (const author of [1, 2, 3]) says(author, 1, 1)
    expect(pulls).toEqual([])
  }
})

/** Models of one parameter; the last f lie about theirs, to this peer as they like. Gives where the others end. */
function together(enough: number): number[] {
  const [peers, tolerated] = [7, 2]
  const honest = peers - tolerated
  let models = Array.from({ length: honest }, (_, peer) => peer)
  for (let turn = 0; turn < 5; turn++) {
    const before = models
    models = before.map((own, self) => {
      let next = own
      const { mixed, moves, says } = mixing({ peers, tolerated: peers - enough })
      for (let author = peers - 1; author >= 0; author--) if (author !== self) says(author, 1, 0)
      mixed.beginRound(2, false)
      // Liars are the first to be heard.
      for (let author = peers - 1; author >= 0; author--)
        if (author !== self) mixed.pulled(author, `of ${author}`, true)
      const offsets = [0, ...moves[0]!.map(({ peer }) => (peer < honest ? before[peer]! - own : 1000))]
      next += offsets.sort((a, b) => a - b)[(offsets.length - 1) >> 1]!
      return next
    })
  }
  return models
}

test('n − f models keep honest peers among themselves, whatever f of them are; one more than f of 2f + 1 would not', () => {
  const models = together(5)
  expect(Math.max(...models)).toBeLessThanOrEqual(4)
  expect(Math.max(...models) - Math.min(...models)).toBeLessThan(1)
  expect(Math.max(...together(3))).toBeGreaterThan(100)
})
