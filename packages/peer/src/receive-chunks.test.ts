import { describe, expect, test } from 'vitest'
import { encodePresent } from './exchange/chunked-payload.ts'
import { ChunkedVectors } from './exchange/chunked-vectors.ts'
import type { Receiving } from './ports.ts'
import { ChunkReceiver } from './receive-chunks.ts'

const length = 20
const chunks = 5
const make = () =>
  new ChunkedVectors({
    rule: { rule: 'median', tolerated: 0 },
    holes: { fill: 'skip', size: length / chunks },
    initial: new Float32Array(length),
  })

/** A receiver of what author 3 offers, whose answers take so long, one after the other; gives what it says that it holds, and in which order it asked. */
function receiving({ takesMs, waitMs }: { takesMs: number; waitMs: number }) {
  const [author, vectors] = [make(), make()]
  let nowMs = 0
  let due: { atMs: number; run: () => void }[] = []
  const clock = {
    nowMs: () => nowMs,
    after: (delayMs: number, run: () => void) => {
      const mine = { atMs: nowMs + delayMs, run }
      due.push(mine)
      return () => {
        due = due.filter((each) => each !== mine)
      }
    },
  }
  const orders: number[][] = []
  const receive = ({ wanted, signal, arrived }: Receiving): void => {
    orders.push(wanted.map(({ chunk }) => chunk))
    for (const [at, each] of wanted.entries())
      clock.after(takesMs * (at + 1), () => {
        if (!signal.aborted) arrived(each, author.payload(each.name)!)
      })
  }
  const receiver = new ChunkReceiver({ vectors, carrier: { receive }, clock })
  const round = (number: number, signal = new AbortController().signal): string | undefined => {
    const update = Float32Array.from({ length }, (_, i) => i + 100 * number)
    const list = author.hold(number, update)
    let held: string | undefined
    const work = { id: number, kind: 'receive', round: number, member: { peer: 3, digest: list }, waitMs } as const
    const listed = receiver.receive(work, signal, (bits) => {
      held = bits
    })
    const room = vectors.reserve(number, 'offer', list)
    room.into!.set(author.payload(list)!)
    room.commit()
    listed()
    while (due.length > 0) {
      const [next] = due.toSorted((a, b) => a.atMs - b.atMs)
      due = due.filter((each) => each !== next)
      nowMs = Math.max(nowMs, next!.atMs)
      next!.run()
    }
    return held
  }
  return { round, orders, vectors, author }
}

const count = (held: string | undefined): number =>
  [...Buffer.from(held ?? '', 'hex')].reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0)

describe('a receiver', () => {
  test('says that it holds all as soon as all is there', () => {
    const { round } = receiving({ takesMs: 1, waitMs: 1000 })
    expect(round(1)).toBe(encodePresent(new Uint8Array(chunks).fill(1)))
  })

  test('to which all comes later than it waits holds nothing at first, waits for longer, and in the end holds what it takes', () => {
    const { round } = receiving({ takesMs: 300, waitMs: 100 })
    const held = Array.from({ length: 6 }, (_, at) => count(round(at + 1)))
    expect(held.slice(0, 2)).toEqual([0, 0])
    expect(Math.min(...held.slice(2))).toBeGreaterThan(0)
  })

  test('asks from another chunk on each round, so that what there is no time for is not the same for ever', () => {
    const { round, orders } = receiving({ takesMs: 1, waitMs: 100 })
    for (let number = 1; number <= 20; number++) round(number)
    expect(orders.every((order) => new Set(order).size === chunks)).toBe(true)
    expect(new Set(orders.map(([first]) => first)).size).toBe(chunks)
  })

  test('whose round is over says nothing', () => {
    const { round } = receiving({ takesMs: 1, waitMs: 100 })
    expect(round(1, AbortSignal.abort())).toBeUndefined()
  })
})
