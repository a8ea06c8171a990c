/**
 * What a gradient is multiplied by that was computed on an old model: Λ(τ), in (0, 1], 1 at τ = 0, not increasing in the
 * staleness τ, the number of updates since. Damaskinos et al., Asynchronous Byzantine machine learning (Kardam), ICML 2018;
 * `inverse` is that of DynSGD.
 */
import type { Filters } from './settings.ts'

export function damping({ dampening, alpha }: Pick<Filters, 'dampening' | 'alpha'>, staleness: number): number {
  if (dampening === 'none') return 1
  return dampening === 'inverse' ? 1 / (1 + staleness) : falling(alpha * staleness)
}

/** e^−x for x ≥ 0, the same bits on every machine, which the language does not promise of its own. */
function falling(x: number): number {
  // Beyond it, nothing that numbers of 64 bits can tell from zero.
  if (x > 700) return falling(700)
  let halvings = 0
  for (; x > 0.5; x /= 2) halvings++
  let sum = 1
  for (let term = 20; term >= 1; term--) sum = 1 - (x / term) * sum
  for (; halvings > 0; halvings--) sum *= sum
  return sum
}
