import fc from 'fast-check'
import { expect, test } from 'vitest'
import { losses } from './losses.ts'

const of = (choice: string | object, outputs: readonly number[], targets: readonly number[]) => {
  const { member, options } = losses.choose(choice)
  const { loss, gradient } = member.of(Float32Array.from(outputs), targets, options)
  return [loss, ...gradient]
}
const close = (found: readonly number[], due: readonly number[]) =>
  found.map((value, index) => expect(value).toBeCloseTo(due[index]!, 6)).length === due.length

test.each([
  // log 3 and 0 have probabilities ¾ and ¼.
  ['cross-entropy', [Math.log(3), 0], [0], [-Math.log(0.75), -0.25, 0.25]],
  ['cross-entropy', [0, 0, Math.log(3), 0], [1, 1], [(Math.log(2) + Math.log(4)) / 2, 0.25, -0.25, 0.375, -0.375]],
  ['cross-entropy', [1000, 0], [1], [1000, 1, -1]],
  ['binary', [Math.log(3)], [1], [-Math.log(0.75), -0.25]],
  ['binary', [-1000, 1000], [1, 1], [500, -0.5, 0]],
  ['multi-label', [0, Math.log(3)], [1, 0], [(Math.log(2) + Math.log(4)) / 2, -0.25, 0.375]],
  ['squared', [1, 3], [0, 1], [2.5, 1, 2]],
  ['absolute', [1, 3, 2], [0, 4, 2], [2 / 3, 1 / 3, -1 / 3, 0]],
  ['huber', [1, 3], [0.5, 1], [(0.125 + 1.5) / 2, 0.25, 0.5]],
  [{ huber: { delta: 2 } }, [1, 3], [0.5, 0], [(0.125 + 4) / 2, 0.25, 1]],
] as const)('%j of %j for %j', (choice, outputs, targets, due) => {
  expect(close(of(choice, outputs, targets), due)).toBe(true)
})

const number = fc.integer({ min: -300, max: 300 }).map((value) => value / 100)

test.each([...losses.values()])('the gradient of $name is what its loss changes by', (loss) => {
  const options = losses.choose(loss.name).options
  fc.assert(
    fc.property(
      fc.array(number, { minLength: 6, maxLength: 6 }),
      fc.array(number, { minLength: 6 }),
      (drawn, other) => {
        // Where an absolute value bends, there is no gradient.
        fc.pre(
          drawn.every(
            (value, index) => ![0, 1].some((bend) => Math.abs(Math.abs(value - other[index]!) - bend) < 0.02),
          ),
        )
        const outputs = Float32Array.from(drawn)
        const flags = other.map((value) => (value > 0 ? 1 : 0))
        const classes = loss.twoClasses ? flags : flags.slice(0, 2)
        const targets = { classes, numbers: other, flags }[loss.targets]
        const { gradient } = loss.of(outputs, targets, options)
        for (const index of outputs.keys()) {
          const at = (value: number) => loss.of(outputs.with(index, value), targets, options).loss
          const [below, above] = [Math.fround(drawn[index]! - 0.01), Math.fround(drawn[index]! + 0.01)]
          expect(gradient[index]).toBeCloseTo((at(above) - at(below)) / (above - below), 3)
        }
      },
    ),
    { numRuns: 50 },
  )
})

test('a loss of a user must say what samples are labelled with', () => {
  const mine = { name: 'mine', summary: '', options: {}, targets: 'words', of: () => ({ loss: 0 }) }
  expect(() => losses.add(mine as never)).toThrow('targets must be classes or numbers or flags')
})
