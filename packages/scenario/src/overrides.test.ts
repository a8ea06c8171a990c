import { expect, test } from 'vitest'
import { loadScenario } from './load.ts'
import { leastText } from './testing/scenario-fixture.ts'

test('a map of data is read from elsewhere, and the rest of it stays', () => {
  const dataOf = (text: string) =>
    loadScenario(leastText + text, { file: 'x.yaml', dataDir: '/new' }).cells[0]!.parameters.task.data
  const table = 'data: { kind: table, train: old.csv, label: y }'
  expect(dataOf(`task: { ${table} }\n`)).toMatchObject({ kind: 'table', train: '/new', label: 'y' })
  expect(dataOf(`sweep: { task: [{ ${table} }] }\n`)).toMatchObject({ train: '/new', label: 'y' })
  const files = 'train: { inputs: x.npy, labels: y.npy }'
  expect(dataOf(`task: { data: { kind: arrays, ${files}, scale: unit } }\n`)).toMatchObject({
    file: '/new',
    scale: 'unit',
  })
  expect(dataOf('task: { data: { kind: named, name: adult } }\n')).toMatchObject({ name: 'adult', folder: '/new' })
})
