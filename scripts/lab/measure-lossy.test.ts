import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'

test('chunks that are sent once cost two delays where nothing is lost, and what is lacking about one round trip', () => {
  const words = '--peers 4 --rounds 2 --seeds 1 --rates 0,0.05 --json'.split(' ')
  const script = join(import.meta.dirname, 'measure-lossy.ts')
  const figures = JSON.parse(execFileSync(process.execPath, [script, ...words], { encoding: 'utf8' })) as {
    rate: number
    mode: string
    exchangeMs: number
    ended: number
  }[]
  expect(figures.map(({ rate, mode, ended }) => [rate, mode, ended])).toEqual([
    [0, 'until it arrives', 2],
    [0, 'once', 2],
    [0.05, 'until it arrives', 2],
    [0.05, 'once', 2],
  ])
  const [whole, once, , lossy] = figures.map(({ exchangeMs }) => exchangeMs) as [number, number, number, number]
  // Links take 40 to 60 ms. What is lost of an update is waited for 100 ms, of receipts and pulls sent again after 200 ms.
  expect(once - whole).toBeGreaterThan(80)
  expect(once - whole).toBeLessThan(180)
  expect(lossy - once).toBeLessThan(600)
}, 60_000)
