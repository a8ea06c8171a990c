import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { contractionJsonSchema } from './scenario.ts'

test('the schema beside the scenarios is current: node scripts/reference/write-scenario-schema.ts writes it', () => {
  const file = new URL('../../../../scenarios/contraction.schema.json', import.meta.url)
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(JSON.stringify(contractionJsonSchema())))
})
