import { expect, it } from 'vitest'
import { Company } from './company.ts'

const others = ['a', 'b']
const company = () => new Company(others, { nowMs: 0, quietMs: 60_000, isEnough: (peers) => peers.length >= 2 })

/** When something is told of the peer, in seconds, until an hour is over. */
function toldAt(of: Company, peer: string, seconds = 3600): number[] {
  return Array.from({ length: seconds + 1 }, (_, second) => second).filter((second) =>
    of.due(second * 1000).some((told) => told.peer === peer),
  )
}

it('is told of who is absent at once, and then ever more rarely', () => {
  const one = company()
  one.onTrouble('a', 'nobody-there', 'nobody listens there')
  expect(one.due(0)).toEqual([{ peer: 'a', sinceMs: 0, why: 'nobody-there', what: 'nobody listens there' }])
  expect(toldAt(one, 'a')).toEqual([10, 30, 70, 150, 310, 630, 1270, 2550])
})

it('is told of who has no address when nobody has called for a while', () => {
  const one = company()
  expect(toldAt(one, 'b', 60)).toEqual([10, 20, 40])
  expect(one.due(80_000).map(({ why }) => why)).toEqual(['no-address', 'no-address'])
})

it('leaves time to hear of who has no address, while there are enough others', () => {
  const one = new Company(others, { nowMs: 0, quietMs: 60_000, isEnough: (peers) => peers.length >= 1 })
  one.onNeighbour('a', true, 0)
  expect(toldAt(one, 'b', 100)).toEqual([60, 70, 90])
  const alone = new Company(others, { nowMs: 0, quietMs: 60_000, isEnough: (peers) => peers.length >= 1 })
  expect(toldAt(alone, 'b', 30)).toEqual([10, 20])
})

it('is told of another reason at once, but not of two that take turns', () => {
  const one = company()
  one.onTrouble('a', 'nobody-there', 'nobody')
  expect(one.due(0)).toHaveLength(1)
  one.onTrouble('a', 'wrong-identity', 'another')
  expect(one.due(1000)).toMatchObject([{ why: 'wrong-identity', what: 'another' }])
  let told = 0
  for (let nowMs = 1001; nowMs < 60_000; nowMs++) {
    one.onTrouble('a', nowMs % 2 === 0 ? 'nobody-there' : 'no-answer', 'turns')
    told += one.due(nowMs).filter(({ peer }) => peer === 'a').length
  }
  expect(told).toBeLessThan(8)
})

it('keeps what a peer says of itself as the reason, whatever follows from it', () => {
  const one = company()
  one.onTrouble('a', 'network', 'its genesis differs in seed')
  one.onTrouble('a', 'no-gossip', 'nothing flows')
  expect(one.due(0)).toMatchObject([{ why: 'network', what: 'its genesis differs in seed' }])
})

it('waits neither for who is here, nor for who is heard through others', () => {
  const one = company()
  one.onNeighbour('a', true, 0)
  one.onHeard('b', 5000)
  one.onTrouble('a', 'nobody-there', 'nobody')
  one.onTrouble('b', 'nobody-there', 'nobody')
  expect(one.due(64_999)).toEqual([])
  expect(one.due(65_000).map(({ peer }) => peer)).toEqual(['b'])
  one.onNeighbour('a', false, 70_000)
  one.onTrouble('a', 'no-answer', 'silence')
  expect(one.due(70_000)).toEqual([{ peer: 'a', sinceMs: 70_000, why: 'no-answer', what: 'silence' }])
})

it('tells of a few strangers, each once an hour, however many names they have', () => {
  const one = company()
  const told = (nowMs: number): number =>
    Array.from({ length: 1000 }, (_, at) => one.isNewStranger(`stranger ${at}`, nowMs)).filter((is) => is).length
  expect(told(0)).toBe(16)
  expect(told(1000)).toBe(0)
  expect(told(3_600_001)).toBe(16)
})
