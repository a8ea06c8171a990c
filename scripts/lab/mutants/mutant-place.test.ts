import { expect, it } from 'vitest'
import { changed } from './mutant-place.ts'

it('finds a place however it is formatted, and changes nothing else', () => {
  const files = changed([
    { at: 'Quorums.echo', from: '((2) * weight) >   this.total /* all */\n + this.tolerated', to: 'true' },
  ])
  expect([...files.keys()].map((file) => file.split('/').at(-1))).toEqual(['quorums.ts'])
  const [text] = files.values()
  expect(text).toMatch(/echo\(weight: number\): boolean {\n {4}return \(true\)\n/)
  expect(text).toMatch(/certificate\(weight: number\): boolean {\n {4}return 2 \* weight > this\.total/)
})

it.each([
  ['one expression of several', 'Quorums.available', 'this.tolerated', '0', /this\.total - \(0\)/],
  ['an operand', 'Tally.count', '!this.add(peer)', 'false', /if \(\(false\)\) return false/],
  ['a statement', 'Tally.count', 'if (!this.add(peer)) return false', '', /boolean {\n {4};\n {4}this\.weight/],
  ['what stands alone', 'Tally.count', 'this.weight += quorums.weight(peer)', '', /false\n {4}void 0\n {4}return true/],
])('replaces %s', (_, at, from, to, what) => {
  expect([...changed([{ at, from, to }]).values()].join()).toMatch(what)
})

it.each([
  ['Quorums.nothing', 'true', /there is no Quorums\.nothing/],
  ['Quorums.echo', 'this.nothing', /in Quorums\.echo there is 0 times, not once: this\.nothing/],
  ['Tally.count', 'peer', /in Tally\.count there is 2 times, not once: peer/],
  ['Tally.count', 'if (', /neither an expression nor statements nor a property/],
])('says that in %s there is no one place of %s', (at, from, what) => {
  expect(() => changed([{ at, from, to: '' }])).toThrow(what)
})
