import { expect, test } from 'vitest'
import { outcome, trials, variants } from '../../testing/quadratic.ts'

/** Share of honest gradients accepted and final norm, as they were computed when the filters were read for the first time. */
const table = {
  'no filter': [[1, 0.13], [1, 4.9], undefined, [1, 0.23]],
  literal: [
    [0.01, 8.4],
    [0.01, 15],
    [0.01, 45],
    [0.01, 13],
  ],
  'literal, greatest of 25, escape': [[0.4, 0.15], [0.31, 2.2], undefined, [0.31, 0.22]],
  'own models, latest': [
    [0.47, 0.17],
    [0.35, 0.19],
    [0.34, 0.19],
    [0.35, 0.23],
  ],
  'own models, greatest of 5': [
    [0.76, 0.15],
    [0.67, 0.18],
    [0.57, 0.63],
    [0.68, 0.21],
  ],
} as const

/**
 * Under attack shares of single seeds of `own models, latest` differ by .1 and more: the median of 31 is no matter of luck. One run
 * of a variant says much where hardly anything passes, or everything.
 */
const seeds: Record<keyof typeof table, number> = {
  'no filter': 1,
  literal: 3,
  'literal, greatest of 25, escape': 5,
  'own models, latest': 31,
  'own models, greatest of 5': 5,
}

/** The escape is told in words that leave open which of n refusals it follows. */
const tolerance = (name: string): number => (name.endsWith('escape') ? 0.08 : 0.05)

for (const [name, row] of Object.entries(table))
  test(`what passes, and where learning ends: ${name}`, () => {
    for (const [i, expected] of row.entries()) {
      const variant = variants[name as keyof typeof table]
      const { share, norm } = outcome(variant, trials[i]!, seeds[name as keyof typeof table], 'believed')
      if (expected === undefined) {
        // It diverges.
        expect(norm).toBeGreaterThan(1000)
        continue
      }
      const [shareThen, normThen] = expected
      expect(Math.abs(share - shareThen), `${trials[i]}: ${share}`).toBeLessThanOrEqual(tolerance(name))
      expect(norm / normThen, `${trials[i]}: ${norm}`).toBeGreaterThan(0.5)
      expect(norm / normThen, `${trials[i]}: ${norm}`).toBeLessThan(2)
    }
  })

test('where coefficients are recomputed liars cannot starve others, and let more through', () => {
  const variant = variants['own models, latest']
  for (const trial of ['gaussian x 20', 'reversed x 10'] as const) {
    const [believed, recomputed] = [outcome(variant, trial, 1, 'believed'), outcome(variant, trial, 1, 'recomputed')]
    expect(recomputed.share).toBeGreaterThan(believed.share + 0.1)
  }
})
