import { lineSchema, type OperatorEvent } from '@hearsay/peer'
import { expect, it } from 'vitest'
import { describeEvent } from './peer-events.ts'

const nameOf = (peer: string): string | undefined => (peer === 'one' ? 'first' : undefined)
const sinceMs = 1000
const since = new Date(performance.timeOrigin + sinceMs).toISOString()

it.each<[OperatorEvent, object | undefined]>([
  [
    { kind: 'waiting', peer: 'one', sinceMs, why: 'nobody-there', what: 'nobody listens there' },
    { kind: 'waiting', other: 'one', name: 'first', why: 'nobody-there', message: 'nobody listens there', since },
  ],
  [
    { kind: 'stranger', peer: 'x' },
    { kind: 'stranger', other: 'x', message: expect.stringContaining('does not name it') },
  ],
  [
    { kind: 'overdue', round: 3, awaits: 'checkpoints', missing: ['one', 'two'], sinceMs },
    { kind: 'overdue', round: 3, awaits: 'checkpoints', missing: ['one', 'two'], message: expect.any(String), since },
  ],
  [
    { kind: 'copy', by: 'one' },
    { kind: 'copy', other: 'one', name: 'first', message: expect.stringMatching(/^first says .*stop one/) },
  ],
  [
    { kind: 'copies', peer: 'one' },
    { kind: 'copies', other: 'one', name: 'first', message: expect.any(String) },
  ],
  [
    { kind: 'output', output: { kind: 'differs', round: 2, aggregated: 'a', certified: 'b' }, nowMs: 0 },
    { kind: 'differs', round: 2, aggregated: 'a', certified: 'b', message: expect.stringContaining('takes theirs') },
  ],
  [
    { kind: 'output', output: { kind: 'ended', round: 9 }, nowMs: 0 },
    { kind: 'ended', round: 9 },
  ],
  [
    { kind: 'neighbour', peer: 'two', connected: false },
    { kind: 'disconnected', other: 'two' },
  ],
  [
    { kind: 'fault', peer: 'one', what: 'a lie' },
    { kind: 'fault', other: 'one', name: 'first', message: 'a lie' },
  ],
  [
    { kind: 'unwritten', file: 'addresses', error: new Error('ENOSPC') },
    { kind: 'unwritten', file: 'addresses', message: 'ENOSPC' },
  ],
  [{ kind: 'held', round: 1, nowMs: 0 }, undefined],
])('%j', (event, told) => {
  const found = describeEvent(event, ['one', 'two'], nameOf)
  expect(found).toEqual(told)
  if (found !== undefined) lineSchema.parse({ at: since, ...found })
})
