/** What can be told of training samples without their inputs: of each its class, or the number that is learnt of it. */
export type Contents =
  | { readonly kind: 'classes'; readonly names: readonly string[]; readonly labels: Uint8Array | Int32Array }
  | { readonly kind: 'numbers'; readonly name: string; readonly values: Float32Array }

/** Whose data they are and under which terms they may be used. */
export interface Origin {
  readonly source: string
  readonly licence: string
}
