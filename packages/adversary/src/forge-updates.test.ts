import { describe, expect, it } from 'vitest'
import { createCoalition, type RoundView } from './adversary.ts'
import { createAdversary } from './protocol/behaviours.ts'
import { type Attack, attacks } from './updates/index.ts'

const own = new Float32Array([1, -2, 0.5])
const honest = [
  [1, 2, 3],
  [4, 5, 6],
  [7, 8, 9],
].map((row) => new Float32Array(row))

const inOrder = (updates: readonly Float32Array[]) => new Map(updates.entries())

/** Four peers, of which the last lies. */
function viewOf({ n = 4, ...rest }: Partial<RoundView> = {}): RoundView {
  return {
    round: 1,
    model: 'a',
    self: 3,
    n,
    least: n - 1,
    rule: { rule: 'trimmed-mean', tolerated: 1 },
    coalition: createCoalition(4, [3]),
    honest: () => Promise.resolve(inOrder(honest)),
    ...rest,
  }
}

const never: RoundView['honest'] = () => new Promise(() => {})

describe('a liar on its own', () => {
  it('flips its update without waiting for others, and leaves the update itself alone', async () => {
    const adversary = createAdversary({ behaviour: 'sign-flip', scale: 4 }, 1)
    expect(adversary.participant).toBeUndefined()
    expect(await adversary.alter!(own, viewOf({ honest: never }))).toEqual(new Float32Array([-4, 8, -2]))
    expect(own).toEqual(new Float32Array([1, -2, 0.5]))
    expect(await createAdversary({ behaviour: 'sign-flip' }, 1).alter!(own, viewOf())).toEqual(
      new Float32Array([-1, 2, -0.5]),
    )
  })

  it('draws noise from its seed, another in each round', async () => {
    const noise = (seed: number) => createAdversary({ behaviour: 'gaussian', deviation: 2 }, seed)
    const view = viewOf({ honest: never })
    const liar = noise(5)
    const first = await liar.alter!(own, view)
    expect(await noise(5).alter!(own, view)).toEqual(first)
    expect(await noise(6).alter!(own, view)).not.toEqual(first)
    expect(await liar.alter!(own, viewOf({ round: 2 }))).not.toEqual(first)
  })
})

describe('a coalition', () => {
  it('forms its update from the honest ones, once a round for all', async () => {
    const coalition = createCoalition(5, [3, 4])
    const liar = (seed: number) => createAdversary({ behaviour: 'little-is-enough', z: 1.5 }, seed)
    const view = viewOf({ coalition, n: 5 })
    const [one, two] = [await liar(1).alter!(own, view), await liar(2).alter!(own, view)]
    expect(one).toEqual(new Float32Array([8.5, 9.5, 10.5]))
    expect(two).toBe(one)
    // Another model, as after a fork, and another round, are another matter.
    expect(await liar(1).alter!(own, { ...view, model: 'b' })).not.toBe(one)
    const others = await liar(1).alter!(own, { ...view, round: 2, honest: async () => inOrder([own, own, own]) })
    expect(others).toEqual(own)
  })

  it('draws at random what is the same for all its liars, whoever comes first, and another in each round', async () => {
    const lottery: Attack = {
      name: 'lottery',
      summary: 'send an honest update that is drawn',
      options: {},
      paper: '',
      colludes: () => true,
      create: () => (context) => Float32Array.from(context.own, () => context.random.uniform()),
    }
    attacks.add(lottery)
    const of = (coalition: RoundView['coalition']) => viewOf({ coalition, n: 5 })
    const liar = (seed: number) => createAdversary({ behaviour: 'lottery' }, seed)
    const coalition = () => createCoalition(5, [3, 4], 9)
    const first = await liar(1).alter!(own, of(coalition()))
    // In another order, and with other seeds of its liars.
    expect(await liar(2).alter!(own, of(coalition()))).toEqual(first)
    const both = of(coalition())
    expect(await liar(1).alter!(own, both)).toBe(await liar(2).alter!(own, both))
    expect(await liar(1).alter!(own, { ...both, round: 2 })).not.toEqual(first)
    expect(await liar(1).alter!(own, of(createCoalition(5, [3, 4], 10)))).not.toEqual(first)
    expect(new Set(first as Float32Array).size).toBe(3)
  })

  it('does not mix attacks', async () => {
    const view = viewOf()
    const sent = (tau: number) => createAdversary({ behaviour: 'inner-product', tau }, 1).alter!(own, view)
    expect(await sent(1)).toEqual(new Float32Array([-4, -5, -6]))
    expect(await sent(2)).toEqual(new Float32Array([-8, -10, -12]))
  })

  it('sends honest updates in a round that too few honest peers take part in', async () => {
    const liar = createAdversary({ behaviour: 'optimal-inner-product' }, 1)
    expect(await liar.alter!(own, viewOf({ honest: async () => inOrder(honest.slice(1, 2)) }))).toBe(own)
    expect(await liar.alter!(own, viewOf({ honest: async () => inOrder(honest.slice(1)) }))).not.toBe(own)
  })

  it('sends nothing when the round is over first', async () => {
    const over = new Error('over')
    const liar = createAdversary({ behaviour: 'mimic' }, 1)
    await expect(liar.alter!(own, viewOf({ honest: () => Promise.reject(over) }))).rejects.toBe(over)
  })
})

it('attacks on the protocol leave updates alone', () => {
  for (const behaviour of ['silent', 'equivocate', 'split-brain']) {
    const adversary = createAdversary({ behaviour }, 1)
    expect(adversary.alter).toBeUndefined()
    expect(adversary.participant).toBeDefined()
  }
})

it('an unknown behaviour or option is an error with a suggestion', () => {
  expect(() => createAdversary({ behaviour: 'silence' }, 1)).toThrow(
    expect.objectContaining({ code: 'unknown-attack', message: 'Unknown attack "silence"; did you mean "silent"?' }),
  )
  expect(() => createAdversary({ behaviour: 'nonsense' }, 1)).toThrow(
    /the attacks are a-hum, a-ra, constant, .*, split-brain/,
  )
  expect(() => createAdversary({ behaviour: 'gaussian', deviations: 1 }, 1)).toThrow(
    expect.objectContaining({ code: 'unknown-option' }),
  )
})
