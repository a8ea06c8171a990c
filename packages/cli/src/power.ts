import type { Quorums } from '@hearsay/protocol'

/** Peers who do something together, heaviest first, and what they weigh. */
interface Few {
  readonly peers: readonly string[]
  readonly weight: number
}

/** What few peers can do to a network, by their weights, if they want. */
export interface Power {
  readonly peers: number
  readonly weight: number
  readonly tolerated: number
  /** The fewest who stop it by saying nothing: they weigh more than F. */
  readonly stop: Few
  /** The fewest who certify what they like: they weigh more than (W + F) / 2. Only where rounds are certified. */
  readonly decide?: Few
  readonly warnings: readonly string[]
}

export function powerOf(quorums: Quorums, nameOf: (position: number) => string, areCertified: boolean): Power {
  const { peers, total, tolerated, weights } = quorums
  const few = (enough: (weight: number) => boolean): Few => {
    const fewest = quorums.fewest(enough)
    return { peers: fewest.map(nameOf), weight: quorums.weigh(fewest) }
  }
  const stop = few((weight) => quorums.amplify(weight))
  const decide = areCertified ? few((weight) => quorums.certificate(weight)) : undefined
  const warnings: string[] = []
  const [first] = stop.peers
  // Where all weigh the same, that is what F says.
  const isAlone = (some: Few | undefined): boolean => some?.peers.length === 1 && new Set(weights).size > 1
  if (isAlone(stop))
    warnings.push(
      `${first} weighs ${stop.weight} of ${total}, more than F = ${tolerated}: it alone can stop the network`,
    )
  if (isAlone(decide))
    warnings.push(
      `${first} weighs ${decide!.weight} of ${total}, more than (W + F) / 2: it alone decides, like a dictator`,
    )
  return { peers, weight: total, tolerated, stop, ...(decide && { decide }), warnings }
}

export function describePower({ peers, weight, tolerated, stop, decide, warnings }: Power): string[] {
  return [
    `${peers} peers that weigh ${weight}, of which ${tolerated} may lie, by weight`,
    `  can stop it by silence  ${describeFew(stop)}`,
    ...(decide === undefined ? [] : [`  can decide alone        ${describeFew(decide)}`]),
    ...warnings.map((warning) => `  ✗ ${warning}`),
  ]
}

/** More names than that help nobody. */
const mostNames = 5

function describeFew({ peers, weight }: Few): string {
  const more = peers.length > mostNames ? ', …' : ''
  return `${peers.length === 1 ? '1 peer' : `${peers.length} peers`}, of weight ${weight}: ${peers.slice(0, mostNames).join(', ')}${more}`
}
