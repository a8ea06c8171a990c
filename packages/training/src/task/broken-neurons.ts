/** Neurons of a peer's own hardware that are broken while it trains. */
export interface BrokenNeurons {
  /** From 1, of the layers with neurons. */
  readonly layer: number
  /** Share of its neurons that are broken, at least one. */
  readonly fraction: number
  /** What a broken one sends, with either sign; 0: it has crashed. */
  readonly sends: number
}
