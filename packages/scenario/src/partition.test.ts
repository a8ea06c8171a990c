import { expect, test } from 'vitest'
import { maliciousPeers } from './adversaries.ts'
import { partitionGroups } from './partition.ts'

const base = { bridge: 'adversaries', fromRound: 1, untilRound: 3 } as const
const liars = (count: number) => ({ peers: 10, adversaries: { count, behaviour: 'split-brain' } as const })

test('halves of the honest peers, with the liars in neither', () => {
  expect(partitionGroups({ ...base, groups: 'halves' }, liars(3))).toEqual([
    [0, 1, 2, 3],
    [4, 5, 6],
  ])
  expect(partitionGroups({ ...base, groups: 'halves' }, liars(4))).toEqual([
    [0, 1, 2],
    [3, 4, 5],
  ])
})

test('without a bridge everyone is divided', () => {
  const groups = partitionGroups({ ...base, bridge: 'none', groups: 'halves' }, liars(3))
  expect(groups.flat()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
})

test('groups by hand lose the liars when these are the bridge', () => {
  const groups = [
    [0, 9],
    [1, 2, 8],
  ]
  expect(partitionGroups({ ...base, groups }, liars(2))).toEqual([[0], [1, 2]])
})

test('the last peers lie, group after group', () => {
  const adversaries = [
    { count: 1, behaviour: 'silent' },
    { count: 0, behaviour: 'equivocate' },
    { count: 2, behaviour: 'sign-flip', scale: 10 },
  ] as const
  const malicious = maliciousPeers({ peers: 5, adversaries })
  expect([...malicious].map(([peer, group]) => [peer, group.behaviour])).toEqual([
    [2, 'silent'],
    [3, 'sign-flip'],
    [4, 'sign-flip'],
  ])
})
