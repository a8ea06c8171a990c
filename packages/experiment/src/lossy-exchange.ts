import { arriving, type Present } from '@hearsay/aggregation'
import { namedStream } from '@hearsay/catalogue/random'
import { type Carrier, type LossyExchange, lostAtOnce } from '@hearsay/peer'
import type { Position } from '@hearsay/protocol'
import type { LossSpec, Parameters } from '@hearsay/scenario'
import type { ScenarioIndex } from './scenario-index.ts'

/**
 * What arrives of updates of so many numbers, by positions in the roster; undefined where nothing is lost. It follows from the
 * seed, the round and the two peers alone: no order of messages moves it.
 */
export function lossyExchange(
  { exchange }: Parameters,
  runSeed: number,
  length: number,
  indexOf: (position: Position) => ScenarioIndex,
): LossyExchange | undefined {
  const loss = exchange?.loss
  if (loss === undefined) return undefined
  const { rate, fill, seed = runSeed } = loss
  const loses = losing(loss)
  return {
    fill,
    size: lostAtOnce(loss, length),
    arrives: (round, author, receiver, chunks): Present => {
      const [from, to] = [indexOf(author), indexOf(receiver)]
      return arriving(loses(from, to) ? rate : 0, chunks, namedStream('loss', seed, round, from, to).uniform)
    },
  }
}

/** A carrier to this peer on which chunks are lost: they are thrown away at its door. `chunks` is how many an update has. */
export function losingCarrier(inner: Carrier, { arrives }: LossyExchange, chunks: number, self: Position): Carrier {
  const receive: Carrier['receive'] = (reception) => {
    const present = arrives(reception.round, reception.from, self, chunks)
    inner.receive?.({
      ...reception,
      arrived: (wanted, bytes) => {
        if (present[wanted.chunk] === 1) reception.arrived(wanted, bytes)
      },
    })
  }
  return { ...inner, receive }
}

/** Whether the link from one peer to another is among those that lose. */
function losing({ links }: LossSpec): (from: number, to: number) => boolean {
  if (links === 'all') return () => true
  const peers = new Set(links.filter((link) => typeof link === 'number'))
  const pairs = new Set(links.filter((link) => typeof link !== 'number').map(([from, to]) => `${from} ${to}`))
  return (from, to) => peers.has(from) || pairs.has(`${from} ${to}`)
}
