import { inHalves } from '@hearsay/protocol'
import { maliciousPeers } from './adversaries.ts'
import { weightsOf } from './agreement.ts'
import type { Partition } from './network.ts'
import type { Parameters } from './schema.ts'

/** The partitions of a cell as a list, in the order of the file. */
export function partitionsOf(parameters: Pick<Parameters, 'partitions'>): readonly Partition[] {
  const { partitions } = parameters
  return Array.isArray(partitions) ? partitions : [partitions as Partition]
}

/**
 * Groups of peer indices that cannot reach each other while the partition lasts. A peer in no group reaches everyone:
 * a bridge, or one that lists of peers leave out. Halves are the lower and the upper indices, by weight; the first half
 * has the odd one.
 */
export function partitionGroups(partition: Partition, parameters: Divided): readonly (readonly number[])[] {
  const malicious = maliciousPeers(parameters)
  const isBridge = (peer: number): boolean => partition.bridge === 'adversaries' && malicious.has(peer)
  if (partition.groups !== 'halves') return partition.groups.map((group) => group.filter((peer) => !isBridge(peer)))
  const divided = Array.from({ length: parameters.peers }, (_, peer) => peer).filter((peer) => !isBridge(peer))
  return inHalves(divided, weightsOf(parameters))
}

type Divided = Pick<Parameters, 'peers' | 'adversaries' | 'weights'>

/** Whether two peers reach each other while this partition lasts; undefined is none. */
export function reachOf(partition: Partition | undefined, parameters: Divided): (a: number, b: number) => boolean {
  if (partition === undefined) return () => true
  const groups = new Map<number, number>()
  for (const [group, members] of partitionGroups(partition, parameters).entries())
    for (const member of members) groups.set(member, group)
  return (a, b) => !groups.has(a) || !groups.has(b) || groups.get(a) === groups.get(b)
}
