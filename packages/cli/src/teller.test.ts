import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import type { PeerEvent } from '@hearsay/peer'
import { expect, it } from 'vitest'
import { Teller } from './teller.ts'

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '')

it('says when something happened, in words and as JSON', () => {
  for (const json of [false, true]) {
    const stream = new PassThrough()
    new Teller(json, stream).tell({ kind: 'connected', other: 'somebody' })
    const line = String(stream.read())
    if (json) expect(JSON.parse(line)).toEqual({ at: expect.any(String), kind: 'connected', other: 'somebody' })
    else expect(line).toMatch(/^connected {4}\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z {2}other somebody\n$/)
  }
})

it('says what is in words last, without a name, peers by their names, and of many who count how many', () => {
  const stream = new PassThrough()
  const teller = new Teller(false, stream)
  teller.nameOf = (id) => (id === 'one' ? 'first' : undefined)
  const told = (event: PeerEvent): string => {
    teller.tell(event)
    return String(stream.read()).slice(39, -1)
  }
  expect(told({ kind: 'asking', message: 'it asks' })).toBe('it asks')
  expect(told({ kind: 'fault', other: 'one', name: 'first', message: 'a lie' })).toBe('other first  a lie')
  const members = [{ peer: 'one', digest: 'd' }]
  expect(told({ kind: 'agreed', round: 1, members })).toBe('round 1  members 1')
  const phase = { kind: 'overdue', round: 3, awaits: 'pace', missing: ['one', 'two'], since: 'then' } as const
  expect(told({ ...phase, missing: [...phase.missing], message: 'it waits' })).toBe(
    'round 3  awaits pace  missing first two  since then  it waits',
  )
  expect(told({ kind: 'evaluated', round: 1, measures: { accuracy: 0.5, loss: null } })).toBe(
    'round 1  measures accuracy 0.5 loss not finite',
  )
})

it('holds no more than a megabyte for a reader that hangs, and tells it how much it missed', async () => {
  const stream = new PassThrough({ highWaterMark: 1 })
  const teller = new Teller(true, stream)
  for (let told = 0; told < 3000; told++) teller.tell({ kind: 'warning', message: 'x'.repeat(1000) })
  expect(stream.writableLength).toBeLessThan(1024 * 1024 + 2000)
  let read = ''
  stream.setEncoding('utf8').on('data', (text: string) => {
    read += text
  })
  await once(stream, 'drain')
  teller.tell({ kind: 'ended', round: 1 })
  stream.end()
  await once(stream, 'end')
  const lines = linesOf(read).map((line) => JSON.parse(line))
  const [lost, last] = lines.slice(-2)
  expect(last).toMatchObject({ kind: 'ended' })
  expect(lost).toMatchObject({ kind: 'lost', lines: 3000 - (lines.length - 2) })
})

it('says nothing more, and throws nothing, when its reader went away', async () => {
  const stream = new PassThrough()
  const teller = new Teller(true, stream)
  const closed = new Promise((resolve) => stream.on('close', resolve))
  stream.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
  await closed
  for (let told = 0; told < 10; told++) teller.tell({ kind: 'round', round: told })
  expect(stream.read()).toBe(null)
})
