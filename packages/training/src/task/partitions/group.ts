import { shuffle } from '@hearsay/catalogue/random'
import { TrainingError } from '../training-error.ts'
import type { Partition } from './partition.ts'
import { bySort, concatenate } from './pieces.ts'

export const group: Partition<'group'> = {
  name: 'group',
  summary: 'whole groups (of a user, a hospital, a device), dealt so that sizes are about even',
  options: {},
  by: 'groups',
  divide({ order, groups }, peers, _options, random) {
    const whole = shuffle(bySort(order, groups!), random.integer)
    if (whole.length < peers) {
      const problem = `${peers} peers need as many groups, the training samples are of ${whole.length}`
      throw new TrainingError('partition-too-small', `${problem}; lower peers, or take another group column`)
    }
    // The largest first, each to who has least (Graham 1969); those of a size are in random order, and so are the peers.
    whole.sort((a, b) => b.length - a.length)
    const shares = Array.from({ length: peers }, () => ({ size: 0, pieces: [] as Int32Array[] }))
    for (const piece of whole) {
      const least = shares.reduce((best, share) => (share.size < best.size ? share : best))
      least.size += piece.length
      least.pieces.push(piece)
    }
    return shuffle(shares, random.integer).map(({ pieces }) => concatenate(pieces))
  },
}
