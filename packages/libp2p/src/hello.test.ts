import { expect, it } from 'vitest'
import { decodeHello, encodeHello, type Hello, strangeness } from './hello.ts'
import { fuzzGreetings } from './testing/fuzz-greetings.ts'

const hello: Hello = {
  version: '0.1.0',
  wire: 1,
  network: 'a'.repeat(64),
  fields: { seed: '0'.repeat(16), peers: '1'.repeat(16), 'agreement.roundMs': '2'.repeat(16) },
  instance: '3'.repeat(16),
  seen: [],
}
const text = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))

it('is read as it was said', () => {
  expect(decodeHello(encodeHello(hello))).toEqual(hello)
})

it.each([
  ['no JSON', new TextEncoder().encode('{')],
  ['no UTF-8', new Uint8Array([0xff, 0xfe])],
  ['nothing', new Uint8Array(0)],
  ['too long', text({ ...hello, version: 'x'.repeat(5000) })],
  ['deeply nested', new TextEncoder().encode('['.repeat(4000))],
  [
    'too many fields',
    text({ ...hello, fields: Object.fromEntries(Array.from({ length: 41 }, (_, i) => [`f${i}`, '0'.repeat(16)])) }),
  ],
  ['a name that steers a terminal', text({ ...hello, fields: { '\u001b[2J': '0'.repeat(16) } })],
  ['a version that steers a terminal', text({ ...hello, version: '\u001b[2J' })],
  ['too many copies', text({ ...hello, seen: Array(5).fill('4'.repeat(16)) })],
  ['something else', text({ ...hello, more: 1 })],
  ['a list', text([])],
])('that is wrong is none: %s', (_, bytes) => {
  expect(decodeHello(bytes)).toBeUndefined()
})

it('tells another version before another network, and in which fields that differs', () => {
  expect(strangeness(hello, hello)).toBeUndefined()
  const other = { ...hello, network: 'b'.repeat(64), fields: { ...hello.fields, seed: '9'.repeat(16) } }
  expect(strangeness(hello, other)).toMatchObject({ why: 'network', what: expect.stringMatching(/differs in seed$/) })
  const rounds = { ...other, fields: { ...other.fields, rounds: '3'.repeat(16) } }
  expect(strangeness(hello, rounds)?.what).toMatch(/differs in rounds, seed$/)
  expect(strangeness(rounds, hello)?.what).toMatch(/differs in rounds, seed$/)
  expect(strangeness(hello, { ...other, wire: 2, version: '9.0.0' })).toMatchObject({
    why: 'version',
    what: expect.stringContaining('9.0.0'),
  })
})

it('and a record of addresses are read without a throw, whatever they are', () => {
  const { hello: hellos, record } = fuzzGreetings({ inputs: 10_000, seed: 3 })
  for (const { inputs, taken } of [hellos, record]) {
    expect(taken).toBeGreaterThan(100)
    expect(taken).toBeLessThan(inputs)
  }
})
