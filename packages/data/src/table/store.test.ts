import { expect, test } from 'vitest'
import { RowStore } from './store.ts'

test.each([3, 1 << 19, (1 << 20) + 1])(
  'rows of %i numbers are in the order in which they came, over many blocks',
  (width) => {
    const count = Math.ceil((5 << 19) / width)
    const store = new RowStore(width, 'a.csv')
    const row = new Float32Array(width)
    for (let index = 0; index < count; index++) {
      row.fill(index)
      row[width - 1] = -index
      store.push(row)
    }
    expect(store.count).toBe(count)
    let wrong = 0
    const rows: number[] = []
    const see = (block: Float32Array, from: number, index: number) => {
      rows.push(index)
      if (block[from] !== index || block[from + width - 1] !== -index) wrong++
    }
    store.each(see)
    store.drain(see)
    const all = Array.from({ length: count }, (_, index) => index)
    expect(wrong).toBe(0)
    expect(rows).toEqual([...all, ...all])
    expect(store.count).toBe(0)
  },
)
