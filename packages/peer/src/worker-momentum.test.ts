import { expect, it } from 'vitest'
import type { Trainer, Training } from './ports.ts'
import { MomentumInMemory, withMomentum } from './worker-momentum.ts'

const steps: Trainer = { train: ({ round }, done) => done(new Float32Array([round, -8])) }

function training(round: number, signal = new AbortController().signal): Training {
  return { round, model: '', from: new Float32Array(2), signal }
}

function sent(trainer: Trainer, round: number, signal?: AbortSignal): number[] | undefined {
  let made: number[] | undefined
  trainer.train(
    training(round, signal),
    (update) => {
      made = [...(update as Float32Array)]
    },
    (error) => {
      throw error
    },
  )
  return made
}

it('is β of what was sent last and the rest of the update, from zero on, over rounds that were missed', () => {
  const trainer = withMomentum(steps, 0.5, new MomentumInMemory())
  expect(sent(trainer, 1)).toEqual([0.5, -4])
  expect(sent(trainer, 2)).toEqual([1.25, -6])
  expect(sent(trainer, 7)).toEqual([4.125, -7])
})

it('a round that is trained again gives the same again, also after a restart', () => {
  const memory = new MomentumInMemory()
  const trainer = withMomentum(steps, 0.5, memory)
  for (const round of [1, 2, 3]) sent(trainer, round)
  const again = sent(withMomentum(steps, 0.5, memory), 3)
  expect(again).toEqual([2.125, -7])
  expect(sent(trainer, 4)).toEqual([3.0625, -7.5])
})

it('what nobody wants any more is not kept', () => {
  const trainer = withMomentum(steps, 0.5, new MomentumInMemory())
  expect(sent(trainer, 1, AbortSignal.abort())).toBeUndefined()
  expect(sent(trainer, 2)).toEqual([1, -4])
})

it('fails of updates of rows, and is nothing at all with β 0', () => {
  const rows: Trainer = { train: (_, done) => done({ rows: new Uint32Array([1]), values: new Float32Array([1]) }) }
  expect(() => sent(withMomentum(rows, 0.5, new MomentumInMemory()), 1)).toThrow('update is of rows')
  expect(withMomentum(rows, undefined, new MomentumInMemory())).toBe(rows)
})
