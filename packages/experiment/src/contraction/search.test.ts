import { describe, expect, test } from 'vitest'
import { allowed, ratioOf } from './exchange.ts'
import { type ContractionProtocol, contractionProtocols, type ProtocolName } from './protocols.ts'
import { searchWorst } from './search.ts'
import { ratioByKernels, surprises } from './verdict.ts'

const names = Object.keys(contractionProtocols) as ProtocolName[]

async function search(name: ProtocolName, n: number, f: number, seed = 1) {
  const protocol: ContractionProtocol = contractionProtocols[name]
  return { protocol, ...(await searchWorst({ protocol, n, f, dimension: 1, starts: 6, steps: 2_000, seed })) }
}

describe('the search for the worst round', () => {
  test.each(names)(
    '%s: attains the formula just above the bound (f = 1) and at it (f = 2), and no more',
    async (name) => {
      const { bound } = contractionProtocols[name]
      for (const f of [1, 2]) {
        const n = bound * f + 2 - f
        const { protocol, ratio, exchange } = await search(name, n, f)
        expect(ratio).toBeGreaterThan(protocol.ratio(n, f) - 0.02)
        expect(ratio).toBeLessThan(protocol.ratio(n, f) + 1e-9)
        expect(allowed(exchange, protocol.freedom(n, f), f)).toBe(true)
        expect(ratioOf(exchange, protocol, n, f)).toBe(ratio)
      }
    },
  )

  test('the same seed finds the same', async () => {
    expect(await search('mda-asynchronous', 7, 1, 5)).toEqual(await search('mda-asynchronous', 7, 1, 5))
    const { exchange } = await search('mda-asynchronous', 7, 1, 6)
    expect((await search('mda-asynchronous', 7, 1, 5)).exchange).not.toEqual(exchange)
  })

  test('kernels average what was found to the same', async () => {
    const { ratio, exchange } = await search('mda-asynchronous', 7, 1)
    expect(ratioByKernels(exchange, 'mda-asynchronous', 7, 1)).toBeCloseTo(ratio, 3)
  })
})

describe('what liars may arrange', () => {
  const point = [0]
  const exchange = {
    honest: [point, [1], point],
    liars: [[point], [[1]]] as const,
    unheard: [[], []] as const,
  }

  test('who cannot equivocate tells both the same', () => {
    expect(allowed(exchange, { equivocation: true, unheard: 'none' }, 1)).toBe(true)
    expect(allowed(exchange, { equivocation: false, unheard: 'none' }, 1)).toBe(false)
  })

  test('everybody hears itself, and n − f', () => {
    const missing = (a: number[], b: number[]) => ({ ...exchange, unheard: [a, b] as const })
    expect(allowed(missing([1], [0]), { equivocation: true, unheard: 'any' }, 1)).toBe(true)
    expect(allowed(missing([0], [0]), { equivocation: true, unheard: 'any' }, 1)).toBe(false)
    expect(allowed(missing([1, 2], [0]), { equivocation: true, unheard: 'any' }, 1)).toBe(false)
    expect(allowed(missing([1], []), { equivocation: true, unheard: 'any' }, 1)).toBe(false)
    expect(allowed(missing([1], []), { equivocation: true, unheard: 'none' }, 1)).toBe(false)
  })

  test('with witnesses any two share n − f', () => {
    const missing = (a: number[], b: number[]) => ({ ...exchange, unheard: [a, b] as const })
    expect(allowed(missing([2], [2]), { equivocation: true, unheard: 'witnessed' }, 1)).toBe(true)
    expect(allowed(missing([2], [3]), { equivocation: true, unheard: 'witnessed' }, 1)).toBe(false)
  })
})

describe('surprises', () => {
  const cell = {
    protocol: 'mda-asynchronous' as const,
    n: 7,
    f: 1,
    found: 0.8,
    formula: 0.8,
    byKernels: 0.8,
    dimension: 1,
    exchange: { honest: [], liars: [[], []], unheard: [[], []] } as const,
    shrinks: true,
  }

  test('none when all is as the formulas say', () => expect(surprises([cell])).toEqual([]))

  test('more or less than a formula, no shrinking where there should be, other kernels', () => {
    expect(surprises([{ ...cell, found: 0.81, byKernels: 0.81 }])).toEqual([expect.stringContaining('more than')])
    expect(surprises([{ ...cell, found: 0.7, byKernels: 0.7 }])).toEqual([expect.stringContaining('no more than')])
    expect(surprises([{ ...cell, byKernels: 0.7 }])).toEqual([expect.stringContaining('kernels')])
    expect(surprises([{ ...cell, n: 6, shrinks: false, formula: 1 }])).toEqual([
      expect.stringContaining('should not draw together'),
    ])
  })
})
