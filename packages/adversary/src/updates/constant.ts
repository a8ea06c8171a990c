import type { Attack } from './attack.ts'

/**
 * One number in every coordinate (Li, Xu, Chen, Giannakis, Ling: RSA, AAAI 2019, call it the same-value attack).
 *
 * Options: `value`.
 *
 * What it can do: draw a mean along the diagonal, without end. Robust rules drop it when it stands out.
 *
 * Requires nothing of n and f. Cost O(d).
 *
 * Example, value 3, d = 2: (3, 3).
 */
export const constant: Attack<'constant'> = {
  name: 'constant',
  summary: 'send one number in every coordinate',
  options: {
    value: { kind: 'number', summary: 'the number', least: -1e30, most: 1e30, default: 1 },
  },
  paper: 'Li, Xu, Chen, Giannakis, Ling: RSA, AAAI 2019',
  colludes: () => false,
  create:
    ({ value }) =>
    ({ own }) =>
      new Float32Array(own.length).fill(value as number),
}
