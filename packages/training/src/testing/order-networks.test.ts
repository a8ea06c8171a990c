import { expect, test } from 'vitest'
import { loadEngine } from '../engines/engine.ts'
import { digitsDataset } from '../pictures/datasets/digits.ts'
import { type Figures, studied, wrongPairs } from './order-networks.ts'

test('pairs in another order are counted, of accuracies the other way round', () => {
  const figures = (drawn: number, b3: number, accuracy: number) => ({ drawn, b3, accuracy }) as Figures
  const networks = [figures(1, 5, 0.9), figures(2, 4, 0.8), figures(3, 6, 0.85)]
  expect(wrongPairs(networks, 'b3')).toBeCloseTo(1 / 3, 12)
  expect(wrongPairs(networks, 'accuracy')).toBeCloseTo(1 / 3, 12)
  expect(wrongPairs(networks, 'drawn')).toBe(0)
})

test('where learning is asked for little variance, crashes move outputs less, and both bounds say so', async () => {
  const study = { engine: await loadEngine('wasm'), data: digitsDataset(400, 40), steps: 60 }
  const crashes = { crash: 0.05, inputs: 10, draws: 200 }
  const [plain, calm] = [undefined, 0.03].map((crashVariance) =>
    studied({ ...study, ...crashes }, { seed: 1, ...(crashVariance !== undefined && { crashVariance }) }),
  )
  for (const figure of ['drawn', 'b3', 'b4'] as const) expect(calm![figure]).toBeLessThan(0.8 * plain![figure])
  expect(plain!.b4 / plain!.drawn).toBeGreaterThan(0.7)
  expect(plain!.b4 / plain!.drawn).toBeLessThan(1.4)
  expect(studied({ ...study, ...crashes }, { seed: 1 })).toEqual(plain)
}, 120_000)
