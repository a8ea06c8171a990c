// Made-up pictures of garments, 28 × 28 grey pixels: filled outlines, each moved, stretched and woven a little differently.
import type { RandomStream } from '@hearsay/catalogue/random'
import { stream } from '@hearsay/training/task'

const side = 28
type Point = readonly [x: number, y: number]

/** From 0 to 1, x to the right and y down: half of each outline, which is mirrored; shoes and bags are whole. */
const halves: Readonly<Record<string, readonly Point[]>> = {
  shirt: [
    [0.5, 0.12],
    [0.66, 0.08],
    [0.98, 0.3],
    [0.86, 0.46],
    [0.74, 0.36],
    [0.74, 0.92],
    [0.5, 0.92],
  ],
  pullover: [
    [0.5, 0.12],
    [0.66, 0.08],
    [0.96, 0.82],
    [0.82, 0.88],
    [0.72, 0.5],
    [0.72, 0.94],
    [0.5, 0.94],
  ],
  dress: [
    [0.5, 0.14],
    [0.6, 0.06],
    [0.66, 0.06],
    [0.6, 0.42],
    [0.88, 0.95],
    [0.5, 0.95],
  ],
  trousers: [
    [0.5, 0.06],
    [0.72, 0.06],
    [0.8, 0.96],
    [0.6, 0.96],
    [0.5, 0.36],
  ],
}
const wholes: Readonly<Record<string, readonly Point[]>> = {
  shoe: [
    [0.06, 0.5],
    [0.3, 0.52],
    [0.56, 0.66],
    [0.92, 0.72],
    [0.94, 0.84],
    [0.06, 0.84],
  ],
  boot: [
    [0.12, 0.1],
    [0.46, 0.1],
    [0.48, 0.6],
    [0.9, 0.7],
    [0.92, 0.9],
    [0.12, 0.9],
  ],
  bag: [
    [0.14, 0.4],
    [0.3, 0.4],
    [0.34, 0.16],
    [0.66, 0.16],
    [0.7, 0.4],
    [0.86, 0.4],
    [0.92, 0.92],
    [0.08, 0.92],
  ],
  hat: [
    [0.04, 0.74],
    [0.26, 0.7],
    [0.32, 0.3],
    [0.68, 0.3],
    [0.74, 0.7],
    [0.96, 0.74],
    [0.96, 0.84],
    [0.04, 0.84],
  ],
}
const mirrored = ([x, y]: Point): Point => [1 - x, y]
const outlines = new Map<string, readonly Point[]>([
  ...Object.entries(halves).map(([name, half]) => [name, [...half, ...half.map(mirrored).reverse()]] as const),
  ...Object.entries(wholes),
])

export const garmentNames: readonly string[] = [...outlines.keys()].sort()

/** One byte a pixel, picture after picture, and the place of each garment's name. */
export function garments(set: string, count: number): { readonly images: Uint8Array; readonly labels: Uint8Array } {
  const images = new Uint8Array(count * side * side)
  const labels = new Uint8Array(count)
  for (let at = 0; at < count; at++) {
    const random = stream('made-up garments 1', set, at)
    labels[at] = random.integer(garmentNames.length)
    images.set(picture(outlines.get(garmentNames[labels[at]!]!)!, random), at * side * side)
  }
  return { images, labels }
}

function picture(outline: readonly Point[], random: RandomStream): Uint8Array {
  const [width, height] = [side * random.between(0.6, 0.95), side * random.between(0.6, 0.95)]
  const [left, top] = [random.between(0, side - width), random.between(0, side - height)]
  const lean = random.between(-0.2, 0.2)
  const place = ([x, y]: Point): Point => {
    const moved = [x + random.between(-0.04, 0.04), y + random.between(-0.04, 0.04)] as const
    return [left + width * (moved[0] + lean * (0.5 - moved[1])), top + height * moved[1]]
  }
  const points = outline.map(place)
  const [colour, stripes, ground] = [random.between(90, 230), random.between(0, 60), random.between(0, 50)]
  const period = 2 + random.integer(5)
  return Uint8Array.from({ length: side * side }, (_, pixel) => {
    const [x, y] = [(pixel % side) + 0.5, Math.floor(pixel / side) + 0.5]
    const woven = colour + (Math.floor(y) % period === 0 ? -stripes : 0)
    const value = (isInside(points, x, y) ? woven : ground) + random.between(-40, 40)
    // Few shades make a small file.
    return Math.max(0, Math.min(240, 40 * Math.round(value / 40)))
  })
}

/** A ray to the right crosses the outline an odd number of times. */
function isInside(points: readonly Point[], x: number, y: number): boolean {
  let inside = false
  for (const [at, [ax, ay]] of points.entries()) {
    const [bx, by] = points[(at + 1) % points.length]!
    if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside
  }
  return inside
}
