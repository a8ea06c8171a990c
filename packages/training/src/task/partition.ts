import { type RandomStream, shuffle } from '@hearsay/catalogue/random'
import { z } from 'zod'
import { count } from './count.ts'
import { dirichlet, stream } from './random.ts'
import { TrainingError } from './training-error.ts'

export const partitionSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('iid') }).describe('shares of equal size, drawn at random'),
    z
      .strictObject({
        kind: z.literal('dirichlet'),
        alpha: z.number().min(0.001).max(1_000_000).describe('small: few classes a peer; large: nearly iid'),
      })
      .describe('each class is divided among peers in proportions drawn from Dirichlet(alpha) (Yurochkin et al. 2019)'),
    z
      .strictObject({
        kind: z.literal('shards'),
        perPeer: count('shards a peer gets; about as many classes', 1_000),
      })
      .describe('samples sorted by class, cut into equal shards, dealt at random (McMahan et al. 2017)'),
    z
      .strictObject({
        kind: z.literal('quantity'),
        alpha: z.number().min(0.001).max(1_000_000).describe('small: very unequal sizes; large: nearly equal'),
      })
      .describe('all classes everywhere, sizes of the shares drawn from Dirichlet(alpha)'),
  ])
  .describe(
    'how the training samples are divided among the peers, liars included; drawn again while a peer has less than a batch',
  )
export type PartitionSpec = z.output<typeof partitionSchema>

// As is usual with these partitions, a draw that leaves a peer without enough is drawn again (Li et al. 2022).
const drawsAtMost = 200

/**
 * Divides the training samples among peers: for each peer the indices of its samples, disjoint, all of them used.
 * A pure function of its arguments.
 *
 * @param labels class of each sample, 0 to 255
 * @param least samples that every peer must get (one batch)
 * @throws TrainingError `ERR_PARTITION_TOO_SMALL`
 */
export function partition(
  labels: Uint8Array,
  peers: number,
  spec: PartitionSpec,
  seed: number | string,
  least: number,
): Int32Array[] {
  if (peers * least > labels.length) {
    const problem = `${peers} peers with batches of ${least} need ${peers * least} training samples, have ${labels.length}`
    throw new TrainingError('ERR_PARTITION_TOO_SMALL', `${problem}; raise trainSamples or lower batchSize`)
  }
  for (let draw = 0; draw < drawsAtMost; draw++) {
    const shares = divide(labels, peers, spec, stream(seed, 'partition', draw))
    if (shares.every((share) => share.length >= least)) return shares
  }
  const what = 'alpha' in spec ? `${spec.kind} with alpha ${spec.alpha}` : spec.kind
  const problem = `partition ${what} left a peer with less than one batch of ${least} in each of ${drawsAtMost} draws`
  throw new TrainingError('ERR_PARTITION_TOO_SMALL', `${problem}; raise alpha or trainSamples, or lower batchSize`)
}

function divide(labels: Uint8Array, peers: number, spec: PartitionSpec, random: RandomStream): Int32Array[] {
  const order = shuffle(
    Int32Array.from(labels, (_, index) => index),
    random.integer,
  )
  switch (spec.kind) {
    case 'iid':
      return cut(order, equalShares(peers))
    case 'quantity':
      return cut(order, dirichlet(spec.alpha, peers, random))
    case 'dirichlet': {
      const classes = byClass(order, labels)
      const pieces = classes.map((members) => cut(members, dirichlet(spec.alpha, peers, random)))
      return equalShares(peers).map((_, peer) => concatenate(pieces.map((piece) => piece[peer]!)))
    }
    case 'shards': {
      const shards = cut(concatenate(byClass(order, labels)), equalShares(peers * spec.perPeer))
      const deal = shuffle(
        shards.map((_, index) => index),
        random.integer,
      )
      return equalShares(peers).map((_, peer) =>
        concatenate(deal.slice(peer * spec.perPeer, (peer + 1) * spec.perPeer).map((shard) => shards[shard]!)),
      )
    }
  }
}

function equalShares(count: number): number[] {
  return Array.from({ length: count }, () => 1 / count)
}

/** Cuts a list into consecutive pieces of the given proportions; every element is in one piece. */
function cut(list: Int32Array, proportions: number[]): Int32Array[] {
  let sum = 0
  let start = 0
  return proportions.map((proportion, index) => {
    sum += proportion
    const end = index === proportions.length - 1 ? list.length : Math.min(list.length, Math.round(sum * list.length))
    const piece = list.subarray(start, end)
    start = end
    return piece
  })
}

function byClass(order: Int32Array, labels: Uint8Array): Int32Array[] {
  const classes = [...new Set(labels)].sort((a, b) => a - b)
  return classes.map((label) => order.filter((index) => labels[index] === label))
}

function concatenate(lists: Int32Array[]): Int32Array {
  const whole = new Int32Array(lists.reduce((length, list) => length + list.length, 0))
  let offset = 0
  for (const list of lists) {
    whole.set(list, offset)
    offset += list.length
  }
  return whole
}
