import { expect, it } from 'vitest'
import { dialFailure } from './dial-failure.ts'

// As libp2p 3 and Node say it.
it.each([
  ['connection error 127.0.0.1:7999: connect ECONNREFUSED 127.0.0.1:7999', 'nobody-there'],
  ['connection error no.such.host:7105: getaddrinfo ENOTFOUND no.such.host', 'unknown-name'],
  ['connection error 10.0.0.1:1: connect EHOSTUNREACH 10.0.0.1:1', 'unreachable'],
  ['The operation was aborted due to timeout', 'no-answer'],
  ['Payload identity key 12D3KooWB2 does not match expected remote identity key 12D3KooWCS', 'wrong-identity'],
  ['Unexpected EOF - stream closed while reading 18/72 bytes', 'no-peer'],
  ['Missing newline', 'no-peer'],
  ['something that nobody knows', 'other'],
] as const)('%s', (message, why) => {
  expect(dialFailure(new Error(message)).why).toBe(why)
  // Of several addresses, and as a cause.
  expect(dialFailure(new AggregateError([new Error(message)], 'All multiaddr dials failed')).why).toBe(why)
  expect(dialFailure(new Error('dial failed', { cause: new Error(message) })).why).toBe(why)
})

it('says who answers in place of whom was dialled', () => {
  const message = 'Payload identity key 12D3KooWB2 does not match expected remote identity key 12D3KooWCS'
  expect(dialFailure(new Error(message)).what).toContain('12D3KooWB2')
})

it('is bounded, whatever an error says and however deep it is', () => {
  let deep = new Error('x'.repeat(100_000))
  for (let depth = 0; depth < 1000; depth++) deep = new AggregateError(Array(50).fill(deep), 'y'.repeat(10_000))
  expect(dialFailure(deep).what.length).toBeLessThanOrEqual(200)
  expect(dialFailure('no error at all')).toEqual({ why: 'other', what: 'no error at all' })
})
