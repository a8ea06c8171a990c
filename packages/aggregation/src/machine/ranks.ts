/**
 * The least and the greatest rank, from 0, at which rows with these weights together weigh more than `trim`: when the heaviest
 * come first, and when the lightest do.
 */
export function ranksOfBorder(weights: ArrayLike<number>, trim: number): readonly [least: number, greatest: number] {
  const ascending = Float64Array.from(weights).sort()
  return [rankBeyond(ascending.toReversed(), trim), rankBeyond(ascending, trim)]
}

function rankBeyond(weights: Float64Array, trim: number): number {
  let sum = 0
  return weights.findIndex((weight) => {
    sum += weight
    return sum > trim
  })
}
