import { expect, test } from 'vitest'
import { type Announced, Inbox } from './inbox.ts'

const at = (epoch: number) => ({ model: `model ${epoch}`, epoch })

function inbox(most = 2) {
  const pulled: Announced[] = []
  const lanes = new Inbox(3, most, at(0), (announced) => pulled.push(announced))
  lanes.beginRound(1)
  return { lanes, pulled }
}

test('of who announces again and again two are pulled in a round, one after the other, and the newest waits', () => {
  const { lanes, pulled } = inbox()
  for (let number = 1; number <= 1000; number++) lanes.announce(1, number, `gradient ${number}`, at(0))
  expect(pulled.map(({ gradient }) => gradient)).toEqual(['gradient 1'])
  lanes.pulled(1, 'gradient 1')
  lanes.pulled(1, 'gradient 1000')
  lanes.announce(1, 1001, 'gradient 1001', at(0))
  expect(pulled.map(({ gradient }) => gradient)).toEqual(['gradient 1', 'gradient 1000'])
  // Others are not kept from being heard.
  lanes.announce(2, 1, 'another', at(0))
  expect(pulled).toHaveLength(3)
  lanes.beginRound(2)
  expect(pulled.at(-1)!.gradient).toBe('gradient 1001')
  expect(lanes.models.length).toBeLessThanOrEqual(3 * 3)
})

test('a gradient counts from the model that this peer had when its author announced the one before', () => {
  const { lanes, pulled } = inbox()
  lanes.announce(0, 1, 'a', at(3))
  lanes.pulled(0, 'a')
  lanes.announce(0, 2, 'b', at(7))
  lanes.announce(1, 1, 'own', at(7), at(6))
  expect(pulled.map(({ epoch }) => epoch)).toEqual([0, 3, 6])
})

test('what nobody serves is not waited for longer than the round after', () => {
  const { lanes, pulled } = inbox()
  lanes.announce(0, 1, 'lost', at(0))
  expect(lanes.beginRound(2)).toEqual([])
  lanes.announce(0, 2, 'there', at(0))
  expect(lanes.beginRound(3).map(({ gradient }) => gradient)).toEqual(['lost'])
  expect(pulled.at(-1)!.gradient).toBe('there')
  // It comes after all, and is nothing any more.
  expect(lanes.pulled(0, 'lost')).toBeUndefined()
})

test('what is not pulled is not taken for what is', () => {
  const { lanes } = inbox()
  lanes.announce(0, 1, 'a', at(0))
  expect(lanes.pulled(0, 'b')).toBeUndefined()
  expect(lanes.pulled(1, 'a')).toBeUndefined()
  expect(lanes.newest(9)).toBe(Number.POSITIVE_INFINITY)
})

test('who cannot have what it pulls pulls what is newest instead, and hears again', () => {
  const { lanes, pulled } = inbox()
  lanes.announce(0, 1, 'lost', at(0))
  expect(lanes.isHeldUp).toBe(false)
  while (lanes.hears(0)) lanes.announce(0, lanes.newest(0) + 1, 'newest', at(1))
  lanes.announce(1, 1, 'other', at(0))
  expect(lanes.isHeldUp).toBe(true)
  lanes.renew()
  expect(pulled.slice(-2).map(({ gradient }) => gradient)).toEqual(['newest', 'other'])
  expect([lanes.isHeldUp, lanes.hears(0)]).toEqual([false, true])
  expect(lanes.pulled(0, 'lost')).toBeUndefined()
})
