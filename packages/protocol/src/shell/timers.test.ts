import { expect, it } from 'vitest'
import { digest, networksOf, sealed } from '../testing/network.ts'
import type { Statement } from '../words/statements.ts'
import { Peer } from './peer.ts'

const networks = networksOf(4, 1)
const timing = { graceMs: 7, timeoutMs: 100, askMs: 3 }
const instance = 1

it('the two timers of a phase of agreement are longer by one timeout with each phase, the first of which has none', () => {
  const peer = new Peer({ network: networks[0]!, self: 0, initial: digest('model'), timing, memory: 'whole' })
  const hear = (author: number, ...statements: Statement[]) =>
    peer.handle([{ kind: 'envelope', envelope: sealed(networks, author, statements) }], 0)
  const estimate = (phase: number, value: 0 | 1): Statement => ({ kind: 'estimate', instance, phase, value })
  const auxiliary = (phase: number, values: 1 | 2): Statement => ({ kind: 'auxiliary', instance, phase, values })
  const phaseTimers: number[] = []
  const due = (timers: readonly { readonly id: number; readonly atMs: number }[]): void => {
    for (const { id, atMs } of timers) {
      phaseTimers.push(atMs)
      due(peer.handle([{ kind: 'timer', id }], 0).timers)
    }
  }
  peer.handle([{ kind: 'start' }], 0)
  for (const author of [1, 2, 3]) hear(author, { kind: 'ready', sender: instance, digest: digest('update') })
  for (let phase = 1; phase <= 4; phase++) {
    // Both bits are among the values, and each is said by one: a phase that ends undecided.
    for (const value of [1, 0] as const)
      for (const author of [1, 2, 3]) due(hear(author, estimate(phase, value)).timers)
    due(hear(1, auxiliary(phase, 1)).timers)
    due(hear(2, auxiliary(phase, 2)).timers)
  }
  expect(phaseTimers).toEqual([100, 100, 200, 200, 300, 300])
})
