import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'

interface Figures {
  readonly updates: number
  readonly received: Readonly<Record<string, number>>
  readonly envelopes: Readonly<Record<string, number>>
  readonly ratio: number
}

function measured(peers: number): Figures {
  const args = ['--peers', `${peers}`, '--rounds', '1', '--json']
  return JSON.parse(
    execFileSync(process.execPath, [join(import.meta.dirname, 'measure-bytes.ts'), ...args], { encoding: 'utf8' }),
  )
}

test('in a large network all but updates takes less than a tenth of them, and the parts are the whole', () => {
  const { updates, received, envelopes, ratio } = measured(31)
  expect(updates).toBe(30 * 400_000)
  const sum = (parts: Readonly<Record<string, number>>): number => Object.values(parts).reduce((a, b) => a + b, 0)
  expect((sum(received) - updates) / updates).toBeCloseTo(ratio, 4)
  expect(ratio).toBeLessThan(0.1)
  expect(Math.abs(sum(envelopes) - received.envelope!) / received.envelope!).toBeLessThan(0.02)
  // No digest twice: a READY is for what its author has echoed.
  expect(envelopes.ready!).toBeLessThan(envelopes.echo! / 4)
})
