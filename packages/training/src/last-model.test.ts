import { expect, test } from 'vitest'
import { LastModel } from './last-model.ts'
import type { Request } from './messages.ts'

const train = (id: number, model: Float32Array): Request => ({
  id,
  kind: 'train',
  taskId: 1,
  peer: id,
  round: 1,
  model,
})

test('a model travels once, until another does', () => {
  const [here, there] = [new LastModel(), new LastModel()]
  const model = Float32Array.of(1, -0, Number.NaN)
  const travels = (request: Request): boolean => {
    const sent = structuredClone(here.without(request))
    expect(there.with(sent)).toEqual(request)
    return 'model' in sent
  }
  expect(travels(train(1, model))).toBe(true)
  expect(travels(train(2, model.slice()))).toBe(false)
  expect(travels({ id: 3, kind: 'close', taskId: 7 })).toBe(false)
  expect(travels({ id: 4, kind: 'evaluate', taskId: 1, model, poisons: [] })).toBe(false)
  expect(travels(train(5, Float32Array.of(1, 0, Number.NaN)))).toBe(true)
  expect(travels(train(6, Float32Array.of(1, 0)))).toBe(true)
  model[0] = 2
  expect(travels(train(7, model))).toBe(true)
  expect(travels({ id: 8, kind: 'outputs', taskId: 1, model, inputs: new Float32Array(1) })).toBe(false)
  model[0] = 3
  expect(travels(train(9, model))).toBe(true)
})
