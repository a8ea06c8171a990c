import { expect, test } from 'vitest'
import { CodedError } from './coded-error.ts'
import { checkMember, type Kind, type Member } from './kind.ts'
import { Registry } from './registry.ts'

interface Fruit extends Member {
  peel(): string
}

const fruitKind: Kind<'fruit'> = {
  word: 'fruit',
  nouns: ['fruit', 'fruits'],
  reserved: ['none'],
  functions: ['peel'],
  beside: ['count'],
  error: (code, message) => new CodedError(code, message),
}
const fruit = (name: string): Fruit => ({
  name,
  summary: 'sweet',
  options: { size: { kind: 'integer', summary: 'in mm', least: 1, default: 5 } },
  peel: () => name,
})
const [apple, pear] = [fruit('apple'), fruit('pear')]
const registry = () => new Registry<Fruit, 'fruit'>(fruitKind, { apple, pear })

test('what ships is there in its order, and what is added comes after it, once', () => {
  const fruits = registry()
  const fig = fruit('fig')
  fruits.add(fig)
  fruits.add(fig)
  expect([...fruits.keys()]).toEqual(['apple', 'pear', 'fig'])
  expect([...fruits.values()]).toEqual([apple, pear, fig])
  expect([fruits.size, fruits.get('fig'), fruits.has('plum')]).toEqual([3, fig, false])
  expect([apple, fig].map((each) => fruits.ships(each))).toEqual([true, false])
})

test('a name is looked up with its options, and the nearest one is suggested', () => {
  const fruits = registry()
  expect(fruits.resolve('pear', { size: 7 })).toEqual({ member: pear, options: { size: 7 } })
  expect(fruits.resolve('pear', {}).options).toEqual({ size: 5 })
  const unknown = (message: string) => expect.objectContaining({ code: 'unknown-fruit', message })
  expect(() => fruits.find('aple')).toThrow(unknown('Unknown fruit "aple"; did you mean "apple"?'))
  expect(() => fruits.find('car')).toThrow(unknown('Unknown fruit "car"; the fruits are apple, pear.'))
  expect(() => fruits.find(undefined)).toThrow(unknown('Unknown fruit "undefined"; the fruits are apple, pear.'))
  expect(() => fruits.resolve('pear', { siez: 1 })).toThrow('Fruit "pear" has no option "siez"; did you mean "size"?')
})

test('a name is there once, also among registries that share names', () => {
  const [fruits, others, third] = [registry(), new Registry(fruitKind, {}), new Registry(fruitKind, {})]
  const taken = expect.objectContaining({ code: 'bad-fruit', message: expect.stringContaining('"pear" already') })
  expect(() => fruits.add(fruit('pear'))).toThrow(taken)
  others.add(fruit('fig'))
  fruits.shareNames(others)
  others.shareNames(third)
  expect(() => third.add(fruit('pear'))).toThrow(taken)
  expect(() => fruits.add(fruit('fig'))).toThrow('There is a fruit "fig" already: give yours another name.')
  expect([...others.keys()]).toEqual(['fig'])
})

const { size } = apple.options
test.each([
  [null, 'it is not an object'],
  [fruit('Apple'), 'name must be lower-case words joined by hyphens'],
  [fruit('a'.repeat(65)), 'name must be lower-case'],
  [fruit('none'), '"none" means something else'],
  [{ ...apple, summary: 1 }, 'summary must be a text'],
  [{ ...apple, peel: undefined }, 'peel must be a function'],
  [{ ...apple, options: null }, 'options must be an object, {} for none'],
  [{ ...apple, options: { count: size } }, 'option "count": it may not be called so'],
  [{ ...apple, options: { 'a-b': size } }, 'option "a-b": it may not be called so'],
  [{ ...apple, options: { size: { ...size, kind: 'inch' } } }, 'option "size": kind must be'],
])('what is none is refused, %#', (given, message) => {
  expect(() => checkMember(fruitKind, given)).toThrow(
    expect.objectContaining({ code: 'bad-fruit', message: expect.stringContaining(`No fruit: ${message}`) }),
  )
})
