import type { RandomStream } from '@hearsay/catalogue/random'
import { normal, stream } from '../../task/random.ts'
import type { DataSource, Dataset, Format, Samples } from './dataset.ts'
import { digitOutlines, type Point, type Stroke } from './digit-outlines.ts'

/**
 * The embedded data set: 28 × 28 greyscale pictures of handwritten-looking digits, drawn from the project's own
 * outlines. It is the same for every run, whatever the run's seed: sample i of a set depends only on i, so that a
 * smaller set is the beginning of a larger one.
 */

const side = 28
const dataSeed = 'hearsay digits 1'
const pointsPerSpan = 5
const defaultTrainSamples = 6_000
const labelsInOneGo = 4096

/** Draws the first `count` samples of the training or the test set; classes are equally likely. */
export function drawDigits(set: 'train' | 'test', count: number): Samples {
  const images = new Uint8Array(count * side * side)
  const labels = new Uint8Array(count)
  const coverage = new Float32Array(side * side)
  for (let index = 0; index < count; index++) {
    const random = stream(dataSeed, set, index)
    labels[index] = random.integer(10)
    drawDigit(labels[index]!, random, coverage)
    for (let pixel = 0; pixel < coverage.length; pixel++) {
      images[index * side * side + pixel] = Math.round(255 * Math.min(1, Math.max(0, coverage[pixel]!)))
    }
  }
  return { images, labels }
}

/** The labels alone, of the same samples; `turn` is awaited now and then. */
export async function digitLabels(
  set: 'train' | 'test',
  count = defaultTrainSamples,
  turn: () => Promise<void> = async () => {},
): Promise<Uint8Array> {
  const labels = new Uint8Array(count)
  for (let index = 0; index < count; index++) {
    if (index % labelsInOneGo === 0) await turn()
    labels[index] = stream(dataSeed, set, index).integer(10)
  }
  return labels
}

const digitsFormat: Format = { shape: [side, side], classes: 10 }

export function digitsDataset(trainSamples = defaultTrainSamples, testSamples = 1_000): Dataset {
  return {
    ...digitsFormat,
    train: drawDigits('train', trainSamples),
    test: drawDigits('test', testSamples),
  }
}

/** Drawn by the program. */
export const digits: DataSource<'digits'> = {
  name: 'digits',
  summary: 'drawn by the program, 6000 training and 1000 test samples when the task says no numbers',
  options: {},
  load: ({ trainSamples, testSamples }) => digitsDataset(trainSamples, testSamples),
  // Pictures that would have to be drawn are left out.
  outline: async ({ trainSamples }, _options, turn) => ({
    ...digitsFormat,
    train: { labels: await digitLabels('train', trainSamples, turn) },
  }),
}

/** Draws one picture: brightness 0 to 1 (noise may exceed it) of each pixel into `picture`. */
function drawDigit(digit: number, random: RandomStream, picture: Float32Array): void {
  const ways = digitOutlines[digit]!
  const place = randomPlacement(random)
  const radius = random.between(0.6, 1.7)
  const ink = random.between(0.55, 1)
  picture.fill(0)
  for (const stroke of ways[random.integer(ways.length)]!)
    drawStroke(jitter(stroke, random).map(place), radius, picture)
  if (random.uniform() < 0.25) drawStroke(distractor(random), random.between(0.4, 1), picture)
  if (random.uniform() < 0.2) erase(random, picture)
  const noise = random.between(0.05, 0.25)
  for (let pixel = 0; pixel < picture.length; pixel++) {
    picture[pixel] = ink * picture[pixel]! + noise * (random.uniform() + random.uniform() - 1)
  }
}

/** A random affine map from the unit square to pixels: scale, shear, rotation, translation. */
function randomPlacement(random: RandomStream): (point: Point) => Point {
  const width = side * random.between(0.42, 0.78)
  const height = side * random.between(0.52, 0.8)
  const shear = random.between(-0.3, 0.3)
  const angle = random.between(-0.3, 0.3)
  const cos = Math.cos(angle)
  const sin = Math.sin(angle)
  const centreX = side / 2 + random.between(-2.5, 2.5)
  const centreY = side / 2 + random.between(-2.5, 2.5)
  return ([x, y]) => {
    const v = (y - 0.5) * height
    const u = (x - 0.5) * width - shear * v
    return [centreX + cos * u - sin * v, centreY + sin * u + cos * v]
  }
}

/** Moves every point a little, then makes a polyline of the stroke. */
function jitter(stroke: Stroke, random: RandomStream): Point[] {
  const points = stroke.points.map(([x, y]): Point => [x + 0.03 * normal(random), y + 0.03 * normal(random)])
  return stroke.smooth ? smoothed(points) : points
}

/** Points on the Catmull-Rom curve through the given ones. */
function smoothed(points: Point[]): Point[] {
  const curve: Point[] = [points[0]!]
  for (let span = 0; span + 1 < points.length; span++) {
    const [a, b, c, d] = [-1, 0, 1, 2].map((step) => points[Math.min(points.length - 1, Math.max(0, span + step))]!)
    for (let part = 1; part <= pointsPerSpan; part++) {
      const t = part / pointsPerSpan
      const at = (axis: 0 | 1) => {
        const [p, q, r, s] = [a![axis], b![axis], c![axis], d![axis]]
        return q + 0.5 * t * (r - p + t * (2 * p - 5 * q + 4 * r - s + t * (3 * (q - r) + s - p)))
      }
      curve.push([at(0), at(1)])
    }
  }
  return curve
}

/** A short line that belongs to no digit, as from a neighbouring letter. */
function distractor(random: RandomStream): Point[] {
  const x = random.between(0, side)
  const y = random.between(0, side)
  return [
    [x, y],
    [x + random.between(-9, 9), y + random.between(-9, 9)],
  ]
}

/** Wipes a small rectangle. */
function erase(random: RandomStream, picture: Float32Array): void {
  const width = 2 + random.integer(5)
  const height = 2 + random.integer(5)
  const left = random.integer(side - width)
  const top = random.integer(side - height)
  for (let y = top; y < top + height; y++) picture.fill(0, y * side + left, y * side + left + width)
}

/** Draws a polyline with round ends and soft edges, `radius` pixels to each side. */
function drawStroke(points: Point[], radius: number, picture: Float32Array): void {
  for (let index = 0; index + 1 < points.length; index++)
    drawSegment(points[index]!, points[index + 1]!, radius, picture)
}

function drawSegment([ax, ay]: Point, [bx, by]: Point, radius: number, picture: Float32Array): void {
  const reach = radius + 0.5
  const left = Math.max(0, Math.ceil(Math.min(ax, bx) - reach))
  const right = Math.min(side - 1, Math.floor(Math.max(ax, bx) + reach))
  const top = Math.max(0, Math.ceil(Math.min(ay, by) - reach))
  const bottom = Math.min(side - 1, Math.floor(Math.max(ay, by) + reach))
  const dx = bx - ax
  const dy = by - ay
  const square = dx * dx + dy * dy
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const along = square === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / square))
      const ex = x - ax - along * dx
      const ey = y - ay - along * dy
      const brightness = Math.min(1, reach - Math.sqrt(ex * ex + ey * ey))
      const pixel = y * side + x
      if (brightness > picture[pixel]!) picture[pixel] = brightness
    }
  }
}
