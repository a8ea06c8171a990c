import { expect, test } from 'vitest'
import { z } from 'zod'
import { learningSchema, taskSchema } from './schema.ts'

test('everything has a default', () => {
  expect(taskSchema().parse({})).toEqual({ dataset: 'digits', model: 'mlp', partition: { kind: 'iid' } })
  expect(learningSchema.parse({})).toMatchObject({ localSteps: 20, batchSize: 32, momentum: 0.9, weightDecay: 0 })
})

test('defaults of layers are filled in', () => {
  const layers = [{ kind: 'conv2d', filters: 2, size: 3 }, { kind: 'flatten' }, { kind: 'dense', units: 10 }]
  const { model } = taskSchema().parse({ model: { name: 'own', inputShape: [28, 28, 1], layers } })
  expect(model).toMatchObject({
    layers: [{ stride: 1, padding: 'valid', activation: 'none' }, {}, { activation: 'none' }],
  })
})

test.each([
  ['task', taskSchema(), { modle: 'mlp' }],
  ['partition', taskSchema(), { partition: { kind: 'iid', alpha: 1 } }],
  ['partition', taskSchema(), { partition: { kind: 'dirichlet' } }],
  ['partition', taskSchema(), { partition: { kind: 'dirichlet', alpha: 0 } }],
  ['partition', taskSchema(), { partition: { kind: 'random' } }],
  ['model', taskSchema(), { model: 'resnet' }],
  [
    'model',
    taskSchema(),
    { model: { name: 'own', inputShape: [784], layers: [{ kind: 'dense', units: 10, act: 1 }] } },
  ],
  ['learning', learningSchema, { learningrate: 1 }],
  ['momentum', learningSchema, { momentum: 1 }],
  ['rate', learningSchema, { learningRate: 0 }],
  ['schedule', learningSchema, { schedule: { kind: 'step', every: 2 } }],
  ['steps', learningSchema, { localSteps: 0.5 }],
])('refuses a wrong %s', (_, schema, value) => {
  expect(schema.safeParse(value).success).toBe(false)
})

test('editors get a JSON Schema with a description for every key', () => {
  const told = [taskSchema(), learningSchema].map((schema) => z.toJSONSchema(schema, { io: 'input' }))
  for (const { properties } of told.flatMap((schema) => (schema.oneOf as typeof told) ?? [schema]))
    for (const [key, property] of Object.entries(properties!))
      expect((property as { description?: string }).description, key).toMatch(/\w/)
})
