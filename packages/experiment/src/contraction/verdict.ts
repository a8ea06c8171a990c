import { Workspace } from '@hearsay/aggregation'
import { average } from '@hearsay/protocol'
import type { Point } from './averages.ts'
import { distance } from './averages.ts'
import { type Exchange, heardBy } from './exchange.ts'
import { type ContractionProtocol, contractionProtocols, type ProtocolName } from './protocols.ts'

/** What was found for one protocol, n and f. */
export interface ContractionCell {
  readonly protocol: ProtocolName
  readonly n: number
  readonly f: number
  /** The worst ratio of honest diameters after and before a round that was found. */
  readonly found: number
  /** What the formula says; null where it has no finite value. */
  readonly formula: number | null
  /** The ratio of the same arrangement when the kernels that peers use average it. */
  readonly byKernels: number
  /** Coordinates of the values in which the worst was found. */
  readonly dimension: number
  /** Of the worst: who hears what. */
  readonly exchange: Exchange
  /** Whether the formula says that honest values draw together: n > bound · f. */
  readonly shrinks: boolean
}

/** What `summary.json` says. */
export interface ContractionSummary {
  readonly scenario: string
  readonly question: string
  readonly seeds: readonly number[]
  readonly cells: readonly ContractionCell[]
  /** What did not come out as the formulas say; none when all did. */
  readonly surprises: readonly string[]
  /** Below the bound, where a formula promises nothing: where liars attained more than it says. */
  readonly beatenBelowBound: readonly { readonly protocol: ProtocolName; readonly n: number; readonly f: number }[]
}

/** The worst case may be a limit that nothing attains: this near to it counts as there. */
export const tolerance = 0.02
/** Sums in another order, and in float32 on the wire. */
const rounding = 1e-3

/** What does not come out as the formulas say: one sentence each. */
export function surprises(cells: readonly ContractionCell[]): string[] {
  return cells.flatMap((cell) => {
    const { protocol, n, f, found, formula, byKernels, shrinks } = cell
    const where = `${protocol}, n = ${n}, f = ${f}`
    const sentences: string[] = []
    if (shrinks && formula !== null && found > formula + rounding)
      sentences.push(`${where}: found ${found.toFixed(4)}, more than the formula's ${formula.toFixed(4)}`)
    if (shrinks && formula !== null && found < formula - tolerance)
      sentences.push(`${where}: found no more than ${found.toFixed(4)} of the formula's ${formula.toFixed(4)}`)
    if (shrinks !== found < 1 - tolerance)
      sentences.push(`${where}: found ${found.toFixed(4)}, where values should ${shrinks ? '' : 'not '}draw together`)
    if (Math.abs(byKernels - found) > rounding)
      sentences.push(`${where}: found ${found.toFixed(4)}, but the kernels of peers give ${byKernels.toFixed(4)}`)
    return sentences
  })
}

/** `shrink` or `do not shrink`, of what was found. */
export function shrinking({ found }: ContractionCell): string {
  return found < 1 - tolerance ? 'shrink' : 'do not shrink'
}

/** Below its bound a formula may be less than what liars attain: it promises nothing there. */
export function beatenBelowBound(cells: readonly ContractionCell[]): ContractionCell[] {
  return cells.filter(({ shrinks, found, formula }) => !shrinks && formula !== null && found > formula + rounding)
}

/** Averages a found arrangement by the kernels that peers use, in float32. */
export function ratioByKernels(exchange: Exchange, name: ProtocolName, n: number, f: number): number {
  const protocol: ContractionProtocol = contractionProtocols[name]
  const { honest } = exchange
  const results = ([0, 1] as const).map((peer): Point => {
    const own = honest[peer]!
    const heard = heardBy(exchange, peer)
    // With too little to average a peer keeps its own.
    if (protocol.average(own, heard, n, f) === undefined) return own
    const workspace = new Workspace({ rows: heard.length, length: own.length })
    for (const [row, point] of heard.entries()) workspace.vector(row).set(point)
    const rule = { rule: 'trimmed-mean', tolerated: f } as const
    return [...average(protocol.by(n, f, ''), rule, workspace, [...heard.keys()], () => Float32Array.from(own))]
  })
  const diameter = Math.max(...honest.flatMap((a) => honest.map((b) => distance(a, b))))
  return distance(results[0]!, results[1]!) / diameter
}
