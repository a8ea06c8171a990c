import { expect, test } from 'vitest'
import { digitsDataset, drawDigits } from './digits.ts'

test('draws pictures of all classes, mostly dark, each with bright strokes', () => {
  const { images, labels } = drawDigits('train', 500)
  expect(images).toHaveLength(500 * 784)
  expect(new Set(labels).size).toBe(10)
  for (let index = 0; index < 500; index++) {
    const picture = images.subarray(index * 784, (index + 1) * 784)
    const bright = picture.filter((value) => value > 100).length
    expect(bright).toBeGreaterThan(10)
    expect(bright).toBeLessThan(784 / 2)
  }
})

test('is always the same, whatever is asked for', () => {
  const { images, labels } = drawDigits('test', 20)
  expect(drawDigits('test', 50).images.subarray(0, images.length)).toEqual(images)
  expect(drawDigits('test', 50).labels.subarray(0, 20)).toEqual(labels)
})

test('training and test sets differ', () => {
  const { train, test: held } = digitsDataset(30, 30)
  expect(train.images).not.toEqual(held.images)
})
