import type { Attack } from './attack.ts'
import { type OnLine, worstVector } from './harm.ts'
import { evaluationsOption } from './line-search.ts'
import { deviationsOf } from './little-is-enough.ts'
import { deviationOf, meanOf, moved } from './vectors.ts'

/**
 * A little is enough with the worst factor: μ + zσ with the z, of either sign, that maximises ‖F(H ∪ f·b) − μ‖, F the rule
 * in use with its pre-rules, found by line search (Shejwalkar, Houmansadr: Manipulating the Byzantine, NDSS 2021, tailored
 * this way to ALIE by Allouah et al.: Fixing by Mixing, AISTATS 2023).
 *
 * Options: `evaluations`, how often the rule is tried; the search begins at the z of the paper and at 1.5, on both sides, so
 * that it is never less harmful than `little-is-enough` with either.
 *
 * What it can do: as `little-is-enough`, for the rule at hand.
 *
 * Requires that the rule in use is defined. Cost that of the rule in use, `evaluations` times. The liars come last in what
 * is tried: where the order counts, as for bucketing, the rule may see another.
 *
 * Example, trimmed mean that drops one at each end of honest 0, 3, 6 and one liar: whatever the liar sends, the mean is
 * that of two honest numbers, or of one and the liar's; the worst z puts the liar at or beyond an end, and gives
 * (3 + 6)/2 or (0 + 3)/2 in place of 3.
 */
export const optimalLittleIsEnough: Attack<'optimal-little-is-enough'> = {
  name: 'optimal-little-is-enough',
  summary: 'send the honest mean ± z honest standard deviations, with the z that harms the rule in use most',
  options: { evaluations: evaluationsOption },
  paper: 'Allouah, Farhadkhani, Guerraoui, Gupta, Pinot, Stephan: Fixing by Mixing, AISTATS 2023',
  ignoresOwn: true,
  colludes: () => true,
  create:
    ({ evaluations }) =>
    (context) => {
      const mean = meanOf(context.honest)
      const deviation = deviationOf(context.honest, mean)
      const z = deviationsOf(context.n, context.f)
      const at: OnLine['at'] = (factor, into) => moved(mean, factor, deviation, into)
      return worstVector(
        context,
        mean,
        { from: mean, along: deviation, at },
        {
          starts: [1.5, z, -1.5, -z],
          evaluations: evaluations as number,
        },
      )
    },
}
