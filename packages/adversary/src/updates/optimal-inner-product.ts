import type { Attack } from './attack.ts'
import { type OnLine, worstVector } from './harm.ts'
import { evaluationsOption } from './line-search.ts'
import { meanOf, scaled } from './vectors.ts'

/**
 * Inner-product manipulation with the worst factor: −τ μ, with the τ > 0 that maximises ‖F(H ∪ f·b) − μ‖, F the rule in
 * use with its pre-rules, found by line search (Shejwalkar, Houmansadr: Manipulating the Byzantine, NDSS 2021, tailored
 * this way to inner-product manipulation by Allouah et al.: Fixing by Mixing, AISTATS 2023).
 *
 * Options: `evaluations`, how often the rule is tried; the search begins at τ = 0.1 and 2, so that it is never less
 * harmful than `inner-product` with either.
 *
 * What it can do: as `inner-product`, for the rule at hand. Against a mean it takes the greatest factor it comes to.
 *
 * Requires that the rule in use is defined. Cost that of the rule in use, `evaluations` times. The liars come last in what
 * is tried: where the order counts, as for bucketing, the rule may see another.
 *
 * Example, mean of honest 1, 3 and one liar: the search doubles τ from 2 on, each time better; the eighteen evaluations
 * that are left take it to 2 · 2¹⁸, and it sends −2²⁰.
 */
export const optimalInnerProduct: Attack<'optimal-inner-product'> = {
  name: 'optimal-inner-product',
  summary: 'send the honest mean times −τ, with the τ that harms the rule in use most',
  options: { evaluations: evaluationsOption },
  paper: 'Allouah, Farhadkhani, Guerraoui, Gupta, Pinot, Stephan: Fixing by Mixing, AISTATS 2023',
  ignoresOwn: true,
  colludes: () => true,
  create:
    ({ evaluations }) =>
    (context) => {
      const mean = meanOf(context.honest)
      const line: OnLine = { along: mean, at: (factor, into) => scaled(mean, factor, into) }
      return worstVector(context, mean, line, {
        starts: [-0.1, -2],
        evaluations: evaluations as number,
      })
    },
}
