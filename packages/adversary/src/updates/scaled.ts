import type { Attack } from './attack.ts'
import { scaled as times } from './vectors.ts'

/**
 * Its own update, c times as large (model replacement of Bagdasaryan, Veit, Hua, Estrin, Shmatikov: How To Backdoor
 * Federated Learning, AISTATS 2020: with c = n, a mean becomes this liar's own model).
 *
 * Options: `factor`, c.
 *
 * What it can do: have more say than its share under a mean; overshoot. Clipping, and rules that drop what stands out, undo
 * it.
 *
 * Requires nothing of n and f. Cost O(d).
 *
 * Example, factor 10, own (1, −2): (10, −20).
 */
export const scaled: Attack<'scaled'> = {
  name: 'scaled',
  summary: 'send its own update, multiplied',
  options: {
    factor: { kind: 'number', summary: 'its own update is multiplied by this', least: -1e6, most: 1e6, default: 10 },
  },
  paper: 'Bagdasaryan, Veit, Hua, Estrin, Shmatikov: How To Backdoor Federated Learning, AISTATS 2020',
  colludes: () => false,
  create:
    ({ factor }) =>
    ({ own }) =>
      times(own, factor as number),
}
