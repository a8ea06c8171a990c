import { memberSchemas } from '@hearsay/catalogue/schema'
import { z } from 'zod'
import { ofRegistered } from './registries.ts'
import { type TopologySpec, topologies } from './topology.ts'
import { virtualSchema } from './virtual.ts'

const peerIndex = z.int().min(0).max(9_999).describe('a peer, 0 … peers − 1; liars are the last ones')

export const networkSchema = z
  .discriminatedUnion('transport', [
    z
      .strictObject({ transport: z.literal('memory').describe('libp2p inside one process') })
      .describe('libp2p hosts that are connected inside one process'),
    z
      .strictObject({ transport: z.literal('tcp').describe('libp2p over loopback') })
      .describe('libp2p hosts that are connected over loopback'),
    virtualSchema,
  ])
  .describe('what is under the peers: libp2p on a real clock, or a virtual network. `network: virtual` is short')

export const topologySchema = ofRegistered(
  () =>
    z
      .discriminatedUnion('kind', memberSchemas(topologies.values(), 'kind'))
      .describe('who is connected to whom. `topology: ring` is short') as unknown as z.ZodType<
      TopologySpec,
      TopologySpec
    >,
)

const round = (description: string) => z.int().min(1).max(1_000_000).describe(description)

export const partitionSchema = z
  .strictObject({
    groups: z
      .union([
        z.literal('halves'),
        z.array(z.array(peerIndex).min(1).max(10_000).describe('peers that reach each other')).min(2).max(10_000),
      ])
      .describe('who is cut off from whom: `halves` of the peers that are no bridge, or lists of peers'),
    bridge: z
      .enum(['none', 'adversaries'])
      .default('none')
      .describe('`adversaries`: liars stay connected to every group and are the only link between them'),
    fromRound: round('begins when an honest peer begins this round').default(1),
    untilRound: round(
      'lifts once an honest peer has finished this round or the last of the cell; a part without a round gets as long again',
    ),
    untilMs: z
      .int()
      .min(1)
      .max(86_400_000)
      .optional()
      .describe('lifts at the latest this long after it began, milliseconds; without it, only `untilRound` lifts it'),
  })
  .describe('a time in which parts of the network cannot reach each other')

export type Partition = z.output<typeof partitionSchema>

export const partitionsSchema = z
  .union([partitionSchema, z.array(partitionSchema).max(100)])
  .describe('when parts of the network cannot reach each other: one partition, or a list')
