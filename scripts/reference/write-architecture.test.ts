import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { rooms } from '../house/rooms.ts'
import { architecture, architectureFile } from './write-architecture.ts'

const picture = architecture()

test('the picture of the rooms is current: `node scripts/reference/write-architecture.ts` draws it', () => {
  expect(readFileSync(architectureFile, 'utf8')).toBe(picture)
})

test('it has every room, and an arrow from each that imports another', () => {
  const drawn = [...picture.matchAll(/class="room">([^<]+)</g)].map(([, room]) => room)
  const listed = Object.keys(rooms)
  expect(drawn.sort()).toEqual(listed.sort())
  expect(picture.match(/<line /g)!.length).toBeGreaterThanOrEqual(listed.length - 1)
})
