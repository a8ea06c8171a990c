/** What a neuron does with the sum that reaches it, and what bounds of failures need to know of that. */
export interface Activation {
  /** K: outputs differ by at most K times what sums differ by. */
  readonly lipschitz: number
  /** sup |φ|: infinite where nothing but a cut at run time limits what a neuron sends. */
  readonly greatest: number
  of(sum: number): number
  /** Derivative, from the output. */
  slope(output: number): number
}

export const activations = {
  none: { lipschitz: 1, greatest: Number.POSITIVE_INFINITY, of: (sum) => sum, slope: () => 1 },
  relu: {
    lipschitz: 1,
    greatest: Number.POSITIVE_INFINITY,
    of: (sum) => Math.max(0, sum),
    slope: (output) => (output > 0 ? 1 : 0),
  },
  tanh: { lipschitz: 1, greatest: 1, of: Math.tanh, slope: (output) => 1 - output * output },
  sigmoid: {
    lipschitz: 0.25,
    greatest: 1,
    of: (sum) => 1 / (1 + Math.exp(-sum)),
    slope: (output) => output * (1 - output),
  },
} as const satisfies Readonly<Record<string, Activation>>
export type ActivationName = keyof typeof activations
