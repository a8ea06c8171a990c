import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { branches, type JsonSchema, keysAt, parameterPaths, scenarioJsonSchema } from './json-schema.ts'
import { exampleText } from './testing/scenario-fixture.ts'

const schema = scenarioJsonSchema()

test('every field has a description for editors to show', () => {
  const silent = [...parameterPaths(schema)].filter(
    // What a union is of says its description; `kind: iid` needs none of its own.
    ([, node]) => node.const === undefined && branches(node).every((branch) => branch.description === undefined),
  )
  expect(silent.map(([path]) => path)).toEqual([])
})

test('every map is closed but that of a module, so that editors mark what the program would refuse', () => {
  const open = (node: JsonSchema, path: string): string[] =>
    branches(node).flatMap((branch) => {
      const here = branch.properties && branch.additionalProperties !== false ? [path] : []
      const inner = Object.entries(branch.properties ?? {}).flatMap(([key, child]) => open(child, `${path}.${key}`))
      const items = branch.items && !Array.isArray(branch.items) ? open(branch.items, `${path}[]`) : []
      return [...here, ...inner, ...items]
    })
  expect(open(schema, '')).toEqual(['.task'])
})

test('sweeps and conditions complete dotted parameters', () => {
  expect(keysAt(schema, ['sweep'])).toEqual(expect.arrayContaining(['adversaries.count', 'task.dataset', 'label']))
  expect(keysAt(schema, ['expect', 0, 'where'])).toEqual(expect.arrayContaining(['aggregation.rule', 'malicious']))
})

test('what editors check with accepts the example and refuses a misspelt word in it', () => {
  const editor = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0])
  expect(editor.safeParse(parse(exampleText)).error?.issues ?? []).toEqual([])
  for (const word of ['dataset', 'adversaries.count', 'malicious', 'localSteps', 'check']) {
    const misspelt = exampleText.replace(`${word}:`, `${word}x:`)
    expect(misspelt).not.toBe(exampleText)
    expect(editor.safeParse(parse(misspelt)).success, word).toBe(false)
  }
})

test('the file that editors read is current: `node scripts/reference/write-scenario-schema.ts` writes it', () => {
  const file = new URL('../../../scenarios/scenario.schema.json', import.meta.url)
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(JSON.stringify(schema)))
})
