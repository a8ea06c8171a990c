/** What stands under `trust`. */
export interface TrustSection {
  readonly method: string
  readonly preTrusted: readonly number[]
  readonly vouches: readonly (
    | readonly [number, number]
    | readonly [number, number, number]
    | { readonly from: number; readonly to: number; readonly weight?: number | undefined; readonly round: number }
  )[]
  readonly every?: number
  readonly roster: readonly {
    readonly round: number
    readonly join?: readonly number[]
    readonly by?: readonly number[]
    readonly leave?: readonly number[]
  }[]
  readonly bought: number
  readonly boughtIn: number
  readonly floor: number
  readonly scale?: number
  readonly [option: string]: unknown
}
