import type { OperatorEvent, PeerEvent } from '@hearsay/peer'
import { type SteadyTraining, TrainingError } from '@hearsay/training'
import { expect, test, vi } from 'vitest'
import { ProgressOfLearning } from './progress-of-learning.ts'

/** What is told of the model of round 1, once round 2 begins. */
async function toldOf(evaluate: SteadyTraining['evaluate']): Promise<PeerEvent[]> {
  const told: PeerEvent[] = []
  const asked = vi.fn(evaluate)
  const progress = new ProgressOfLearning({ evaluate: asked }, (each) => told.push(each))
  progress.modelOf = (digest) => (digest === 'model' ? Float32Array.of(1) : undefined)
  const outputs = [
    { kind: 'round-ended', round: 1, model: 'model' },
    { kind: 'round', round: 2 },
  ]
  for (const output of outputs) progress.onEvent({ kind: 'output', output } as unknown as OperatorEvent)
  expect(asked).toHaveBeenCalledOnce()
  await Promise.allSettled(asked.mock.results.map(({ value }) => value as Promise<unknown>))
  return told
}

test('a peer tells every measure of its task that there is, whatever they are called', async () => {
  expect(await toldOf(async () => ({ error: 0.123456789, ranks: Number.POSITIVE_INFINITY, attack: null }))).toEqual([
    { kind: 'evaluated', round: 1, measures: { error: 0.123457, ranks: null } },
  ])
})

test('an evaluation that fails is told, but not the end of the peer', async () => {
  const failing = (code: 'deadline' | 'closed') => () =>
    Promise.reject(new TrainingError(code, 'training took longer than 5 s'))
  expect(await toldOf(failing('deadline'))).toEqual([
    { kind: 'unevaluated', round: 1, message: 'training took longer than 5 s' },
  ])
  expect(await toldOf(failing('closed'))).toEqual([])
})
