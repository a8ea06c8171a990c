import { textWidth } from './fonts.ts'

/** A word about a point, pixels within a lane. */
export interface Word {
  readonly text: string
  readonly x: number
  readonly y: number
}

export interface PlacedWord {
  readonly text: string
  readonly left: number
  readonly middle: number
}

/** Of the words, pixels. */
const size = 11
const distance = 9

/**
 * Where words about points stand, by rising x: right of the last of several points with the same word, or above or below
 * it. They are within the lane, on no point and on no other word; what has no room is left out.
 *
 * @param points x of all points of the lane
 */
export function placeWords(
  words: readonly Word[],
  points: readonly number[],
  lane: { readonly width: number; readonly height: number },
): PlacedWord[] {
  const placed: (PlacedWord & { readonly right: number })[] = []
  for (const [index, { text, x, y }] of words.entries()) {
    if (words[index + 1]?.text === text) continue
    const width = textWidth(text, 600) * size
    const clamped = Math.max(0, Math.min(x - width / 2, lane.width - width))
    const beside = { left: x + distance, middle: Math.max(size * 0.7, Math.min(y, lane.height - size * 0.7)) }
    const free = points.every((other) => other <= x || other - distance > beside.left + width)
    const aside = y > lane.height / 2 ? y - 13 : y + 13
    const places = [
      ...(free ? [beside] : []),
      { left: clamped, middle: aside },
      { left: clamped, middle: lane.height - aside },
    ]
    const fitting = places.find(
      ({ left, middle }) =>
        left + width <= lane.width &&
        placed.every(
          (other) =>
            Math.abs(other.middle - middle) > size * 1.2 || other.right + 4 < left || other.left > left + width + 4,
        ),
    )
    if (fitting !== undefined) placed.push({ text, ...fitting, right: fitting.left + width })
  }
  return placed.map(({ text, left, middle }) => ({ text, left, middle }))
}
