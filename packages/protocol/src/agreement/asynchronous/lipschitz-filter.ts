/**
 * How fast gradients may change with the model: by no more than n − f of n workers' own do. Coefficients are of the last two
 * gradients of a worker, computed by who judges: nobody is asked for one.
 *
 * Of n coefficients of which at most f are of liars, the one in place n − f from below is not less than an honest one, as f + 1 are
 * not below it, and not greater than an honest one if that is what n − f are, as f honest ones or more are not below it either.
 */

/** ‖g − h‖ and ‖x − y‖, of two gradients and of the models that they were computed on. */
export interface Change {
  readonly gradients: number
  readonly models: number
}

/** By how much the gradient changed for each change of the model; of one model, none if nothing changed, and else infinite. */
export function coefficientOf({ gradients, models }: Change): number {
  if (models > 0) return gradients / models
  return gradients === 0 ? 0 : Number.POSITIVE_INFINITY
}

/** The order statistic no. n − f of these, of n of which f may be of liars; undefined while there are fewer than n − f. */
export function greatestAllowed(coefficients: readonly number[], peers: number, tolerated: number): number | undefined {
  if (coefficients.length < peers - tolerated) return undefined
  return coefficients.toSorted((a, b) => a - b)[coefficients.length - tolerated - 1]
}
