/** A mean with the interval that holds the true mean with 95 % probability, if the values are normal. */
export interface Estimate {
  readonly mean: number
  readonly low: number
  readonly high: number
}

/** Student's t at 0.975, by degrees of freedom from 1. */
const quantiles = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11,
  2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
]

/** Beyond the last of the list: the first terms of its expansion about the normal distribution, right to 3 digits. */
function quantile(freedom: number): number {
  return quantiles[freedom - 1] ?? 1.96 + 2.372 / freedom + 2.823 / freedom ** 2
}

/** Of at least one value; of one alone the interval is the value, since nothing is known of its spread. */
export function confidence(values: readonly number[]): Estimate {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  if (values.length < 2) return { mean, low: mean, high: mean }
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)
  const half = quantile(values.length - 1) * Math.sqrt(variance / values.length)
  return { mean, low: mean - half, high: mean + half }
}
