import type { Holdings } from '@hearsay/training'
import { expect, test } from 'vitest'
import { drawHoldings, holdingsTable, renderHoldings } from './holdings.ts'
import { toPng } from './picture.ts'

const small: Holdings = {
  kind: 'classes',
  columns: ['cat', 'dog'],
  counts: [
    [10, 0],
    [3, 4_000],
  ],
  sizes: [10, 4_003],
}

/** So many classes and peers; of class c each peer has c samples. */
const large = (peers: number, classes: number): Holdings => ({
  kind: 'classes',
  columns: Array.from({ length: classes }, (_, index) => `class number ${index} with a long name`),
  counts: Array.from({ length: peers }, () => Array.from({ length: classes }, (_, index) => index)),
  sizes: Array.from({ length: peers }, () => (classes * (classes - 1)) / 2),
})

test('a table of who has what, and who lies', () => {
  const lines = renderHoldings(holdingsTable(small, new Set([1]))).split('\n')
  expect(lines).toEqual([
    '              cat   dog   all',
    'peer 0         10     0    10',
    'peer 1, lies    3  4000  4003',
  ])
})

test('the rarest of many classes are one column, and no sample is lost', () => {
  const { columns, rows, more } = holdingsTable(large(120, 40), new Set())
  expect([columns.length, columns.at(-1), rows.length, more]).toEqual([24, '17 others', 100, 20])
  for (const { counts, size } of rows) expect(counts.reduce((sum, count) => sum + count)).toBe(size)
  expect(new Set(columns).size).toBe(24)
  expect(renderHoldings({ columns, rows, more })).toMatch(/\nand 20 peers more$/)
})

test('the picture has every peer, class and count, and names that XML may not have', async () => {
  const { svg } = await drawHoldings({
    name: 'zoo',
    setting: '2 peers',
    holdings: { ...small, columns: ['<cat>', 'all'] },
    liars: new Set([1]),
  })
  const words = [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((match) => match[1]!)
  for (const word of ['zoo', 'peer 0', 'peer 1, lies', '&lt;cat&gt;', 'all (1)', 'all', '4000', '4003'])
    expect(words).toContain(word)
  expect(/NaN|Infinity|undefined/.exec(svg)?.[0]).toBeUndefined()
  expect(toPng(svg).length).toBeGreaterThan(5_000)
})

test('sizes alone are drawn too', async () => {
  const none: Holdings = { kind: 'none', columns: [], counts: [[], []], sizes: [5, 6] }
  expect(renderHoldings(holdingsTable(none, new Set()))).toContain('peer 1    6')
  expect((await drawHoldings({ name: 'x', setting: '', holdings: none, liars: new Set() })).svg).toContain('>6<')
})
