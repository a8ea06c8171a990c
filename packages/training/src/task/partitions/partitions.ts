import { type Kind, type OptionValue, Registry } from '@hearsay/catalogue'
import { shuffle } from '@hearsay/catalogue/random'
import { memberSchemas } from '@hearsay/catalogue/schema'
import { z } from 'zod'
import { stream } from '../random.ts'
import { TrainingError } from '../training-error.ts'
import type { Partition, Sorted } from './partition.ts'
import * as shipped from './shipped.ts'

const partitionKind: Kind<'partition'> = {
  word: 'partition',
  nouns: ['partition', 'partitions'],
  functions: ['divide'],
  beside: ['kind'],
  error: (code, message) => new TrainingError(code, message),
}

/** All partitions by name. */
export const partitions = new Registry<Partition, 'partition'>(partitionKind, shipped)

/** One of them by name, with its options. */
export interface PartitionSpec {
  readonly kind: string
  readonly [option: string]: OptionValue
}

export const partitionSchema = () =>
  z
    .discriminatedUnion('kind', memberSchemas(partitions.values(), 'kind'))
    .describe(
      'how the training samples are divided among the peers, liars included unless `dataAmong` says otherwise; drawn again while a peer has less than a batch',
    ) as unknown as z.ZodType<PartitionSpec, PartitionSpec>

/** As is usual with these partitions, a draw that leaves a peer without enough is drawn again (Li et al. 2022). */
const mostDraws = 200

/**
 * Divides the training samples among peers: for each peer the indices of its samples, disjoint, all of them used.
 * A pure function of its arguments.
 *
 * @param least samples that every peer must get (one batch)
 * @throws TrainingError `partition-too-small`; `bad-partition` when the samples lack what it divides by, or a user's own
 *   gives something else
 */
export function partition(
  { count, labels, groups }: Sorted,
  peers: number,
  { kind, ...given }: PartitionSpec,
  seed: number | string,
  least: number,
): Int32Array[] {
  const { member, options } = partitions.resolve(kind, given)
  const sharing = member.whole ? 1 : peers
  if (sharing * least > count) {
    const who = member.whole ? `a peer with batches of ${least} needs` : `${peers} peers with batches of ${least} need`
    const problem = `${who} ${sharing * least} training samples, have ${count}`
    throw new TrainingError('partition-too-small', `${problem}; raise trainSamples or lower batchSize`)
  }
  checkSorts(member, { labels, groups })
  for (let draw = 0; draw < mostDraws; draw++) {
    const random = stream(seed, 'partition', draw)
    const order = shuffle(
      Int32Array.from({ length: count }, (_, index) => index),
      random.integer,
    )
    const shares = member.divide({ order, labels, groups }, peers, options, random)
    if (!partitions.ships(member)) checkShares(member, shares, peers, count)
    if (shares.every((share) => share.length >= least)) return [...shares]
  }
  const told = Object.entries(options).map(([name, value]) => `${name} ${value}`)
  const what = told.length === 0 ? kind : `${kind} with ${told.join(', ')}`
  const problem = `partition ${what} left a peer with less than one batch of ${least} in each of ${mostDraws} draws`
  const remedy = ['raise ', 'alpha' in options ? 'alpha or ' : '', 'trainSamples, or lower batchSize'].join('')
  throw new TrainingError('partition-too-small', `${problem}; ${remedy}`)
}

function checkSorts({ name, by }: Partition, { labels, groups }: Omit<Sorted, 'count'>): void {
  if (by === 'labels' && labels === undefined) {
    const problem = `partition ${name} divides by class, and what is learnt of these data is no class`
    throw new TrainingError('bad-partition', `${problem}; take iid, quantity or group`)
  }
  if (by === 'groups' && groups === undefined) {
    const problem = `partition ${name} needs to know whose each sample is, and these data do not say it`
    throw new TrainingError(
      'bad-partition',
      `${problem}; name their group column, as data.group, or take another partition`,
    )
  }
}

/** Every sample is given to one peer, once. */
function checkShares({ name }: Partition, shares: readonly Int32Array[], peers: number, samples: number): void {
  const lists = Array.isArray(shares) && shares.length === peers && shares.every((each) => each instanceof Int32Array)
  const indices = lists ? shares.flatMap((share) => [...share]) : []
  const whole = indices.length === samples && new Set(indices).size === samples
  if (whole && indices.every((index) => index >= 0 && index < samples)) return
  const due = `${peers} Int32Arrays in which every index from 0 to ${samples - 1} is once`
  throw new TrainingError('bad-partition', `Partition "${name}" must give ${due}.`)
}
