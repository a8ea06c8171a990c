import type { OperatorEvent } from '@hearsay/peer'
import { expect, it } from 'vitest'
import { describeEvent } from './peer-events.ts'

const nameOf = (peer: string): string | undefined => (peer === 'one' ? 'first' : undefined)
const sinceMs = 1000
const since = new Date(performance.timeOrigin + sinceMs).toISOString()

it.each<[OperatorEvent, object | undefined]>([
  [
    { kind: 'waiting', peer: 'one', sinceMs, why: 'nobody-there', what: 'nobody listens there' },
    { event: 'waiting', peer: 'one', name: 'first', why: 'nobody-there', what: 'nobody listens there', since },
  ],
  [
    { kind: 'stranger', peer: 'x' },
    { event: 'stranger', peer: 'x', what: expect.stringContaining('does not name it') },
  ],
  [
    { kind: 'overdue', round: 3, phase: 'checkpoints', missing: ['one', 'two'], sinceMs },
    { event: 'overdue', round: 3, phase: 'checkpoints', missing: ['first', 'two'], what: expect.any(String), since },
  ],
  [
    { kind: 'copy', by: 'one' },
    { event: 'copy', by: 'one', what: expect.stringMatching(/^first says .*stop one/) },
  ],
  [
    { kind: 'copies', peer: 'one' },
    { event: 'copies', peer: 'one', name: 'first', what: expect.any(String) },
  ],
  [
    { kind: 'output', output: { kind: 'differs', round: 2, aggregated: 'a', certified: 'b' }, nowMs: 0 },
    { event: 'differs', round: 2, aggregated: 'a', certified: 'b', what: expect.stringContaining('takes theirs') },
  ],
  [
    { kind: 'output', output: { kind: 'ended', round: 9 }, nowMs: 0 },
    { event: 'ended', round: 9 },
  ],
  [
    { kind: 'neighbour', peer: 'two', connected: false },
    { event: 'disconnected', peer: 'two' },
  ],
  [
    { kind: 'fault', peer: 'one', what: 'a lie' },
    { event: 'fault', peer: 'one', name: 'first', what: 'a lie' },
  ],
  [{ kind: 'held', round: 1, nowMs: 0 }, undefined],
])('%j', (event, told) => {
  expect(describeEvent(event, nameOf)).toEqual(told)
})
