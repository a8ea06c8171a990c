/** Attacks on items: by hand where the formula is closed, and against a mean of honest rows. */
import { describe, expect, test } from 'vitest'
import type { AttackContext, KnownItems } from './attack.ts'
import type { AttackName } from './attack-names.ts'
import { attacks, createAttack } from './attacks.ts'
import { contextOf } from './testing/context.ts'
import { inner } from './vectors.ts'

const ofItems = [...attacks.values()].filter((attack) => attack.ofItems).map(({ name }) => name as AttackName)

/** Rows of two factors; the target is the first item, and own is what the liar trained. */
function contextWith(
  rows: readonly (readonly number[])[],
  own: readonly (readonly number[])[],
  rest: Partial<AttackContext> & { readonly liked?: KnownItems['liked']; readonly draws?: number[] } = {},
): AttackContext {
  const { liked = [], draws, ...more } = rest
  const model = Float32Array.from(rows.flat())
  const items = { width: rows[0]!.length, factors: 2, model, targets: [0], liked }
  const random = { uniform: () => draws?.shift() ?? 0.5 }
  return contextOf([Float32Array.from(own.flat())], 1, { honest: [], items, random, ...more })
}

const rowsOf = (sent: Float32Array, width = 2): number[][] =>
  Array.from({ length: sent.length / width }, (_, row) => [...sent.subarray(row * width, (row + 1) * width)])

/** As if the model had moved from zeros for two rounds, most the second item. */
function seenBy(attack: ReturnType<typeof createAttack>, rows: readonly (readonly number[])[], own: number[][]) {
  const memory = new Map()
  const still = rows.map((row, item) => row.map((value) => (item === 0 ? value : 0)))
  for (const [round, model] of [
    [1, still],
    [2, rows],
  ] as const)
    expect(rowsOf(attack(contextWith(model, own, { round, memory })))).toEqual(own)
  return attack(contextWith(rows, own, { round: 3, memory }))
}

describe('the examples of the docstrings', () => {
  test('a-ra', () => {
    // A vector in the direction of (3, 4).
    const draws = [0.5, Math.atan2(4, 3) / (2 * Math.PI)]
    const attack = createAttack('a-ra', { strength: 1, users: 1 })
    const [target, other] = rowsOf(
      attack(
        contextWith(
          [
            [0, 0],
            [0, 0],
          ],
          [
            [1, 1],
            [6, 8],
          ],
          { draws },
        ),
      ),
    )
    expect(target![0]).toBeCloseTo(6, 5)
    expect(target![1]).toBeCloseTo(8, 5)
    expect(other).toEqual([6, 8])
  })

  test('a-hum', () => {
    const draws = [1 - Math.exp(-2), 0.25]
    const attack = createAttack('a-hum', { strength: 1, users: 1, deviation: 1, steps: 1, rate: 2 })
    const [target] = rowsOf(
      attack(
        contextWith(
          [
            [1, 0],
            [0, 0],
          ],
          [
            [1, 1],
            [1, 2],
          ],
          { draws },
        ),
      ),
    )
    expect(target![0]).toBeCloseTo(-1, 5)
    expect(target![1]).toBeCloseTo(2, 5)
  })

  test('pieck-ipe, which looks on for two rounds', () => {
    const attack = createAttack('pieck-ipe', { strength: 1, popular: 1 })
    const sent = (longest: number) => {
      const trained = [
        [0, 0],
        [0, longest],
        [0, 0],
      ]
      return rowsOf(
        seenBy(
          attack,
          [
            [3, 0],
            [0, 2],
            [0.1, 0],
          ],
          trained,
        ),
      )
    }
    expect(sent(5)).toEqual([
      [-3, 4],
      [0, 5],
      [0, 0],
    ])
    expect(sent(1)[0]).toEqual([-1, 0])
  })

  test('pieck-uea, which looks on for two rounds', () => {
    const attack = createAttack('pieck-uea', { strength: 1, popular: 1 })
    const rows = [
      [0, 0],
      [0, 2],
      [0.1, 0],
    ]
    const trained = [
      [0, 0],
      [0, 3],
      [0, 0],
    ]
    expect(rowsOf(seenBy(attack, rows, trained))).toEqual([
      [0, 3],
      [0, 3],
      [0, 0],
    ])
  })

  test('fedrecattack, whose second liar sends what is left', () => {
    // The second item is what the one user likes; the last two are all that it is shown.
    const rows = [
      [0, 0],
      [1, 0],
      [0, 0],
      [0, 0],
    ]
    const attack = createAttack('fedrecattack', { strength: 1, share: 1 })
    const sent = (longest: number, place: number) =>
      rowsOf(
        attack(
          contextWith(
            rows,
            [
              [0, 0],
              [0, longest],
              [0, 0],
              [0, 0],
            ],
            { liked: [Int32Array.of(1)], place },
          ),
        ),
      )
    const [[p]] = sent(9, 0) as [[number]]
    expect(p).toBeGreaterThan(0.1)
    expect(sent(9, 0)).toEqual([
      [p, 0],
      [0, 9],
      [0, 0],
      [-p, 0],
    ])
    expect(sent(9, 1)[0]).toEqual([0, 0])
    for (const place of [0, 1]) {
      const half = Math.fround(p / 2)
      expect(sent(half, place)[0]![0]).toBeCloseTo(p / 2, 6)
      expect(sent(half, place)[3]![0]).toBeCloseTo(-p / 2, 6)
    }
  })
})

describe.each(ofItems)('%s', (name) => {
  /** Two kinds of items that are popular, and some that are not; users like those of one kind each, and nobody the target. */
  const rows = [[0.05, 0.02], ...Array.from({ length: 6 }, (_, at) => (at % 2 === 0 ? [1, 0.3] : [0.3, 1]))]
  rows.push(...Array.from({ length: 12 }, () => [0.01, 0.01]))
  const liked = [Int32Array.of(1, 3, 5), Int32Array.of(2, 4, 6)]
  const own = rows.map(([a, b]) => [0.1 * a!, 0.1 * b!])
  const sentBy = (options: Record<string, unknown> = {}) => {
    const given = { 'pieck-ipe': { mining: 1 }, 'pieck-uea': { mining: 1 }, fedrecattack: { share: 1 } }
    const attack = createAttack(name, { ...given[name as keyof typeof given], ...options })
    const memory = new Map()
    // Random users that lie where users do: in the directions of 30 and 60 degrees.
    const draws = () => [0.5, 1 / 12, 0.5, 1 / 6]
    const still = rows.map((row, item) => (item === 0 ? row : row.map(() => 0)))
    attack(contextWith(still, own, { memory, liked, draws: draws() }))
    const users = ['a-ra', 'a-hum'].includes(name) ? { users: 2 } : {}
    const again = createAttack(name, { ...given[name as keyof typeof given], ...options, ...users })
    const context = contextWith(rows, own, { round: 2, memory, liked, draws: draws() })
    return (Object.keys(users).length > 0 ? again : attack)(context)
  }

  test('raises the target for those who like either kind, where updates are averaged', () => {
    const [honest, lied] = [Float32Array.from(own[0]!), sentBy().subarray(0, 2)]
    for (const user of [
      [1, 0.3],
      [0.3, 1],
    ])
      expect((inner(user, lied) + 5 * inner(user, honest)) / 6).toBeGreaterThan(1.5 * inner(user, honest))
  })

  test('sends no row longer than its longest, times its strength', () => {
    const longest = Math.max(...own.map((row) => Math.hypot(...row)))
    for (const strength of [1, 0.25])
      for (const [item, row] of rowsOf(sentBy({ strength })).entries()) {
        if (row.every((value, at) => value === Math.fround(own[item]![at]!))) continue
        expect(Math.hypot(...row)).toBeLessThanOrEqual(strength * longest * (1 + 1e-6))
      }
  })

  test('needs items, and a model of as many numbers', () => {
    const { items: _, ...without } = contextWith(rows, own)
    expect(() => createAttack(name)(without)).toThrow('is about items, and needs a task that has them, such as ratings')
    const short = contextWith(rows.slice(1), own)
    expect(() => createAttack(name)(short)).toThrow('38 numbers of its own, and 36 of the model')
  })
})

test('a row has a bias beyond its factors, which goes with 1', () => {
  const rows = [
    [0, 0, 0],
    [0, 0, 0],
  ]
  const context = contextWith(
    rows,
    [
      [0, 0, 0],
      [3, 0, 0],
    ],
    { draws: [0.5, 0] },
  )
  const [target] = rowsOf(createAttack('a-ra', { strength: 1, users: 1 })(context), 3)
  expect(target![2]).toBeGreaterThan(2.9)
})
