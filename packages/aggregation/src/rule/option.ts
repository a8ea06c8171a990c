import type { NumberOption, Options } from '@hearsay/catalogue'

/** The seed of a rule that draws at random: with the same `draw` of the context the same seed, the same draws. */
export const seedOption: NumberOption = {
  kind: 'integer',
  summary: 'of the random draws, which peers of a run make anew in every round',
  least: 0,
  most: 2 ** 32 - 1,
  default: 0,
}

export function numberOf(options: Options, name: string): number {
  return options[name] as number
}
