import { digestOfVector } from '@hearsay/protocol'
import { describe, expect, it } from 'vitest'
import { digest } from './testing/digest.ts'
import { ModelStore, UpdateStore } from './update-store.ts'

function hold(store: UpdateStore, round: number, name: string) {
  const row = store.reserve(round)
  if (row !== undefined) store.commit(row, digest(name))
  return row
}

describe('rows for updates', () => {
  it('are given to others two rounds later, oldest first, and never sooner', () => {
    const store = new UpdateStore({ rows: 4, length: 8 })
    for (const [round, name] of [
      [1, 'a'],
      [1, 'b'],
      [2, 'c'],
      [3, 'd'],
    ] as const)
      hold(store, round, name)
    expect(hold(store, 2, 'too early')).toBeUndefined()
    for (const name of ['a', 'b', 'c', 'd']) expect(store.rowOf(digest(name))).toBeDefined()
    expect(hold(store, 3, 'e')).toBeDefined()
    expect(hold(store, 3, 'f')).toBeDefined()
    expect(hold(store, 3, 'g')).toBeUndefined()
    expect(['a', 'b', 'c', 'd', 'e', 'f'].filter((name) => store.rowOf(digest(name)) !== undefined)).toEqual([
      'c',
      'd',
      'e',
      'f',
    ])
    expect(hold(store, 4, 'h')).toBeDefined()
    expect(store.bytes(digest('c'))).toBeUndefined()
    expect(store.bytes(digest('d'))).toHaveLength(32)
  })

  it('that were given to others are neither filled nor released by who had them', () => {
    const store = new UpdateStore({ rows: 1, length: 8 })
    const late = store.reserve(1)!
    const row = store.reserve(3)!
    expect(row.index).toBe(late.index)
    expect(store.commit(late, digest('late'))).toBe(false)
    expect(store.rowOf(digest('late'))).toBeUndefined()
    store.release(late)
    expect(store.reserve(3)).toBeUndefined()
    expect(store.commit(row, digest('row'))).toBe(true)
    expect(store.rowOf(digest('row'))).toBe(row.index)
    store.release(row)
    expect(store.rowOf(digest('row'))).toBeUndefined()
    expect(store.reserve(3)).toBeDefined()
  })

  it('may hold one payload twice: the other stays when one goes', () => {
    const store = new UpdateStore({ rows: 2, length: 8 })
    const first = hold(store, 1, 'same')!
    const second = hold(store, 1, 'same')!
    store.release(first)
    expect(store.rowOf(digest('same'))).toBe(second.index)
  })

  it('are kept for the round in which they are needed again', () => {
    const store = new UpdateStore({ rows: 2, length: 8 })
    const { index } = hold(store, 1, 'again')!
    hold(store, 1, 'old')
    expect(store.renew(digest('again'), 3)).toBe(index)
    expect(store.renew(digest('again'), 2)).toBe(index)
    expect(store.renew(digest('other'), 3)).toBeUndefined()
    expect(hold(store, 3, 'new')).toBeDefined()
    expect(store.rowOf(digest('old'))).toBeUndefined()
    expect(store.rowOf(digest('again'))).toBe(index)
    expect(store.reserve(4)).toBeUndefined()
  })

  it('are copied, for whoever needs an update twice', () => {
    const store = new UpdateStore({ rows: 2, length: 3 })
    const row = hold(store, 1, 'twice')!
    store.workspace.vector(row.index).set([1, 2, 3])
    const copy = store.copy(row.index, 1)!
    expect(copy.index).not.toBe(row.index)
    expect(store.workspace.vector(copy.index)).toEqual(new Float32Array([1, 2, 3]))
    expect(store.copy(row.index, 1)).toBeUndefined()
    store.release(copy)
    expect(store.rowOf(digest('twice'))).toBe(row.index)
    expect(store.reserve(1)).toBeDefined()
  })
})

it('the newest few models are held, whatever is set again', () => {
  const store = new ModelStore(2)
  const models = [1, 2, 3].map((value) => new Float32Array([value]))
  const [a, b, c] = models.map(digestOfVector) as [string, string, string]
  store.set(a, models[0]!)
  store.set(b, models[1]!)
  store.set(a, models[0]!)
  store.set(c, models[2]!)
  expect(store.get(a)).toBe(models[0])
  expect(store.get(b)).toBeUndefined()
  expect(store.get(c)).toBe(models[2])
})
