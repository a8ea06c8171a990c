/**
 * Mean and variance of Δ = ŷ − y when each neuron of one layer crashes by itself with probability p, y_i what the layer sends
 * and g the rest of the network to one output. To the first order in p the crashes add up, and each is tried alone (b4) or
 * foretold by the gradient (b3), which becomes the same as layers grow wide and each neuron matters little.
 *
 * Source: El Mhamdi, Guerraoui, Kucharavy, Volodin, "Probabilistic fault tolerance …: the continuous limit" (2019), by their
 * bounds.py. For a linear g the exact variance has p(1 − p) in place of p.
 */
export interface Moments {
  readonly mean: number
  readonly variance: number
}

/** b3: −p·Σ ∂g/∂y_i·y_i and p·Σ (∂g/∂y_i·y_i)²; one gradient. */
export function gradientMoments(gradient: ArrayLike<number>, sent: ArrayLike<number>, p: number): Moments {
  return momentsOf(
    Array.from(sent, (value, at) => -gradient[at]! * value),
    p,
  )
}

/** b4: p·Σ (g(y without i) − g(y)) and p·Σ (g(y without i) − g(y))²; one pass for each neuron. */
export function removalMoments(g: (sent: Float64Array) => number, sent: ArrayLike<number>, p: number): Moments {
  const well = Float64Array.from(sent)
  const whole = g(well)
  const differences = Array.from(well, (value, at) => {
    if (value === 0) return 0
    return g(well.with(at, 0)) - whole
  })
  return momentsOf(differences, p)
}

function momentsOf(differences: readonly number[], p: number): Moments {
  return {
    mean: p * differences.reduce((sum, each) => sum + each, 0),
    variance: p * differences.reduce((sum, each) => sum + each * each, 0),
  }
}

/** What draws give: of `draws` sets of crashed neurons. */
export function drawnMoments(
  g: (sent: Float64Array) => number,
  sent: ArrayLike<number>,
  p: number,
  draws: number,
  uniform: () => number,
): Moments {
  const whole = g(Float64Array.from(sent))
  let [sum, squares] = [0, 0]
  for (let draw = 0; draw < draws; draw++) {
    const difference = g(Float64Array.from(sent, (value) => (uniform() < p ? 0 : value))) - whole
    sum += difference
    squares += difference * difference
  }
  const mean = sum / draws
  return { mean, variance: Math.max(0, squares / draws - mean * mean) }
}
