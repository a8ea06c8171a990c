import type { Attack } from './attack.ts'

/**
 * Numbers that are none: NaN, ∞ or −∞ in every coordinate, or in the first only.
 *
 * Options: `value`, `nan`, `infinity` or `minus-infinity`; `coordinates`, `all` or `first`.
 *
 * What it can do: a sum that takes one in is lost, for good when it gets into the model. Where updates are looked at
 * before they are used, as peers of this project do, it is an update that was not sent.
 *
 * Requires nothing of n and f. Cost O(d).
 *
 * Example, d = 2, `nan`, `first`, own (1, 2): (NaN, 2).
 */
export const nonFinite: Attack<'non-finite'> = {
  name: 'non-finite',
  summary: 'send NaN or infinity',
  options: {
    value: { kind: 'choice', summary: 'what is sent', values: ['nan', 'infinity', 'minus-infinity'], default: 'nan' },
    coordinates: {
      kind: 'choice',
      summary: 'where; the others are of its own update',
      values: ['all', 'first'],
      default: 'all',
    },
  },
  paper: '',
  colludes: () => false,
  create:
    ({ value, coordinates }) =>
    ({ own }) => {
      const vector = Float32Array.from(own)
      const number =
        value === 'nan' ? Number.NaN : value === 'infinity' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
      return vector.fill(number, 0, coordinates === 'first' ? 1 : vector.length)
    },
}
