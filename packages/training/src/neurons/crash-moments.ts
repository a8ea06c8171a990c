/**
 * Mean and variance of Δ = ŷ − y when each neuron of one layer crashes by itself with probability p, y_i what the layer sends
 * and g the rest of the network to one output. To the first order in p the crashes add up, and each is tried alone (b4) or
 * foretold by the gradient (b3), which becomes the same as layers grow wide and each neuron matters little.
 *
 * Source: El Mhamdi, Guerraoui, Kucharavy, Volodin, "Probabilistic fault tolerance …: the continuous limit" (2019), by their
 * bounds.py. For a linear g the exact variance has p(1 − p) in place of p. A neuron of several units, a channel, crashes whole:
 * `neurons` says how many there are, and unit u is of neuron u mod as many.
 */
export interface Moments {
  readonly mean: number
  readonly variance: number
}

/** b3: −p·Σ ∂g/∂y_i·y_i and p·Σ (∂g/∂y_i·y_i)²; one gradient. */
export function gradientMoments(
  gradient: ArrayLike<number>,
  sent: ArrayLike<number>,
  p: number,
  neurons = sent.length,
): Moments {
  const differences = Array<number>(neurons).fill(0)
  for (let unit = 0; unit < sent.length; unit++) differences[unit % neurons]! -= gradient[unit]! * sent[unit]!
  return momentsOf(differences, p)
}

/** b4: p·Σ (g(y without i) − g(y)) and p·Σ (g(y without i) − g(y))²; one pass for each neuron. */
export function removalMoments(
  g: (sent: Float64Array) => number,
  sent: ArrayLike<number>,
  p: number,
  neurons = sent.length,
): Moments {
  const well = Float64Array.from(sent)
  const whole = g(well)
  const differences = Array.from({ length: neurons }, (_, neuron) => {
    const without = well.map((value, unit) => (unit % neurons === neuron ? 0 : value))
    return g(without) - whole
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
  neurons = sent.length,
): Moments {
  const whole = g(Float64Array.from(sent))
  let [sum, squares] = [0, 0]
  for (let draw = 0; draw < draws; draw++) {
    const crashed = Array.from({ length: neurons }, () => uniform() < p)
    const difference = g(Float64Array.from(sent, (value, unit) => (crashed[unit % neurons] ? 0 : value))) - whole
    sum += difference
    squares += difference * difference
  }
  const mean = sum / draws
  return { mean, variance: Math.max(0, squares / draws - mean * mean) }
}
