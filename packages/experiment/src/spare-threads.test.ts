import { availableParallelism } from 'node:os'
import { createAttack } from '@hearsay/adversary/updates'
import { afterAll, expect, test } from 'vitest'
import { SpareThreads } from './spare-threads.ts'

const threads = new SpareThreads()
afterAll(() => threads.stop())

test('one thread for the first workspace of long vectors, and the same is sent with it as without', () => {
  const length = 2 ** 17 + 5
  expect(threads.take(1000)).toEqual([])
  const honest = Array.from({ length: 5 }, (_, row) =>
    Float32Array.from({ length }, (_, i) => Math.sin((row + 1) * (i + 1)) * 1e-3),
  )
  const rule = { rule: 'trimmed-mean', tolerated: 2, before: ['nnm'] } as const
  const context = { own: honest[0]!, honest, n: 7, f: 2, rule, random: { uniform: () => 0.5 }, round: 1 }
  const attacker = createAttack('optimal-little-is-enough', { evaluations: 6 })
  let given = 0
  const take = (of: number) => {
    const taken = threads.take(of)
    given += taken.length
    return taken
  }
  const sent = attacker({ ...context, memory: new Map(), threads: take })
  expect(given).toBe(availableParallelism() > 1 ? 1 : 0)
  expect(Buffer.from(sent.buffer).equals(Buffer.from(attacker({ ...context, memory: new Map() }).buffer))).toBe(true)
  expect(threads.take(length)).toEqual([])
})
