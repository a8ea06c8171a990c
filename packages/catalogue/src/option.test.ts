import { expect, test } from 'vitest'
import { z } from 'zod'
import { CodedError } from './coded-error.ts'
import { type Kind, optionsOf } from './kind.ts'
import { describeOption, descriptorFault, type OptionDescriptor } from './option.ts'
import { memberSchemas, optionSchemas } from './schema.ts'

const summary = 'x'
const peer: OptionDescriptor = { kind: 'integer', summary, least: 0, most: 9 }
const pair: OptionDescriptor = { kind: 'list', summary, of: peer, least: 2, most: 2 }

/** An option, what it is in words, and what fits it and does not. */
const cases: [OptionDescriptor, words: string, good: unknown[], bad: unknown[]][] = [
  [{ kind: 'choice', summary, values: ['a', 'b'], default: 'b' }, 'a or b', ['a', 'b'], ['c', '', 1, null]],
  [{ kind: 'boolean', summary, default: false }, 'true or false', [true, false], ['true', 0]],
  [{ kind: 'integer', summary, least: 1, most: 3 }, 'an integer from 1 to 3', [1, 3], [0, 4, 1.5, '1', Number.NaN]],
  [{ kind: 'number', summary, above: 0, below: 1 }, 'a number above 0 to below 1', [0.5], [0, 1, '0.5']],
  [{ kind: 'number', summary }, 'a number', [-1e300, 0.1], [Number.POSITIVE_INFINITY, '', []]],
  [{ kind: 'text', summary, least: 1, most: 3 }, 'a text of 1 to 3 characters', ['a', 'abc'], ['', 'abcd', 1]],
  [
    { kind: 'list', summary, of: pair, least: 1, most: 2 },
    'a list of 1 to 2, each a list of 2, each an integer from 0 to 9',
    [
      [[0, 1]],
      [
        [0, 1],
        [9, 9],
      ],
    ],
    [
      [],
      [[0]],
      [[0, 1, 2]],
      [[0, 10]],
      'x',
      [
        [0, 1],
        [0, 1],
        [0, 1],
      ],
    ],
  ],
]

const thingKind: Kind<'thing'> = {
  word: 'thing',
  nouns: ['thing', 'things'],
  functions: [],
  beside: [],
  error: (code, message) => new CodedError(code, message),
}

test.each(cases)('%o is what it says, for the program and for files alike', (option, words, good, bad) => {
  expect(describeOption(option)).toBe(words)
  expect(descriptorFault(option)).toBeUndefined()
  const schema = z.strictObject(optionSchemas('thing', { it: option }))
  const member = { name: 'thing', options: { it: option } }
  for (const it of good) {
    expect(optionsOf(thingKind, member, { it })).toEqual({ it })
    expect(schema.parse({ it })).toEqual({ it })
  }
  for (const it of bad) {
    expect(() => optionsOf(thingKind, member, { it })).toThrow(`Thing "thing": it must be ${words}, not `)
    expect(schema.safeParse({ it }).success).toBe(false)
  }
})

test('what has neither default nor is optional must be given', () => {
  const of = (it: OptionDescriptor) => ({ name: 'thing', options: { it } })
  const schema = (it: OptionDescriptor) => z.strictObject(optionSchemas('thing', { it }))
  expect(() => optionsOf(thingKind, of(peer), {})).toThrow('it must be an integer from 0 to 9, it is missing.')
  expect(schema(peer).safeParse({}).success).toBe(false)
  expect(optionsOf(thingKind, of({ ...peer, optional: true }), {})).toEqual({})
  expect(schema({ ...peer, optional: true }).parse({})).toEqual({})
  const choice: OptionDescriptor = { kind: 'choice', summary, values: ['a', 'b'], optional: true }
  expect(descriptorFault(choice)).toBeUndefined()
  expect(optionsOf(thingKind, of(choice), {})).toEqual({})
  expect(schema(choice).parse({})).toEqual({})
  expect(optionsOf(thingKind, of({ kind: 'boolean', summary, default: true }), {})).toEqual({ it: true })
  expect(schema({ kind: 'boolean', summary, default: true }).parse({})).toEqual({ it: true })
})

test.each([
  [null, 'summary must be a text'],
  [{ kind: 'choice', summary, values: [], default: 'x' }, 'values must be texts'],
  [{ kind: 'choice', summary, values: ['x'], default: 'y' }, 'default one of them'],
  [{ kind: 'choice', summary, values: ['x'] }, 'default one of them'],
  [{ kind: 'boolean', summary }, 'default must be true or false'],
  [{ kind: 'text', summary }, 'least and most must be numbers'],
  [{ kind: 'list', summary, of: { kind: 'x', summary }, least: 1, most: 1 }, 'of: kind must be'],
  [{ kind: 'list', summary, of: peer }, 'least and most must be numbers'],
  [{ kind: 'number', summary, least: '0' }, 'must be numbers'],
])('a descriptor that is none is told, %#', (given, message) => {
  expect(descriptorFault(given)).toContain(message)
})

test('a member is chosen by its name, with fields around its options', () => {
  const members = ['one', 'two'].map((name) => ({ name, summary: `the ${name}`, options: { [name]: peer } }))
  const schema = z.discriminatedUnion(
    'which',
    memberSchemas(members, 'which', ({ name }) => ({ leading: { count: z.int() }, description: `${name}!` })),
  )
  const given = { count: 1, which: 'two', two: 3 }
  expect(Object.entries(schema.parse({ two: 3, which: 'two', count: 1 }))).toEqual(Object.entries(given))
  expect(schema.safeParse({ ...given, one: 1 }).success).toBe(false)
  expect(JSON.stringify(z.toJSONSchema(schema))).toContain('"description":"two!"')
})
