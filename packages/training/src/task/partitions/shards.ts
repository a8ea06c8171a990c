import { shuffle } from '@hearsay/catalogue/random'
import type { Partition } from './partition.ts'
import { bySort, concatenate, cut, equalShares } from './pieces.ts'

export const shards: Partition<'shards'> = {
  name: 'shards',
  summary: 'samples sorted by class, cut into equal shards, dealt at random (McMahan et al. 2017)',
  options: {
    perPeer: { kind: 'integer', summary: 'shards a peer gets; about as many classes', least: 1, most: 1_000 },
  },
  by: 'labels',
  divide({ order, labels }, peers, options, random) {
    const perPeer = Number(options.perPeer)
    const all = cut(concatenate(bySort(order, labels!)), equalShares(peers * perPeer))
    const deal = shuffle([...all.keys()], random.integer)
    return equalShares(peers).map((_, peer) =>
      concatenate(deal.slice(peer * perPeer, (peer + 1) * perPeer).map((shard) => all[shard]!)),
    )
  },
}
