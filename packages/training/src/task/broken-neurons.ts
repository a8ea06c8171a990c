/** What of a peer's own hardware is broken while it trains. */
export interface BrokenNeurons {
  /** From 1, of the layers with neurons; of synapses the last is that of the output. */
  readonly layers: readonly number[]
  readonly part: 'neurons' | 'synapses'
  /** Share of each of these layers that is broken, at least one. */
  readonly fraction: number
  /** What a broken one sends, with either sign; 0: it has crashed. */
  readonly sends: number
  /** Above 0: what it sends is off by this, with either sign, in place of being stuck. */
  readonly off: number
}
