import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { barOf, type Timed } from './asynchrony/bar.ts'

const mnist = process.env.HEARSAY_MNIST ?? fileURLToPath(new URL('../../../../shared/data/mnist', import.meta.url))
const isThere = existsSync(join(mnist, 'train-images-idx3-ubyte.gz'))

test('the time is that in which what was best is first come to, of what was best by then', () => {
  const points = (...accuracies: number[]) => ({
    points: accuracies.map((accuracy, at) => ({ seconds: 10 * (at + 1), accuracy })),
  })
  const [fourth, half, all] = barOf(7, 8, points(0.1, 0.4, 0.3, 0.2, 0.5, 0.5, 0.9, 0.8), {
    each: points(0.4, 0.3, 0.9),
    ordered: points(0.3, 0.8),
  })
  expect(fourth).toEqual({
    seed: 7,
    exact: { seconds: 20, accuracy: 0.4 },
    each: { seconds: 10, share: 0.5 },
    ordered: { seconds: 20, share: 1 },
  })
  expect(half!.exact).toEqual({ seconds: 20, accuracy: 0.4 })
  expect(all).toMatchObject({ exact: { seconds: 70, accuracy: 0.9 }, each: { seconds: 30, share: 3 / 7 } })
  expect(all!.ordered).toEqual({ seconds: undefined, share: undefined })
})

test.skipIf(!isThere)(
  'a short run on MNIST: waiting for nobody, learning takes at most a third of the time',
  () => {
    const script = join(import.meta.dirname, 'measure-asynchrony.ts')
    const words = [script, '--data', mnist, '--bar', '--rounds', '6', '--json']
    const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    const found = JSON.parse(stdout) as Timed[]
    expect(found).toHaveLength(3)
    for (const { exact } of found) expect(exact.accuracy).toBeGreaterThan(0.2)
    expect(found.at(-1)!.exact.accuracy).toBeGreaterThan(0.6)
  },
  120_000,
)

test('what it is not told well it says in a line', () => {
  const script = join(import.meta.dirname, 'measure-asynchrony.ts')
  const run = (...words: string[]) => spawnSync(process.execPath, [script, ...words], { encoding: 'utf8' })
  expect(run('--engine', 'abacus')).toMatchObject({ status: 2, stderr: expect.stringContaining('--engine takes auto') })
})
